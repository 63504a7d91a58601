"""Public evaluation (社会评议): a poll, sealed ballots, the opening by two persons, tallies, opinions.

Nouns: Poll, OpeningShare, Opinion. Verbs: announce a poll, close and seal, open, tally, answer an opinion.
The desk has no read path to ballots before the opening: they are in a store of their own, written by the intake process.
``intake`` is the public door and imports nothing of the desk; ``ballotbox`` is the store.
"""
