"""For how long an answer is awaited, whichever way the question came."""

import pytest

from sync.bus.rpc import seconds


@pytest.mark.parametrize(
    ("told", "awaited"),
    [("250", 0.25), ("0", 0.0), ("60001", 60.0), ("9" * 19, 60.0), ("9" * 5_000, 10.0), ("", 10.0), ("-1", 10.0),
     ("1e3", 10.0), ("²", 10.0)],
)  # fmt: skip
def test_an_answer_is_awaited_as_long_as_was_said_and_at_most_a_minute(told: str, awaited: float) -> None:
    assert seconds(told) == awaited
