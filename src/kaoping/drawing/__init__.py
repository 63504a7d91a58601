"""Drawing: random spot checks (随机抽取) that nobody can steer and anybody can repeat.

Nouns: list by stratum, commitment, seed, ticket, draw result, protocol. Verbs: commit, draw, check a
protocol. Pure: the random number comes from the caller, SHA-256 does the rest.
"""

from kaoping.drawing.commitment import DrawError, commit, list_digest, seed_of
from kaoping.drawing.draw import (
    Drawn,
    DrawResult,
    check_protocol,
    draw,
    proportional_sizes,
    protocol,
)

__all__ = [
    "DrawError",
    "DrawResult",
    "Drawn",
    "check_protocol",
    "commit",
    "draw",
    "list_digest",
    "proportional_sizes",
    "protocol",
    "seed_of",
]
