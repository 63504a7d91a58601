"""Files and texts that somebody else made: opened, read and shown so that none of them can fool, stop or break a tool.

Nouns: an ordinary file, a strict JSON text, the lines of a text, a strict table, a code, what is visible of a text.
Verbs: open and read (``opening``), write without overwriting (``writing``), read JSON and its lines (``strict_json``), read
CSV (``strict_csv``), read a filled-in table by its declaration (``sheet``), judge a code (``codes``), show (``visible``),
count what is written (``glyphs``). Each refusal says what is wrong and what to do.

Not here: what the content means (the reader of each format says so), uploads in the web (``support``).
"""
