"""The fixture ``sparring_spotify``: this provider on a stage of the test's own."""

from sparring.harness.pytest_plugin import provider_fixture

sparring_spotify = provider_fixture("spotify")
