"""Bundles: a frozen year as files that an outsider verifies without a database, a network or this installation.

Nouns: bundle (file name to bytes), manifest, level of publication, verdict. Verbs: build, redact, cut to a level, write, read,
verify. No Django. A bundle carries its rulebook and the format and scorer versions that made it: frozen means frozen.
"""
