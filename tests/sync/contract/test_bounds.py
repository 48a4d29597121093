"""Nobody takes, and nobody writes, what goes beyond the bounds of a record."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from sync.contract import records
from sync.contract.errors import Code, Refusal
from sync.contract.shapes.values import ValueRecord

JOINT = f"330110.activity.{'a' * 32}"
VALUE: dict[str, Any] = {
    "id": f"330110.value.{'0' * 32}", "committee_id": "330110", "indicator": "ACTIVITIES_HELD", "month": "2026-05",
    "days": {"HALL_SESSION": [1] * 31}, "joint_ids": [JOINT], "watermark": 1_770_000_000_000,
    "mechanism_days": {"m": {"HALL_SESSION": [1] * 30}}, "computed_at": "2026-11-01T00:00:00Z",
}  # fmt: skip
COMMITTEE: dict[str, Any] = {
    "id": "330110", "name": "区政协", "short_name": "区", "level": "COUNTY", "parent_id": None, "state": "ACTIVE",
    "current_code": "330110",
}  # fmt: skip
PARTICIPATION: dict[str, Any] = {
    "id": f"330110.participation.{'0' * 32}", "committee_id": "330110", "activity_id": JOINT, "role": "ATTENDEE",
    "state": "PRESENT", "revision": 1,
}  # fmt: skip


OTHER = f"330110.activity.{'b' * 32}"


def parts(*numbers: int) -> dict[str, Any]:
    return {f"m{at}": {"HALL_SESSION": [number]} for at, number in enumerate(numbers)}


@pytest.mark.parametrize(
    "beyond",
    [
        {"days": {"HALL_SESSION": [-1]}}, {"days": {"HALL_SESSION": [2**31]}}, {"days": {"HALL_SESSION": [1] * 32}},
        {"days": {str(kind): [1] for kind in range(51)}}, {"month": "2026-05x"}, {"month": "2026-13"},
        {"month": "0999-01"}, {"month": "2026-05\n"}, {"mechanism_days": parts(2)}, {"mechanism_days": parts(1, 1)},
        {"mechanism_days": {"m": {"OTHER": [1]}}}, {"mechanism_days": {str(at): {} for at in range(101)}},
        {"mechanism_days": parts(-1)}, {"joint_ids": [JOINT] * 1_001}, {"joint_ids": ["x"]},
        {"joint_ids": [f"330110.venue.{'a' * 32}"]}, {"mechanism_joint_ids": {"m": [JOINT] * 1_001}},
        {"days": {"HALL_SESSION": [1]}, "mechanism_days": {"m": {"HALL_SESSION": [0, 0]}}},
        {"mechanism_joint_ids": {"m": [OTHER]}},
        {"mechanism_joint_ids": {"m": [JOINT], "n": [JOINT]}},
        {"joint_ids": [], "mechanism_joint_ids": {"m": [JOINT]}},
        {"computed_at": "9999-12-31T23:00:00Z"}, {"computed_at": "1899-12-31T00:00:00Z"}, {"watermark": 2**53},
    ],
    ids=str,
)  # fmt: skip
def test_a_figure_beyond_its_bounds_is_not_read(beyond: dict[str, Any]) -> None:
    records.read("value", VALUE)
    with pytest.raises(msgspec.ValidationError):
        records.read("value", VALUE | beyond)


def test_what_a_field_does_not_say_itself_holds_by_its_type() -> None:
    records.read("committee", COMMITTEE | {"name": "区" * 100_000})
    with pytest.raises(msgspec.ValidationError):
        records.read("committee", COMMITTEE | {"name": "区" * 100_001})
    for beyond in ({"revision": 2**31}, {"revision": -(2**31)}, {"checked_in_at": "3000-01-01T00:00:00Z"}):
        with pytest.raises(msgspec.ValidationError):
            records.read("participation", PARTICIPATION | beyond)


def test_what_nobody_would_take_is_refused_where_it_is_written_and_says_which_field() -> None:
    made: ValueRecord = records.read("value", VALUE)
    records.bounded(made)
    made.computed_at = dt.datetime(3000, 1, 1, tzinfo=dt.UTC)
    with pytest.raises(Refusal) as refused:
        records.bounded(made)
    assert (refused.value.code, refused.value.field) == (Code.BAD_VALUE, "computedAt")
