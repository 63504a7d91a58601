"""Decisions of a campaign, pure: stages and gates, approval, self-review, review, appeals, sign-off, corrections.

Each module takes plain facts and answers with words in Chinese (why not) or null (may go on).
"""
