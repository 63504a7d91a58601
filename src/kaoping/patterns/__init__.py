"""The one door for patterns that meet text from outside: uploads, imports, crawled pages, typed words.

Noun: a linear pattern. Verb: ``linear(pattern)``. Python's own ``re`` tries alternatives one after another and can need
time that grows with the square of the text or worse, holding the interpreter all the while; one file of blank lines then
stops everybody. RE2 walks the text once whatever the pattern, so the door is safe by construction. It refuses what no
such machine can do: look-around, back references, repeats over 1000.

Not here: what a pattern means (its own module says so), limits of length (the reader of the text sets them).
"""

from kaoping.patterns.linear import Found, Pattern, PatternError, linear

__all__ = ["Found", "Pattern", "PatternError", "linear"]
