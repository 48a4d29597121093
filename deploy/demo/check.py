"""The main job, done for real on a running demo, step by step: `liandong demo --check`.

A city asks its thirteen districts; one is killed and its figures stay, labelled; it returns and catches up. Jiashan
shares an activity with its partners, moves it, cancels it; others never hold a byte of it, nor of what is private.
"""

import datetime as dt
import sqlite3
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

from deploy.demo import seeding
from deploy.demo.layout import Layout
from deploy.demo.scenes import DELTA, GATEWAY, HANGZHOU
from deploy.demo.signing_in import Refused, sign_in
from deploy.demo.supervisor import Supervisor
from sync.contract.instants import SHANGHAI

PATIENCE = 45.0
"""Seconds that anything may take to be seen elsewhere on a busy machine; it takes one or two."""
CITY, VICTIM, JIASHAN = "330100", "330110", "330421"
PARTNERS = ("310118", "320509")
CANARY = "绝不外传的内部碰头会"
_TOTALS = """
query ($from: Date!, $to: Date!) {
  statistics(at: {under: ["330100"]}, indicators: [ACTIVITIES_HELD, LEADER_ATTENDED], by: [COMMITTEE],
             from: $from, to: $to) {
    total { code value text coverage { total fresh stale missing } }
    fanout { complete asked answered sources(not: []) { committee { id shortName } state asOf rows } }
  }
}"""
_SEEN = """
query ($at: At, $read: Read!) {
  activities(at: $at, first: 100, fan: {read: $read}) { nodes { id title state startsAt changeNote } }
}"""


class CheckFailed(Exception):
    """A step did not come out as it must; says which, and what was seen instead."""


