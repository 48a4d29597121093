"""A complete committee is set back to a backup under its partners: it comes back by itself, and all agree with it."""

import datetime as dt
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.federation.demos import Demo
from tests.federation.test_joint_session import JIASHAN, QINGPU, WUJIANG, copy_of, held, mine, published, requests_of
from tests.waiting import until

pytestmark = [pytest.mark.federation, pytest.mark.timeout(1200)]

PATIENT = 120.0
"""Seconds: readers that are in the directory and not on the line are given a minute to answer."""
_OWN = """query ($at: At) { activities(at: $at, first: 100) {
    nodes { id title state startsAt capacity changeNote } } }"""


def database(demo: Demo, id: str) -> Path:
    return demo.folder / "committees" / id / "tenant.db"


def copied(source: Path, target: Path) -> None:
    """A database as a backup takes it and puts it back: whole, and nothing of a journal beside it."""
    for each in (target, target.with_name(f"{target.name}-wal"), target.with_name(f"{target.name}-shm")):
        each.unlink(missing_ok=True)
    with sqlite3.connect(source) as one, sqlite3.connect(target) as two:
        one.backup(two)
    one.close()
    two.close()


def comes(look: Callable[[], Any], within: float = 40) -> None:
    """The committee and the line to it may still be on their way back."""

    def answered() -> bool:
        try:
            return bool(look())
        except (httpx2.HTTPError, AssertionError, KeyError):
            return False

    until(answered, within=within)


def agrees(demo: Demo, home: str, id: str) -> bool:
    """Whether `home` holds of an activity what Jiashan itself has."""
    return copy_of(demo, home, id) == own(demo, id)


def own(demo: Demo, id: str) -> dict[str, Any] | None:
    """The activity as Jiashan itself has it."""
    nodes = demo.data(JIASHAN, "clerk", _OWN, {"at": {"ids": [JIASHAN]}})["activities"]["nodes"]
    return next((row for row in nodes if row["id"] == id), None)


def sign_up(demo: Demo, home: str, activity: str) -> None:
    demo.act(home, "member", "signUp", "$activityId: ID!", {"activityId": activity}, "id")
    until(lambda: (mine(demo, home, activity) or {}).get("state") == "REGISTERED", within=40)


def test_every_partner_ends_with_the_state_of_a_committee_that_was_set_back(delta: Demo, tmp_path: Path) -> None:
    """Changed, made and signed up for since the backup: all of it is there again, at home and at the partners."""
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)
    changed = published(delta, "联席会议：备份之前", soon)
    for home in (QINGPU, WUJIANG):
        held(delta, home, changed)
    sign_up(delta, QINGPU, changed)
    backup = tmp_path / "jiashan.db"
    copied(database(delta, JIASHAN), backup)

    moved = {"id": changed, "note": "改在枫泾", "place": "枫泾"}
    delta.act(JIASHAN, "clerk", "changeActivity", "$id: ID!, $note: String!, $place: String", moved, "id")
    forgotten = published(delta, "联席会议：备份之后", soon + dt.timedelta(days=1))
    for home in (QINGPU, WUJIANG):
        held(delta, home, forgotten)
        comes(partial(agrees, delta, home, changed))
    sign_up(delta, WUJIANG, changed)
    sign_up(delta, QINGPU, forgotten)

    delta.run("stop", JIASHAN)
    copied(backup, database(delta, JIASHAN))
    delta.run("start", JIASHAN)

    comes(lambda: own(delta, forgotten), within=PATIENT)
    assert (own(delta, changed) or {})["changeNote"] == "改在枫泾"
    for home in (QINGPU, WUJIANG):
        for id in (changed, forgotten):
            comes(partial(agrees, delta, home, id))
    assert [(mine(delta, home, changed) or {}).get("state") for home in (QINGPU, WUJIANG)] == ["REGISTERED"] * 2
    assert (mine(delta, QINGPU, forgotten) or {}).get("state") == "REGISTERED"
    assert {each["state"] for each in requests_of(delta, WUJIANG, changed)} == {"ACCEPTED"}
    document = "query ($id: ID!) { participations(activityId: $id) { homeId state } }"
    rows = delta.data(JIASHAN, "clerk", document, {"id": changed})["participations"]
    assert sorted((row["homeId"], row["state"]) for row in rows) == [(QINGPU, "REGISTERED"), (WUJIANG, "REGISTERED")]
    with sqlite3.connect(database(delta, JIASHAN)) as opened:
        found = dict(opened.execute("SELECT record, outcome FROM recovered WHERE kind = 'activity'").fetchall())
        lives = [epoch for (epoch,) in opened.execute("SELECT epoch FROM own_life")]
    opened.close()
    assert found == {changed: "UPDATED", forgotten: "ANEW"}
    assert [each.partition("-")[0] for each in lives] == ["000002"]
