"""A complete committee, restored from last week's backup, comes back without anybody editing anything, and its partners
end with its present state. With faults around it: tests/faults.
"""

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.federation.demos import Demo
from tests.federation.test_joint_session import JIASHAN, MECHANISM, QINGPU, WUJIANG, copy_of, held, published
from tests.waiting import until

pytestmark = [pytest.mark.federation, pytest.mark.timeout(900)]
CHANNEL = f"m_{MECHANISM.rpartition('.')[2]}"


def database(demo: Demo, id: str) -> Path:
    return Path(demo.committee(id)["database"])


def rows(file: Path, statement: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=20)) as opened:
        return opened.execute(statement, values).fetchall()


def copied(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target, timeout=20)) as two:
        one.backup(two)


def shared(demo: Demo) -> dict[str, int]:
    """What Jiashan shares with the mechanism now, by its own database: record → version."""
    told = rows(
        database(demo, JIASHAN), "SELECT record, version FROM shared_out WHERE channel = ? AND is_shared", CHANNEL
    )
    return dict(told)


def shown(demo: Demo, partner: str) -> dict[str, int]:
    """What a partner holds of it and has not hidden."""
    told = rows(
        database(demo, partner),
        "SELECT record, version FROM copy WHERE log = ? AND op = 'put' AND swept_at IS NULL AND state = 'SHOWN'",
        f"{JIASHAN}/{CHANNEL}",
    )
    return dict(told)


def agree(demo: Demo) -> bool:
    return shared(demo) == shown(demo, QINGPU) == shown(demo, WUJIANG)


def session(demo: Demo, title: str, day: int) -> str:
    return published(demo, title, dt.datetime.now(dt.UTC) + dt.timedelta(days=day))


def cancelled(demo: Demo, id: str) -> None:
    types = "$id: ID!, $reason: String!"
    demo.act(JIASHAN, "clerk", "cancelActivity", types, {"id": id, "reason": "改期"}, "state")


def test_a_committee_restored_from_last_weeks_backup_comes_back_by_itself(delta: Demo, tmp_path: Path) -> None:
    week = [session(delta, f"第{day}日联席", day) for day in range(2, 5)]
    for id in week:
        held(delta, QINGPU, id)
    backup = tmp_path / "last-week.db"
    copied(database(delta, JIASHAN), backup)
    cancelled(delta, week[0])
    later = [session(delta, f"备份之后第{day}日", day) for day in range(5, 9)]
    for partner in (QINGPU, WUJIANG):
        held(delta, partner, later[-1])
        until(lambda partner=partner: (copy_of(delta, partner, week[0]) or {}).get("state") == "CANCELLED", within=30)  # type: ignore[misc]
    [(epoch,)] = rows(database(delta, JIASHAN), "SELECT epoch FROM own_life")
    delta.run("kill", JIASHAN)
    copied(backup, database(delta, JIASHAN))
    assert not agree(delta), "partners know of a week that Jiashan has forgotten"
    delta.run("start", JIASHAN)

    def in_a_new_life() -> bool:
        return bool(rows(database(delta, JIASHAN), "SELECT 1 FROM own_life WHERE epoch > ?", epoch))

    until(in_a_new_life, within=90, what="it has found out that it was restored")
    until(lambda: agree(delta), within=90, what="partners show what Jiashan shares now")
    salvaged = {each for (each,) in rows(database(delta, JIASHAN), "SELECT CAST(body AS TEXT) FROM salvaged")}
    for id in later:
        assert any(id in each for each in salvaged), "what was forgotten is not lost: it came back from readers"
    fresh = session(delta, "恢复之后", 10)
    for partner in (QINGPU, WUJIANG):
        assert held(delta, partner, fresh)["title"] == "恢复之后"
    until(lambda: agree(delta), within=60)
    for id in shared(delta):
        if id.startswith(f"{JIASHAN}.activity."):
            assert copy_of(delta, QINGPU, id) == copy_of(delta, WUJIANG, id) is not None
