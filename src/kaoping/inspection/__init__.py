"""Visits (实地查看) and spot-check draws (随机抽查).

Nouns: Draw, Visit. Verbs: commit and run a draw, record a visit with its photo.
A visit is one observation recorded by hand; the photo is an artefact.
"""
