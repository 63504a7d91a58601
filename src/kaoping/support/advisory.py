"""The advisory locks that this program takes in PostgreSQL, by number: one place, so that no two are the same.

Main database, ballots and opinions may share one database. Who holds one lock and opens a place that wants another would
wait for itself for ever if the two were one: PostgreSQL sees two sessions and no deadlock between them.
"""

from __future__ import annotations

from typing import Final

# Log and ledger grow one writer at a time; SQLite has one writer anyway. One lock for both: a verb that writes the ledger
# first and one that writes the log first never wait for each other.
APPENDING: Final = 0x6B616F70
# One process at a time prepares the tables of ballots and opinions.
BALLOT_TABLES: Final = 0x6B616F71
# One disposal of a material at a time.
DISPOSALS: Final = 0x73656C
