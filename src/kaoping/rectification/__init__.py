"""Rectification (督促整改): one fault, one case, one deduction; closed by a re-test or a named person's check.

Nouns: Case, CaseEntry, Reminder. Verbs: open cases from the ledger, serve, answer, check, close, remind.
Cases are opened by a job with a cursor on the ledger, never by a call from a sibling. The timeline only grows.
"""
