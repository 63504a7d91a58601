"""A planned year, for the tests of all audiences' screens."""

from tests.campaigns.conftest import year

__all__ = ["year"]
