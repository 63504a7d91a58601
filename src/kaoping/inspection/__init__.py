"""Visits (实地查看) and spot-check draws (随机抽查).

Nouns: Draw, Visit, Place. Verbs: commit and run a draw, record a visit with its photo, name another spelling of a place.
A visit is one observation recorded by hand; the photo is an artefact.
"""
