"""One year's assessment (年度考核): plan and approval, self-review, blind review, preview, appeals, sign-off.

Nouns: Campaign, Priority, Participation, Approval, SelfReview, Answer, ReviewAssignment, ReviewScore, Sheet, Appeal, SignOff,
Correction.
Routine work does not belong to a campaign: it goes into the ledger, and the campaign selects from it by period.
Scores come from ``scoring.score`` only; a sheet stores its answer and is never edited.
"""
