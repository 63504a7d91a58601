"""People who sign in, and the audit log.

Nouns: Person, AuditEntry, ReplacedText, Actor, PasswordLink, KeptSession, KnownBrowser, SecondFactor. Verbs: create a
person, change the own password, end a session, switch off, enrol a second factor, record an act, merge what several people
edit and keep what a save replaces. ``city_sign_in`` knows the city's own sign-in. ``resting`` is the door of every verb that signs. Links are given by ``registry``.
The audit log keeps text and ids only, so that it outlives what it speaks about; the caller passes the sentence.
Who may do what is not decided here: appointments live in ``registry``, permissions in each app's ``policy``.
"""