@dataclass
class Check:
    """One run of all steps."""

    layout: Layout
    supervisor: Supervisor
    say: Callable[[str], None]
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)

    def run(self) -> None:
        """Raises: CheckFailed, httpx2.HTTPError."""
        ids = {place.id for place in self.layout.places}
        if {place.id for place in HANGZHOU.places} <= ids:
            self._city()
        if {place.id for place in DELTA.places} <= ids:
            self._partners(others=[CITY] if CITY in ids else [])

    # ── a city and its districts ──

    def _city(self) -> None:
        told = self._until("十三个区县全部实时应答", self._totals, lambda t: _states(t) == {"FRESH": 13})
        before = _values(told)
        held, led = before["ACTIVITIES_HELD"], before["LEADER_ATTENDED"]
        self.say(f"1 市政协一次提问，13个区县实时应答：场次 {held}，党政领导到场 {led}")
        copies = _TOTALS.replace("to: $to)", "to: $to, fan: {read: REPLICA})")
        told_before = lambda: self._ask(CITY, copies, self._window())  # noqa: E731
        # Of a district whose logs were not all heard to their end nobody could say as of when its copies are.
        is_told = lambda t: _values(t) == before and all(each["asOf"] for each in _fanout(t)["sources"])  # noqa: E731
        self._until("各区县的数值已送达市政协", told_before, is_told)
        self.supervisor.stop(VICTIM, 9)
        self.say("2 余杭的进程被强行终止（kill -9）")
        told = self._until("12个实时、1个截至", self._totals, lambda t: _states(t) == {"FRESH": 12, "STALE": 1})
        if _values(told) != before:
            raise CheckFailed(f"一个区县离线后总数变了：{before} → {_values(told)}")
        [away] = [source for source in _fanout(told)["sources"] if source["state"] == "STALE"]
        text = told["statistics"]["total"][0]["text"]
        if away["asOf"] is None or "13/13 已计入，其中 12 实时" not in text:
            raise CheckFailed(f"离线的区县没有标明时间：{text}")
        self.say(
            f"3 同一提问：12 FRESH，1 STALE（{away['committee']['shortName']}，截至 {away['asOf']}），总数不变：{text}"
        )
        self.supervisor.start(VICTIM)
        self._until("余杭回来", self._totals, lambda t: _states(t) == {"FRESH": 13} and _values(t) == before)
        self.say("4 余杭重新启动，再次实时应答，总数不变")

    def _totals(self) -> dict[str, Any]:
        return self._ask(CITY, _TOTALS, self._window())

    def _window(self) -> dict[str, str]:
        today = dt.datetime.now(SHANGHAI).date()
        return {"from": (today - dt.timedelta(days=seeding.DAYS)).isoformat(), "to": today.isoformat()}

    # ── three partners ──

    def _partners(self, others: list[str]) -> None:
        mechanism = DELTA.mechanisms[0].id
        title = f"三地联席会议（检查 {uuid.uuid4().hex[:6]}）"
        starts = dt.datetime.now(dt.UTC) + dt.timedelta(days=9)
        id = self._publish(title, starts, [{"scope": "MECHANISM", "target": mechanism}])
        for partner in PARTNERS:
            self._see(partner, id, lambda row: row["state"] == "PUBLISHED")
        self.say("5 嘉善把一场联席会议共享给联动机制：青浦、吴江都已看到")
        later = starts + dt.timedelta(days=1)
        self._act("changeActivity", "$id: ID!, $note: String!, $startsAt: DateTime",
                  {"id": id, "note": "与县两会冲突", "startsAt": later.isoformat()})  # fmt: skip
        for partner in PARTNERS:
            self._see(partner, id, lambda row: dt.datetime.fromisoformat(row["startsAt"]) == later)
        self.say("6 改期：两个伙伴都看到了新时间和原因")
        self._act("cancelActivity", "$id: ID!, $reason: String!", {"id": id, "reason": "台风"})
        for partner in PARTNERS:
            self._see(partner, id, lambda row: (row["state"], row["changeNote"]) == ("CANCELLED", "台风"))
        self.say("7 取消：两个伙伴都看到已取消和原因")
        for other in others:
            self._unseen(other, id, title)
            self.say("8 杭州看不到这场会议：应答里没有，数据库文件里也没有")
        self._private(others)

    def _private(self, others: list[str]) -> None:
        private = self._publish(CANARY, dt.datetime.now(dt.UTC) + dt.timedelta(days=3), [])
        last = self._publish("随后的公开活动", dt.datetime.now(dt.UTC) + dt.timedelta(days=4), [{"scope": "OPEN"}])
        for partner in PARTNERS:
            self._see(partner, last, lambda row: row["state"] == "PUBLISHED")  # whatever was said before has come, too
        for place in self.layout.places:
            if place.id != JIASHAN:
                self._unseen(place.id, private, CANARY, is_home=place.id in (*others, *PARTNERS))
        self.say(f"9 不共享的活动不在其他{len(self.layout.places) - 1}家政协的应答或数据库文件里")

    def _publish(self, title: str, starts: dt.datetime, shares: list[dict[str, str]]) -> str:
        """An activity of Jiashan, drafted, reviewed and signed by those whose work that is."""
        activity = {"title": title, "kind": "JOINT_SESSION", "startsAt": starts.isoformat(), "place": "嘉善县会议中心"}
        made = self._act("draftActivity", "$activity: ActivityInput!, $shares: [ShareInput!]!",
                         {"activity": activity, "shares": shares})  # fmt: skip
        self._act("submitActivity", "$id: ID!", {"id": made["id"]})
        self._act("signOffActivity", "$id: ID!, $unclassified: Boolean!", {"id": made["id"], "unclassified": True},
                  role="secretary")  # fmt: skip
        return str(made["id"])

    def _see(self, home: str, id: str, as_wanted: Callable[[dict[str, Any]], bool]) -> None:
        """What the partner itself holds of it, in its own database, as its own people are shown it."""

        def look() -> dict[str, Any] | None:
            told = self._ask(home, _SEEN, {"at": {"ids": [JIASHAN]}, "read": "REPLICA"})
            return next((row for row in told["activities"]["nodes"] if row["id"] == id), None)

        self._until(f"{home} 看到 {id}", look, lambda row: row is not None and as_wanted(row))

    def _unseen(self, home: str, id: str, words: str, *, is_home: bool = True) -> None:
        if is_home:
            for read in ("LIVE", "REPLICA"):
                told = self._ask(home, _SEEN, {"at": {"ids": [JIASHAN]}, "read": read})
                if any(row["id"] == id for row in told["activities"]["nodes"]):
                    raise CheckFailed(f"{home} 的应答里有 {id}")
        held = _bytes_of(self.layout, home)
        if id.encode() in held or words.encode() in held:
            raise CheckFailed(f"{home} 的数据库文件里有 {words}")

    # ── asking ──

    def _act(self, name: str, types: str, variables: dict[str, Any], role: str = "clerk") -> dict[str, Any]:
        arguments = ", ".join(f"{each}: ${each}" for each in variables)
        document = f"mutation ($key: ID!, {types}) {{ done: {name}(key: $key, {arguments}) {{ id }} }}"
        told = self._ask(JIASHAN, document, variables | {"key": uuid.uuid4().hex}, role)
        return dict(told["done"])

    def _ask(self, home: str, document: str, variables: dict[str, Any], role: str = "clerk") -> dict[str, Any]:
        """Through the gateway, as somebody of `home`. Raises: CheckFailed, it answered with errors and no data."""
        answer = httpx2.post(
            f"{self.layout.gateway_url}/graphql", json={"query": document, "variables": variables}, timeout=20,
            headers={"Authorization": f"Bearer {self._token(home, role)}"},
        ).json()  # fmt: skip
        if not answer.get("data") or answer.get("errors"):
            raise CheckFailed(f"{home}: {answer.get('errors')}")
        return dict(answer["data"])

    def _token(self, home: str, role: str) -> str:
        token, until = self._tokens.get(f"{home} {role}", ("", 0.0))
        if time.monotonic() > until:
            token = sign_in(self.layout.url(home), role, seeding.PASSWORD, [GATEWAY])
            self._tokens[f"{home} {role}"] = token, time.monotonic() + 120
        return token

    def _until(self, what: str, look: Callable[[], Any], is_right: Callable[[Any], bool]) -> Any:
        """What was seen when it was right. Raises: CheckFailed, it did not come to be."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                seen: Any = look()
                if is_right(seen):
                    return seen
            except (CheckFailed, Refused, httpx2.HTTPError) as failed:
                seen = failed
            if time.monotonic() > until:
                raise CheckFailed(f"{what}：{PATIENCE:.0f} 秒内没有发生，最后看到 {seen}")
            time.sleep(0.2)


def _fanout(told: dict[str, Any]) -> dict[str, Any]:
    return dict(told["statistics"]["fanout"])


def _states(told: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for source in _fanout(told)["sources"]:
        found[source["state"]] = found.get(source["state"], 0) + 1
    return found


def _values(told: dict[str, Any]) -> dict[str, int]:
    return {each["code"]: each["value"] for each in told["statistics"]["total"]}


def _bytes_of(layout: Layout, committee: str) -> bytes:
    """Everything in the committee's database files, what is only in the write-ahead log included."""
    database = layout.database(committee)
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as reading:
        rows = (row for table in _tables(reading) for row in reading.execute(f'SELECT * FROM "{table}"'))  # noqa: S608
        dump = "\n".join(map(str, rows))
    return dump.encode() + b"".join(file.read_bytes() for file in database.parent.glob(f"{database.name}*"))


def _tables(reading: sqlite3.Connection) -> list[str]:
    found = reading.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_pairs%'")
    return [row[0] for row in found]
