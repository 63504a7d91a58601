"""Every date that rests on working days: what would move when a year's arrangement is entered, and the verbs that move them.

Nouns: Effect (what an entry would do). Verbs: enter an arrangement, withdraw one. It stands above the activities because it asks
each of them for its dates in one transaction; the arrangement itself lives in ``kaoping.workdays``.
"""
