"""Between the socket and the application: bodies collected with a deadline and a size, then a thread of the right pool.

Nouns: limits, body, queue, pool, visitor. Verbs: ``collect`` a body, ``run`` in a pool, ``make_front``.

The server (granian) reads headers with a deadline of its own and hands the request over before its body; here the body
is waited for without a thread, the application runs in one of a few bounded pools, and the answer leaves the same way,
without a thread. Whoever sends slowly, or never reads, holds a connection until the deadline and nothing else.

Not here: which request goes to which pool (``kaoping.config``), what a request means. No Django.
"""

from kaoping.front.application import OTHERS, Plan, Rules, make_front
from kaoping.front.body import BodyRefused, Limits, collect
from kaoping.front.pools import Overloaded, Pool

__all__ = ["OTHERS", "BodyRefused", "Limits", "Overloaded", "Plan", "Pool", "Rules", "collect", "make_front"]
