"""The year, one stage a file; each has ``walk(journey)``."""
