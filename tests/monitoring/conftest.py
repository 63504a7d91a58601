from tests.monitoring.fixtures import look, world  # noqa: F401
