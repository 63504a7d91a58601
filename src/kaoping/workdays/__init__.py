"""Working days as this installation knows them: what the office entered, over what ships with the program.

Nouns: Arrangement (what the yearly notice says, as entered), DateNotice (a date that was told and became later), Move (a date that
would change). Verbs: none here; ``kaoping.deadlines`` enters an arrangement, because that moves dates of every activity. Everybody
who counts working days asks ``queries.calendar(now)``, the one door, and passes the calendar on; the engine never asks.
"""
