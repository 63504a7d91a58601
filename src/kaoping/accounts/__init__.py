"""People who sign in, and the audit log.

Nouns: Person, AuditEntry, ReplacedText, Actor. Verbs: create a person, set or reset a password, switch off, record an act,
merge what several people edit and keep what a save replaces.
The audit log keeps text and ids only, so that it outlives what it speaks about; the caller passes the sentence.
Who may do what is not decided here: appointments live in ``registry``, permissions in each app's ``policy``.
"""
