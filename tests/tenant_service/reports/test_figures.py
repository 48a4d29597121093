"""The figures that committees publish of their reports and of what was recognised, counted from rows."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from sync.contract.shapes.recognitions import RecognitionKind, RecognitionLevel
from sync.contract.shapes.reports import ReportKind
from tenant_service.counting.rules import Tally
from tenant_service.reports import conversion_queries, figures_queries, service
from tenant_service.reports.recognition_service import Recognised
from tests.tenant_service import places
from tests.tenant_service.reports.office import PIECE, Office
from tests.tenant_service.reports.test_recognitions import DAY, confirmed, recorded
from tests.tenant_service.topics.office import Office as Topics

# Which rows are counted is the same on both databases; the rooms' other tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
Counts = Callable[[Session, dt.date, dt.date], list[Tally]]


def count(office: Office, counts: Counts) -> Counter[str]:
    with office.units.read() as unit:
        found: Counter[str] = Counter()
        for each in counts(unit.session, FIRST, LAST):
            found[each.kind] += each.number
        return found


def signed(office: Office, kind: ReportKind, number: int, advice: int = 0) -> list[str]:
    """So many signed reports of a kind that make so many suggestions altogether."""
    ids = []
    for at in range(number):
        some = advice // number + (at < advice % number)
        texts = tuple(f"建议{each}" for each in range(some))
        ids.append(office.signed(replace(PIECE, kind=kind, title=f"{kind.label}{at}", advice=texts)))
    return ids


@pytest.mark.seed(73, 74)
def test_29_pieces_of_information_and_9_reports_with_over_200_suggestions(office: Office) -> None:
    signed(office, ReportKind.OPINION_INFO, 29)
    signed(office, ReportKind.RESEARCH, 9, 204)
    office.submitted(), office.editing()
    assert count(office, figures_queries.reports) == {"OPINION_INFO": 29, "RESEARCH": 9}
    assert count(office, figures_queries.advice)["RESEARCH"] == 204


@pytest.mark.seed(76, 58)
def test_45_pieces_and_a_recommendation_with_six_aspects(office: Office) -> None:
    for kind, number in ((ReportKind.ADVICE, 20), (ReportKind.RESEARCH, 15), (ReportKind.SPEECH, 10)):
        signed(office, kind, number)
    signed(office, ReportKind.RECOMMENDATION, 1, 6)
    found = count(office, figures_queries.reports)
    assert found.pop("RECOMMENDATION") == 1
    assert sum(found.values()) == 45
    assert count(office, figures_queries.advice) == {"RECOMMENDATION": 6}


@pytest.mark.seed(77, 65)
def test_2_instructions_of_the_citys_main_leaders_and_31_of_the_districts(office: Office) -> None:
    def given(level: RecognitionLevel, number: int) -> None:
        for at in range(number):
            day = DAY - dt.timedelta(days=at)
            confirmed(office, Recognised(RecognitionKind.INSTRUCTION, level, day, f"专题{at}", favourable=True))

    given(RecognitionLevel.CITY_MAIN, 2)
    given(RecognitionLevel.DISTRICT_MAIN, 31)
    vice_mayor = Recognised(
        RecognitionKind.INSTRUCTION, RecognitionLevel.CITY_LEADER, DAY, "低收入群体共同富裕", favourable=True
    )
    confirmed(office, vice_mayor)
    recorded(office, replace(vice_mayor, title="尚未确认"))
    confirmed(office, replace(vice_mayor, level=RecognitionLevel.PROVINCE_LEADER, favourable=False))
    assert count(office, figures_queries.instructions) == {
        "CITY_MAIN": 2, "DISTRICT_MAIN": 31, "CITY_LEADER": 1, "PROVINCE_LEADER": 1,
    }  # fmt: skip
    assert count(office, figures_queries.favourable) == {"CITY_MAIN": 2, "DISTRICT_MAIN": 31, "CITY_LEADER": 1}


@pytest.mark.seed(78)
def test_16_special_reports_with_over_300_suggestions_and_14_positive_instructions(office: Office) -> None:
    ids = signed(office, ReportKind.SPECIAL, 16, 304)
    for id in ids[:13]:
        confirmed(
            office,
            Recognised(
                RecognitionKind.INSTRUCTION, RecognitionLevel.CITY_MAIN, DAY, subject_id=id, favourable=True
            ),
        )  # fmt: skip
    twice = Recognised(
        RecognitionKind.INSTRUCTION, RecognitionLevel.CITY_LEADER, DAY, subject_id=ids[0], favourable=True
    )
    confirmed(office, twice)
    assert count(office, figures_queries.reports) == {"SPECIAL": 16}, "each counts once"
    assert count(office, figures_queries.advice) == {"SPECIAL": 304}
    assert sum(count(office, figures_queries.favourable).values()) == 14


@pytest.mark.seed(79)
def test_15_suggestions_that_both_sides_adopted_are_15_and_not_30(office: Office) -> None:
    made = []
    for at in range(15):
        item = f"{places.JIASHAN}.item.{at:032}"
        for side in ("淳安县", "上城区"):
            what = Recognised(
                RecognitionKind.ADOPTION, RecognitionLevel.DISTRICT, DAY, f"帮共体建议{at}", subject_id=item, side=side
            )
            made.append(confirmed(office, what))
    assert len(made) == 30
    assert sum(count(office, figures_queries.adopted).values()) == 15


@pytest.mark.seed(80)
def test_cases_are_counted_by_level(office: Office) -> None:
    for level in (RecognitionLevel.NATION, RecognitionLevel.PROVINCE, RecognitionLevel.PROVINCE):
        at = len(count(office, figures_queries.cases))
        title = f"案例{level}{at}{sum(count(office, figures_queries.cases).values())}"
        confirmed(office, Recognised(RecognitionKind.MODEL_CASE, level, DAY, title, document="社会治理创新案例"))
    assert count(office, figures_queries.cases) == {"NATION": 1, "PROVINCE": 2}


@pytest.mark.seed(75)
def test_of_over_100_opinions_21_became_information_or_speeches(office: Office) -> None:
    topics = Topics.at(office.units)
    raised = [topics.raised() for _ in range(104)]
    kinds = [ReportKind.OPINION_INFO] * 12 + [ReportKind.SPEECH] * 9
    for source, kind in zip(raised, kinds, strict=False):
        office.handed_in(replace(PIECE, kind=kind, source_id=source))
    office.handed_in(replace(PIECE, source_id=raised[0], title="同一件意见的又一篇"))
    office.written(replace(PIECE, source_id=raised[50], title="还没有提交"))
    gone = office.written(replace(PIECE, source_id=raised[51], title="作废了"))
    office.do(lambda unit: service.discard(unit, office.clerk, gone))
    with office.units.read() as unit:
        found = conversion_queries.funnel(unit.session, FIRST, LAST)
    assert (found.raised, found.converted, found.made) == (104, 21, {"OPINION_INFO": 12, "SPEECH": 9})
