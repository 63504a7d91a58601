"""A planned year for the desk's screens."""

from tests.campaigns.conftest import year

__all__ = ["year"]
