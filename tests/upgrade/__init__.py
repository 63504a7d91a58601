"""Upgrades: what an earlier release kept is loaded, upgraded, compared row by row and opened. See docs/dev/upgrade.md."""
