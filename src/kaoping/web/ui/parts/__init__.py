"""What screens are made of: frozen parts that a view fills and a template draws.

One file a family. A part names each thing that its template may ask for, with its type; what may be missing has a default.
"""
