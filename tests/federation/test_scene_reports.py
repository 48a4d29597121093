"""Scenes 12 and 13: Shangjie has 29 pieces of opinion information and 9 research reports with over 200 suggestions;
Qiantang's reports have 2 instructions of the city's main leaders and 31 of the district's. Every figure is one that the
committee counts from its rows.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.contract.instants import day_of
from tenant_service.identity.accounts import Draft
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Unit
from tests.federation.one_committee import Act, Committee, person, serving

pytestmark = [pytest.mark.federation, pytest.mark.timeout(240)]
SIGNED: dict[str, Any] = {"unclassified": True}
SUGGESTIONS = 204
"""“200余条”; how many each report makes is invented."""


def opens(unit: Unit) -> Iterator[Draft]:
    yield Draft("clerk", "办公室", frozenset({Role.CLERK}))
    yield Draft("secretary", "秘书长", frozenset({Role.SECRETARY}))
    for name in ("甲委员", "乙委员"):
        yield Draft(name, name, frozenset({Role.MEMBER}), person(unit, name))


@pytest.fixture
def shangjie(tmp_path: Path) -> Iterator[Committee]:
    with serving(tmp_path, "410106", "郑州市上街区政协", opens) as committee:
        yield committee


@pytest.fixture
def qiantang(tmp_path: Path) -> Iterator[Committee]:
    with serving(tmp_path, "330114", "杭州市钱塘区政协", opens) as committee:
        yield committee


# ── what people do ──


def written(at: Committee, who: str, reports: list[dict[str, Any]]) -> list[str]:
    acts = [Act("writeReport", "$report: WrittenReportInput!", {"report": each}) for each in reports]
    return [each["id"] for each in at.acts(who, acts)]


def signed(at: Committee, who: str, ids: list[str]) -> None:
    """提交 → 初审 → 送审 → 签发, each by whoever does it."""
    for by, name in ((who, "handInReport"), ("clerk", "takeOnReport"), ("clerk", "submitReport")):
        at.acts(by, [Act(name, "$id: ID!", {"id": id}) for id in ids])
    types = "$id: ID!, $unclassified: Boolean!"
    at.acts("secretary", [Act("signOffReport", types, {"id": id, **SIGNED}) for id in ids])


def recognised(at: Committee, given: list[dict[str, Any]]) -> None:
    types = "$recognition: RecognitionInput!"
    made = at.acts("clerk", [Act("recordRecognition", types, {"recognition": each}) for each in given])
    types = "$id: ID!, $unclassified: Boolean!"
    at.acts("secretary", [Act("confirmRecognition", types, {"id": each["id"], **SIGNED}) for each in made])


def counted(at: Committee, indicator: str) -> dict[str, int]:
    """Kind → what the committee counts of it, in the last sixty days."""
    today = day_of(dt.datetime.now(dt.UTC))
    document = """query ($of: [IndicatorCode!]!, $from: Date!, $to: Date!) {
        values(indicators: $of, from: $from, to: $to) { days } }"""
    told = {"from": str(today - dt.timedelta(60)), "to": str(today)}
    found: dict[str, int] = {}
    for each in at.data("clerk", document, of=[indicator], **told)["values"]:
        for kind, days in each["days"].items():
            found[kind] = found.get(kind, 0) + sum(days)
    return {kind: number for kind, number in found.items() if number}


# ── the scenes ──


@pytest.mark.seed(73, 74)
def test_29_pieces_and_9_reports_with_over_200_suggestions(shangjie: Committee) -> None:
    info = {"kind": "OPINION_INFO", "text": "群众反映集中。", "authors": ["乙委员"]}
    pieces = written(shangjie, "甲委员", [info | {"title": f"社情民意{number}"} for number in range(29)])
    signed(shangjie, "甲委员", pieces)
    per_report = [SUGGESTIONS // 9 + (number < SUGGESTIONS % 9) for number in range(9)]
    reports = [
        {"kind": "RESEARCH", "title": f"调研{number}", "text": "调研情况。", "authors": ["提案委"],
         "advice": [f"建议{each}" for each in range(many)]}
        for number, many in enumerate(per_report)
    ]  # fmt: skip
    signed(shangjie, "clerk", written(shangjie, "clerk", reports))
    assert counted(shangjie, "REPORTS") == {"OPINION_INFO": 29, "RESEARCH": 9}
    assert counted(shangjie, "REPORT_ADVICE") == {"RESEARCH": SUGGESTIONS}
    last = shangjie.data("乙委员", f'{{ report(id: "{pieces[-1]}") {{ number authors }} }}')["report"]
    assert last == {"number": "《社情民意》第29期", "authors": ["甲委员", "乙委员"]}
    assert shangjie.data("", "{ reports { totalCount } }")["reports"]["totalCount"] == 0, "shared with nobody yet"


@pytest.mark.seed(77)
def test_2_instructions_of_the_citys_and_31_of_the_districts_main_leaders(qiantang: Committee) -> None:
    report = {"kind": "SPECIAL", "title": "科学城建设", "text": "专题报告。", "authors": ["经科委"]}
    [id] = written(qiantang, "clerk", [report])
    signed(qiantang, "clerk", [id])
    today = day_of(dt.datetime.now(dt.UTC))
    given = [
        {"kind": "INSTRUCTION", "level": level, "day": str(today - dt.timedelta(number)), "favourable": True,
         "subjectId": id}
        for level, many in (("CITY_MAIN", 2), ("DISTRICT_MAIN", 31)) for number in range(many)
    ]  # fmt: skip
    recognised(qiantang, given)
    assert counted(qiantang, "INSTRUCTIONS") == {"CITY_MAIN": 2, "DISTRICT_MAIN": 31}
    assert counted(qiantang, "INSTRUCTIONS_FAVOURABLE") == {"CITY_MAIN": 2, "DISTRICT_MAIN": 31}
    assert counted(qiantang, "REPORTS") == {"SPECIAL": 1}
    again = qiantang.refused("clerk", "recordRecognition", "$recognition: RecognitionInput!", recognition=given[0])
    assert again["code"] == "ALREADY_DONE"
    page = qiantang.browser("secretary").go("/recognitions?level=CITY_MAIN")
    assert page.text.count("市主要领导") >= 2
