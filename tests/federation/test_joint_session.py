"""A joint session of three provinces, over real processes: people sign up at home, and all see what they should."""

import datetime as dt
from typing import Any

import httpx2
import pytest

from tests.federation.demos import Demo
from tests.waiting import until

JIASHAN, QINGPU, WUJIANG = "330421", "310118", "320509"
MECHANISM = "330421.mechanism.0192f0c0a1b27c3d8e4f5a6b7c8d9e0f"
pytestmark = [pytest.mark.federation, pytest.mark.timeout(720)]


def published(demo: Demo, title: str, starts: dt.datetime, capacity: int | None = None) -> str:
    """A session of Jiashan, signed off and shared with the mechanism."""
    activity: dict[str, Any] = {
        "title": title, "kind": "JOINT_SESSION", "startsAt": starts.isoformat(), "place": "嘉善", "capacity": capacity,
        "endsAt": (starts + dt.timedelta(hours=2)).isoformat(),
    }  # fmt: skip
    shares = [{"scope": "MECHANISM", "target": MECHANISM}]
    made = demo.act(
        JIASHAN, "clerk", "draftActivity", "$activity: ActivityInput!, $shares: [ShareInput!]!",
        {"activity": activity, "shares": shares}, "id approval",
    )  # fmt: skip
    assert made["approval"] == "DRAFTING"
    demo.act(JIASHAN, "clerk", "submitActivity", "$id: ID!", {"id": made["id"]}, "id")
    demo.act(
        JIASHAN, "secretary", "signOffActivity", "$id: ID!, $unclassified: Boolean!",
        {"id": made["id"], "unclassified": True}, "state",
    )  # fmt: skip
    return str(made["id"])


def copy_of(demo: Demo, home: str, id: str) -> dict[str, Any] | None:
    """What `home` itself holds of an activity of Jiashan."""
    document = """query ($at: At) { activities(at: $at, first: 100, fan: {read: REPLICA}) {
        nodes { id title state startsAt capacity changeNote } fanout { sources(not: []) { state } } } }"""
    found = demo.data(home, "clerk", document, {"at": {"ids": [JIASHAN]}})
    return next((row for row in found["activities"]["nodes"] if row["id"] == id), None)


def held(demo: Demo, home: str, id: str) -> dict[str, Any]:
    """The same, once it has come."""
    found: list[dict[str, Any]] = []

    def look() -> bool:
        row = copy_of(demo, home, id)
        found.extend([row] if row else [])
        return bool(found)

    until(look, within=30)
    return found[-1]


def requests_of(demo: Demo, home: str, subject: str) -> list[dict[str, Any]]:
    document = """query ($where: RequestFilter) { requests(where: $where) {
        nodes { id kind state code reasonZh resultId } } }"""
    nodes: list[dict[str, Any]] = demo.data(home, "clerk", document, {"where": {"subjectId": subject}})["requests"][
        "nodes"
    ]
    return nodes


def mine(demo: Demo, home: str, id: str) -> dict[str, Any] | None:
    """The member's own place as home knows it; None also while the line to the hub is not back yet."""
    document = "query ($id: ID!) { myParticipation(activityId: $id) { state checkedInAt } }"
    answer = demo.ask(home, "member", document, {"id": id})
    found: dict[str, Any] | None = (answer.get("data") or {}).get("myParticipation")
    return found


def test_members_of_partners_sign_up_at_home_and_the_last_waits(delta: Demo) -> None:
    id = published(delta, "联席会议：水环境联保", dt.datetime.now(dt.UTC) + dt.timedelta(days=3), capacity=1)
    for home in (QINGPU, WUJIANG):
        assert held(delta, home, id)["capacity"] == 1
    told = delta.act(QINGPU, "member", "signUp", "$activityId: ID!", {"activityId": id}, "id state kind")
    assert (told["state"], told["kind"]) == ("QUEUED", "SIGN_UP")
    until(lambda: [each["state"] for each in requests_of(delta, QINGPU, id)] == ["ACCEPTED"], within=30)
    delta.act(WUJIANG, "member", "signUp", "$activityId: ID!", {"activityId": id}, "id")
    until(lambda: (mine(delta, WUJIANG, id) or {}).get("state") == "WAITLISTED", within=30)
    document = "query ($id: ID!) { participations(activityId: $id) { homeId state name } }"
    rows = delta.data(JIASHAN, "clerk", document, {"id": id})["participations"]
    assert [(row["homeId"], row["state"]) for row in rows] == [(QINGPU, "REGISTERED"), (WUJIANG, "WAITLISTED")]
    assert all(row["name"] for row in rows)
    assert delta.data(JIASHAN, "member", document, {"id": id})["participations"] == [], "nobody reads others' names"


def test_a_withdrawal_moves_the_next_one_up_in_another_province(delta: Demo) -> None:
    id = published(delta, "联席会议：交通互联", dt.datetime.now(dt.UTC) + dt.timedelta(days=4), capacity=1)
    for home in (QINGPU, WUJIANG):
        held(delta, home, id)
    delta.act(QINGPU, "member", "signUp", "$activityId: ID!", {"activityId": id}, "id")
    until(lambda: (mine(delta, QINGPU, id) or {}).get("state") == "REGISTERED", within=30)
    delta.act(WUJIANG, "member", "signUp", "$activityId: ID!", {"activityId": id}, "id")
    until(lambda: (mine(delta, WUJIANG, id) or {}).get("state") == "WAITLISTED", within=30)
    delta.act(QINGPU, "member", "withdraw", "$activityId: ID!", {"activityId": id}, "id")
    until(lambda: (mine(delta, WUJIANG, id) or {}).get("state") == "REGISTERED", within=30)
    assert (mine(delta, QINGPU, id) or {}).get("state") == "WITHDRAWN"


