"""Rulebook versions: load, check, derive, compare, adopt.

Nouns: Rulebook (pure), RulebookVersion (an adopted copy, never changed). Verbs: adopt a rulebook, compare two.
A campaign names an adopted version, whose text is kept here whole, so that later files on disk change nothing.
"""
