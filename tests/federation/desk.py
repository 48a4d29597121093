"""What the office of a running committee does over its interface, and what it counts."""

import datetime as dt
from typing import Any

from sync.contract.instants import day_of
from tests.federation.one_committee import Act, Committee

NOW = dt.datetime.now(dt.UTC)
TODAY = day_of(NOW)
SIGNED: dict[str, Any] = {"unclassified": True}
BY_ID, SIGN, OF_TOPIC = "$id: ID!", "$id: ID!, $unclassified: Boolean!", "$id: ID!, $topic: TopicInput!"


def in_force(at: Committee, template: str) -> str:
    """A procedure as its template says, signed."""
    id = at.act("clerk", "adoptProcedureTemplate", "$code: String!", code=template)["id"]
    return str(at.act("secretary", "enactProcedure", SIGN, id=id, **SIGNED)["id"])


def topic(title: str) -> dict[str, Any]:
    return {"title": title, "category": "COMMUNITY"}


def registered(titles: list[str], source: str = "PUBLIC") -> list[Act]:
    types = "$source: TopicSource!, $topic: TopicInput!, $report: TopicReportInput!"
    return [
        Act("registerTopic", types, {
            "source": source, "topic": topic(each), "report": {"words": f"反映：{each}"},
        })
        for each in titles
    ]  # fmt: skip


def accepted(at: Committee, titles: list[str], source: str = "PUBLIC") -> list[str]:
    """Topics that were raised and accepted, in the office's words."""
    ids = [each["id"] for each in at.acts("clerk", registered(titles, source))]
    told = zip(ids, titles, strict=True)
    at.acts("clerk", [Act("acceptTopic", OF_TOPIC, {"id": id, "topic": topic(title)}) for id, title in told])
    return ids


def selected(at: Committee, ids: list[str], **plan: Any) -> None:
    """From the store into hand, as the chairs decided."""
    types = "$id: ID!, $category: TopicCategory!"
    at.acts("clerk", [Act("storeTopic", types, {"id": id, "category": "COMMUNITY"}) for id in ids])
    decided = {"decidedBy": "主席会议", "decidedOn": str(TODAY)} | plan
    types = "$id: ID!, $plan: TopicPlanInput!"
    at.acts("clerk", [Act("selectTopic", types, {"id": id, "plan": decided}) for id in ids])


def held(
    at: Committee, kind: str, titles: list[str], report: dict[str, Any] | None = None, **told_more: Any
) -> list[str]:
    """Activities that took place yesterday, entered with their reports and signed; more is told of each, and of what
    came of it.
    """
    began = NOW - dt.timedelta(days=1)
    types = "$activity: ActivityInput!, $report: ReportInput!, $reason: String!, $shares: [ShareInput!]!"
    told = [
        {"title": each, "kind": kind, "startsAt": began.isoformat(), "place": "社区会议室",
         "endsAt": (began + dt.timedelta(hours=2)).isoformat()} | told_more
        for each in titles
    ]  # fmt: skip
    more = {"report": {"headcount": 20, "leaderPresent": True} | (report or {}), "reason": "现场记录补录", "shares": []}
    ids = [
        str(each["id"])
        for each in at.acts("clerk", [Act("backfillActivity", types, {"activity": one, **more}) for one in told])
    ]
    at.acts("secretary", [Act("signOffActivity", SIGN, {"id": id, **SIGNED}) for id in ids])
    return ids


def about(at: Committee, pairs: list[tuple[str, str]]) -> None:
    """Topic and activity belong together."""
    types = "$id: ID!, $activityId: ID!"
    at.acts("clerk", [Act("linkTopicActivity", types, {"id": id, "activityId": session}) for id, session in pairs])


def answered(at: Committee, ids: list[str]) -> None:
    types = "$id: ID!, $answer: String!"
    at.acts("clerk", [Act("resolveTopic", types, {"id": id, "answer": "已办结，见现场。"}) for id in ids])
    at.acts("secretary", [Act("answerTopic", SIGN, {"id": id, **SIGNED}) for id in ids])


def counted(at: Committee, indicator: str, kind: str | None = None) -> int:
    """What the committee counts of the last days, of one kind of rows or of all."""
    document = """query ($of: [IndicatorCode!]!, $from: Date!, $to: Date!) {
        values(indicators: $of, from: $from, to: $to) { days } }"""
    window = {"from": str(TODAY - dt.timedelta(9)), "to": str(TODAY)}
    found = at.data("clerk", document, of=[indicator], **window)["values"]
    return sum(
        sum(days) for each in found for its, days in each["days"].items() if kind in (None, its)
    )  # fmt: skip
