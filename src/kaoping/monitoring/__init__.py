"""Online monitoring (在线监测): crawl a unit's site, check what was stored, confirm over time, record.

Nouns: Run, Finding, Sighting. Verbs: run, retest, confirm a batch, clear.
Raw verdicts stay in the run's columnar files. Only findings that failed three times over at least 48 hours and that a
person confirmed enter the ledger; "could not tell" never costs a point.
"""
