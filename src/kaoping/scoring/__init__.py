"""Scoring: observations in, explained points and grades out. Pure and exact.

Nouns: Unit, Observation, Indicator, Rubric, Period, Results. Verb: ``score``, the only path to a number (考核办法 第八条).
"""

from kaoping.scoring.scorer import score
from kaoping.scoring.selection import Period
from kaoping.scoring.sheet import Results

__all__ = ["Period", "Results", "score"]
