"""How each format version of the bundle is laid out and checked, one module a version.

A version is never changed once a bundle of it was published: a new layout is a new module beside the old ones.
"""
