"""A planned year for the read models."""

from tests.campaigns.conftest import year

__all__ = ["year"]
