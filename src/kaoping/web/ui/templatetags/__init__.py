"""Template tags of Kaoping's components; the catalogue is docs/dev/ui.md."""
