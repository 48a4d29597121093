"""What every test shares, and nothing heavy: whole federations live beside the tests that need them."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A build machine tries the same examples every time, so that a red build is red again on the next run. On a developer's
# machine the examples differ from run to run, and a failure prints how to repeat it. No clock decides in either.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("here", deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """A directory that outlives the run (ignored by git): screenshots, and logs of processes that failed."""
    kept = Path(__file__).resolve().parents[1] / ".ci" / "artifacts"
    kept.mkdir(parents=True, exist_ok=True)
    return kept


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: playwright keeps an event loop running in its process, beside which no other may run.

    `make test` keeps this order among its workers (`--no-loadscope-reorder`).
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
