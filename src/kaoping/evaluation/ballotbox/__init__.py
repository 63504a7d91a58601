"""The ballot box: sealed ballots in a store of their own, apart from the desk. Free of Django.

Nouns: poll (its published file), sealed ballot (opaque payload), receipt, seal, share of the key, opinion.
Verbs: add a batch durably, seal at closing, look up a receipt, open with two shares, forward opinions. It
keeps no address, no time of arrival and no unit of a ballot, and nothing that links an opinion to a ballot or
its receipt.
"""
