"""Verbs of a campaign, one noun a file: setting_up, plan, approval, stages, self_review, applicability, review, sheet, appeal, sign_off.

Each verb takes ``actor`` and ``now``, asks the policy, lets the logic decide, writes in one transaction, leaves one
audit line. A refusal is raised as ``Refused`` in words, after its own audit line.
"""
