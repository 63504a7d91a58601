"""The append-only ledger of observations and the artefacts that prove them.

Nouns: Observation, Artefact, Destruction. Verbs: record, withdraw, store an artefact, destroy its bytes (two persons).
Activities write here and read here, and so never import each other. A correction is a new row that supersedes.
"""
