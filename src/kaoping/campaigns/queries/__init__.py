"""Reads of a campaign, one noun a file: campaign, items, self_review, review, sheet, appeal. No writes.

The number of queries does not grow with the number of units.
"""
