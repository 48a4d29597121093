"""The same faults over the committees' real tables: outbox, own logs, inbox and projector on SQLite."""

import pytest

from tests.simulator.chunks import SCHEDULES, chunks, failures, named
from tests.simulator.tables import play_on_tables


@pytest.mark.parametrize("seeds", chunks(0, 1, max(SCHEDULES // 50, 1), 5), ids=named)
def test_whatever_fails_every_entitled_reader_shows_what_is_shared(seeds: range) -> None:
    assert not failures(seeds, play_on_tables, " --tables")
