"""Verbs of the public evaluation, one noun a file: poll (announce it), box (seal it, open it), opinions (collect, answer).

What can still become of a poll that was announced and has not begun is ``unopened``.
"""
