"""Verbs of rectification, one noun a file: opening (from the ledger), order (revise, serve), unit (answer, ask),
closing (check, close), reminder. The timeline only grows; every verb leaves one entry and one audit line.
"""