def test_a_refusal_comes_back_with_its_reason_in_both_languages(delta: Demo) -> None:
    id = published(delta, "联席会议：产业协同", dt.datetime.now(dt.UTC) + dt.timedelta(days=5))
    held(delta, QINGPU, id)
    delta.act(JIASHAN, "clerk", "cancelActivity", "$id: ID!, $reason: String!", {"id": id, "reason": "台风"}, "state")
    delta.act(QINGPU, "member", "signUp", "$activityId: ID!", {"activityId": id}, "id")
    until(lambda: [each["state"] for each in requests_of(delta, QINGPU, id)] == ["REFUSED"], within=30)
    [told] = requests_of(delta, QINGPU, id)
    assert told["code"] == "OUT_OF_TURN"
    assert "已取消" in told["reasonZh"]
    assert mine(delta, QINGPU, id) is None


def test_leave_is_delivered_then_granted_by_the_host(delta: Demo) -> None:
    id = published(delta, "联席会议：文旅联动", dt.datetime.now(dt.UTC) + dt.timedelta(days=6))
    held(delta, QINGPU, id)
    delta.act(QINGPU, "member", "signUp", "$activityId: ID!", {"activityId": id}, "id")
    until(lambda: (mine(delta, QINGPU, id) or {}).get("state") == "REGISTERED", within=30)
    types, asked = "$activityId: ID!, $kind: LeaveKind!, $reason: String!", {"kind": "OFFICIAL", "reason": "出差"}
    delta.act(QINGPU, "member", "askLeave", types, {"activityId": id, **asked}, "id")

    def states() -> dict[str, str]:
        return {each["kind"]: each["state"] for each in requests_of(delta, QINGPU, id)}

    until(lambda: states() == {"SIGN_UP": "ACCEPTED", "LEAVE": "DELIVERED"}, within=30)
    document = "query ($id: ID!) { participations(activityId: $id) { id state } }"
    [row] = delta.data(JIASHAN, "clerk", document, {"id": id})["participations"]
    delta.act(JIASHAN, "clerk", "decideLeave", "$id: ID!, $granted: Boolean!", {"id": row["id"], "granted": True}, "id")
    until(lambda: states()["LEAVE"] == "ACCEPTED", within=30)
    assert (mine(delta, QINGPU, id) or {}).get("state") == "ON_LEAVE"


@pytest.mark.practice(10)
def test_a_code_made_at_home_checks_in_at_the_host_with_the_line_cut(delta: Demo) -> None:
    starts = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30)
    id = published(delta, "联席会议：现场签到", starts)
    held(delta, QINGPU, id)
    delta.act(QINGPU, "member", "signUp", "$activityId: ID!", {"activityId": id}, "id")
    until(lambda: (mine(delta, QINGPU, id) or {}).get("state") == "REGISTERED", within=30)
    document = "query ($id: ID!) { checkInCode(activityId: $id) }"
    code = delta.data(QINGPU, "member", document, {"id": id})["checkInCode"]
    delta.run("kill", "hub")
    check = """mutation ($key: ID!, $id: ID!, $code: String!) {
        checkInByCode(key: $key, activityId: $id, code: $code) { state } }"""
    told = delta.ask(JIASHAN, "clerk", check, {"key": "once", "id": id, "code": code}, gateway=False)
    assert told["data"]["checkInByCode"]["state"] == "PRESENT", told
    again = delta.ask(JIASHAN, "clerk", check, {"key": "twice", "id": id, "code": code}, gateway=False)
    assert again["errors"][0]["extensions"]["code"] == "CODE_USED"
    same = delta.ask(JIASHAN, "clerk", check, {"key": "once", "id": id, "code": code}, gateway=False)
    assert same["data"] == told["data"], "asked twice with one key, it was done once"
    delta.run("start", "hub")
    until(lambda: (mine(delta, QINGPU, id) or {}).get("state") == "PRESENT", within=40)


def test_a_foreign_token_changes_nothing_here(delta: Demo) -> None:
    """Qingpu's secretary asks Jiashan itself."""
    token = delta.token(QINGPU, "secretary")

    before = delta.data(JIASHAN, "clerk", '{ activities(at: {ids: ["330421"]}) { totalCount } }')
    told = httpx2.post(
        f"{delta.committee(JIASHAN)['url']}/graphql", headers={"Authorization": f"Bearer {token}"}, timeout=20,
        json={"query": 'mutation { submitActivity(key: "x", id: "y") { id } }'},
    ).json()  # fmt: skip
    assert told["errors"][0]["extensions"]["code"] in ("BAD_TOKEN", "FORBIDDEN")
    assert delta.data(JIASHAN, "clerk", '{ activities(at: {ids: ["330421"]}) { totalCount } }') == before
