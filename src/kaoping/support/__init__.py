"""A few thin files that every app above may use: the clock, background jobs, stored files, configuration values.

Nothing here knows what Kaoping is about. A new file needs a reason; there is no ``utils``.
"""
