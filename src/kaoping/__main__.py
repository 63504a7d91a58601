"""``python -m kaoping`` is the command ``kaoping``."""

from kaoping.cli.main import entry

if __name__ == "__main__":
    entry()
