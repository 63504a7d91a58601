"""Journeys: real processes, a real browser, nobody touches the database."""
