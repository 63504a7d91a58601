"""Releases: approve, freeze, publish, withdraw; the shelf that the outside face reads; bundles and their verification.

Nouns: Release, Withdrawal. Verbs: freeze, publish, withdraw. A release is immutable; a correction is another release.
``bundle`` and ``shelf`` know nothing of Django, so that an outsider verifies without a database.
"""
