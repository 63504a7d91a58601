"""Verbs of monitoring, one noun a file: runs (start, schedule, perform), findings (confirm, clear), retest.

``sighting`` is what runs and re-tests share: from answers to findings. No machine confirms; a person does.
"""
