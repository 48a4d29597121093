"""Rule 6 of the practice: totals from before the platform import as 期初数, always marked 汇总导入."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.values import IndicatorCode, ValueRecord
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.rooms import COUNTING
from tenant_service.signing.rules import Approval
from tenant_service.statistics import opening_queries as openings
from tenant_service.statistics import opening_service as service
from tenant_service.statistics import queries
from tenant_service.statistics.opening_rules import Days, days_told, never_distinct
from tenant_service.statistics.opening_service import Draft
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service.places import JIASHAN, staff
from tests.tenant_service.statistics.county import County

HELD, TIMES = IndicatorCode.ACTIVITIES_HELD, IndicatorCode.MEMBER_TIMES
IN_2020 = Days(dt.date(2020, 1, 1), dt.date(2020, 12, 31))
PAPER = "嘉协〔2021〕3号"


class Openings:
    """Jiashan enters what it counted before the platform."""

    def __init__(self, units: Units, clerk: Actor, secretary: Actor) -> None:
        self.units, self.clerk, self.secretary = units, clerk, secretary

    def do(self, act: Callable[[Unit], str]) -> str:
        with self.units.write() as unit:
            return act(unit)

    def enter(self, number: int, days: Days = IN_2020, kind: str = "", code: IndicatorCode = HELD) -> str:
        return self.do(lambda unit: service.enter(unit, self.clerk, COUNTING, Draft(code, days, number, PAPER, kind)))

    def submit(self, id: str) -> str:
        return self.do(lambda unit: service.submit(unit, self.clerk, id))

    def sign(self, id: str) -> str:
        return self.do(lambda unit: service.sign_off(unit, self.secretary, COUNTING, id, unclassified=True))

    def signed(self, number: int, days: Days = IN_2020, kind: str = "", code: IndicatorCode = HELD) -> str:
        return self.sign(self.submit(self.enter(number, days, kind, code)))

    def correct(self, id: str, number: int) -> str:
        return self.do(lambda unit: service.correct(unit, self.clerk, id, number, PAPER, "漏计乡镇场次"))

    def withdraw(self, id: str) -> str:
        return self.do(lambda unit: service.withdraw(unit, self.secretary, id, "与台账不符"))

    def refused(self, act: Callable[[], object]) -> Code:
        with self.units.read() as unit:
            before = [vars(each).copy() for each in openings.entries(unit.session, openings.Wanted())]
        with pytest.raises(Refusal) as refusal:
            act()
        with self.units.read() as unit:
            after = [vars(each).copy() for each in openings.entries(unit.session, openings.Wanted())]
        assert [{**each, "_sa_instance_state": 0} for each in after] == [
            {**each, "_sa_instance_state": 0} for each in before
        ], "a refusal leaves no trace"
        return refusal.value.code

    def imported(self, code: IndicatorCode, since: dt.date, until: dt.date) -> dict[str, dict[str, int]]:
        """What is told of an indicator's totals by the months of a window."""
        with self.units.read() as unit:
            found = queries.counted(unit, COUNTING, [code], since, until)
        return {days: kinds for each in found for days, kinds in (each.imported or {}).items()}


@pytest.fixture
def desk(units: Units, clerk: Actor, secretary: Actor) -> Openings:
    return Openings(units, clerk, secretary)


@pytest.mark.practice(6)
def test_rule_6_totals_from_before_the_platform_import_as_opening_figures_marked_as_imported(
    desk: Openings, county: County
) -> None:
    county.held(20)
    total = desk.enter(120)
    assert desk.imported(HELD, *IN_2020) == {}, "what nobody signed counts nothing"
    desk.sign(desk.submit(total))
    assert desk.imported(HELD, *IN_2020) == {"2020-01-01/2020-12-31": {"": 120}}
    assert county.count(HELD, (dt.date(2020, 1, 1), dt.date(2026, 4, 1))) == 1, "days hold rows alone"
    told = {each.month: each for each in of_months(county)}
    assert len(told) == 13, "every month that the total touches says that there is one, beside the month with the row"
    assert told["2020-06"].days == {}
    assert (told["2026-03"].imported, sum(told["2026-03"].days["HALL_SESSION"])) == (None, 1)
    county.publish()
    copies = {each.month: each.imported for each in county.copies().values() if each.indicator is HELD}
    assert copies["2020-06"] == {"2020-01-01/2020-12-31": {"": 120}}, "neighbours are told what of it is imported"
    assert county.publish() == 0

    correction = desk.correct(total, 125)
    assert desk.imported(HELD, *IN_2020) == {"2020-01-01/2020-12-31": {"": 120}}, "not before it is signed"
    assert desk.refused(lambda: desk.correct(total, 126)) is Code.ALREADY_DONE
    desk.sign(desk.submit(correction))
    assert desk.imported(HELD, *IN_2020) == {"2020-01-01/2020-12-31": {"": 125}}
    with county.units.read() as unit:
        entries = openings.entries(unit.session, openings.Wanted())
        assert sorted((each.number, each.source) for each in entries) == [(5, PAPER), (120, PAPER)], "history is kept"

    desk.withdraw(total)
    assert desk.imported(HELD, *IN_2020) == {}
    county.publish()
    assert all(not each.imported for each in county.copies().values()), "taken back from who was told"
    with county.units.read() as unit:
        kept = openings.entries(unit.session, openings.Wanted())
        assert {each.withdrawn_because for each in kept} == {"与台账不符"}
    desk.signed(118)
    assert desk.imported(HELD, *IN_2020) == {"2020-01-01/2020-12-31": {"": 118}}


def of_months(county: County) -> list[ValueRecord]:
    return [each for each in county.values() if each.indicator is HELD]


def test_what_is_entered_row_by_row_later_is_among_the_total_and_not_counted_again(
    desk: Openings, county: County
) -> None:
    desk.signed(3, Days(dt.date(2026, 1, 1), dt.date(2026, 2, 28)))
    county.held(60)  # 31 January
    assert desk.imported(HELD, dt.date(2026, 1, 1), dt.date(2026, 2, 28)) == {"2026-01-01/2026-02-28": {"": 2}}
    for days in (61, 62, 63):
        county.held(days)
    assert desk.imported(HELD, dt.date(2026, 1, 1), dt.date(2026, 2, 28)) == {}, "rows tell all of it, and more"


def test_a_total_ends_before_our_own_rows_begin_and_none_counts_what_another_does(
    desk: Openings, county: County, secretary: Actor
) -> None:
    def start(day: dt.date) -> None:
        with desk.units.write() as unit:
            service.choose_start(unit, secretary, day)

    county.held(60)  # 31 January 2026
    january = Days(dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    assert desk.refused(lambda: desk.enter(9, january)) is Code.OPENING_TOO_LATE
    desk.enter(9, Days(january.since, dt.date(2026, 1, 30)))
    assert desk.refused(lambda: start(dt.date(2026, 1, 30))) is Code.START_TOO_EARLY
    start(dt.date(2026, 3, 1))
    february = Days(dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    desk.enter(4, february, "HALL_SESSION")
    desk.enter(5, february, "STUDY")
    assert desk.refused(lambda: desk.enter(4, february, "STUDY")) is Code.OPENING_OVERLAPS
    assert desk.refused(lambda: desk.enter(4, february)) is Code.OPENING_OVERLAPS, "all kinds are among all kinds"
    desk.enter(40, february, code=TIMES)
    assert desk.refused(lambda: desk.enter(4, Days(dt.date(2026, 3, 1), dt.date(2026, 3, 1)))) is Code.OPENING_TOO_LATE


def test_stocks_and_persons_are_no_totals_and_what_is_entered_makes_sense(desk: Openings, clerk: Actor) -> None:
    assert desk.refused(lambda: desk.enter(4, code=IndicatorCode.VENUES_OPEN)) is Code.OPENING_NOT_TAKEN
    assert desk.refused(lambda: never_distinct("名")) is Code.OPENING_NOT_TAKEN
    never_distinct("人次")
    assert desk.refused(lambda: desk.enter(4, Days(IN_2020.until, IN_2020.since))) is Code.BAD_VALUE
    eleven_years = Days(dt.date(1990, 1, 1), dt.date(2000, 12, 31))
    assert desk.refused(lambda: desk.enter(4, eleven_years)) is Code.BAD_VALUE
    assert desk.refused(lambda: desk.enter(0)) is Code.BAD_VALUE
    assert desk.refused(lambda: desk.enter(4, kind="FARM")) is Code.BAD_VALUE
    waiting = desk.submit(desk.enter(4))
    desk.secretary = clerk
    assert desk.refused(lambda: desk.sign(waiting)) is Code.FORBIDDEN
    assert desk.refused(lambda: desk.withdraw(waiting)) is Code.FORBIDDEN


@pytest.mark.parametrize(
    ("told", "since", "until"),
    [
        ("2020年", "2020-01-01", "2020-12-31"), ("2020", "2020-01-01", "2020-12-31"),
        ("2020年2月", "2020-02-01", "2020-02-29"), ("2020-3", "2020-03-01", "2020-03-31"),
        ("2018-01-01至2020-06-30", "2018-01-01", "2020-06-30"), ("2018年 至 2019年", "2018-01-01", "2019-12-31"),
        ("2018/2020", "2018-01-01", "2020-12-31"), ("2018年3月～2019年1月", "2018-03-01", "2019-01-31"),
    ],
)  # fmt: skip
def test_a_period_is_read_as_papers_write_it(told: str, since: str, until: str) -> None:
    assert days_told(told) == Days(dt.date.fromisoformat(since), dt.date.fromisoformat(until))


@pytest.mark.parametrize("told", ["", "去年", "2020-13", "2020-02-30", "2018至", "1至2至3"])
def test_what_is_no_period_is_refused(told: str) -> None:
    with pytest.raises(Refusal) as refusal:
        days_told(told)
    assert refusal.value.code is Code.BAD_VALUE


def test_what_a_waiting_correction_was_reckoned_from_is_not_withdrawn(desk: Openings) -> None:
    total = desk.signed(100)
    first = desk.correct(total, 120)
    desk.sign(desk.submit(first))
    second = desk.correct(total, 90)
    assert desk.refused(lambda: desk.withdraw(first)) is Code.OUT_OF_TURN
    desk.sign(desk.submit(second))
    assert desk.imported(HELD, *IN_2020) == {"2020-01-01/2020-12-31": {"": 90}}


def test_who_words_a_total_anew_does_not_sign_it(desk: Openings) -> None:
    deputy = staff(JIASHAN, Role.DEPUTY_SECRETARY)
    id, told = desk.enter(1), Draft(HELD, IN_2020, 9_999, PAPER, "")
    desk.do(lambda unit: service.redraft(unit, deputy, COUNTING, id, told))
    desk.submit(id)
    sign = lambda: desk.do(lambda unit: service.sign_off(unit, deputy, COUNTING, id, unclassified=True))  # noqa: E731
    assert desk.refused(sign) is Code.OWN_DRAFT


def test_all_that_is_shown_is_signed_at_once_but_not_ones_own_and_not_what_was_filtered_away(desk: Openings) -> None:
    years = [Days(dt.date(year, 1, 1), dt.date(year, 12, 31)) for year in (2018, 2019, 2020)]
    shown, hidden = (desk.submit(desk.enter(100, days)) for days in years[:2])
    deputy = staff(JIASHAN, Role.DEPUTY_SECRETARY)
    draft = Draft(HELD, years[2], 90, PAPER)
    own = desk.do(lambda unit: service.submit(unit, desk.clerk, service.enter(unit, deputy, COUNTING, draft)))

    def sign(who: Actor, *ids: str) -> service.SignedAll:
        with desk.units.write() as unit:
            return service.sign_off_all(unit, who, COUNTING, ids, unclassified=True)

    assert desk.refused(lambda: sign(desk.clerk)) is Code.FORBIDDEN, "also where nothing waits"
    assert desk.refused(lambda: sign(deputy, own)) is Code.OWN_DRAFT
    assert sign(deputy, shown, own) == ((shown,), (own,))
    with desk.units.read() as unit:
        stands = {row.id: row.approval for row in openings.entries(unit.session, openings.Wanted())}
    assert stands == {shown: Approval.SIGNED, hidden: Approval.IN_REVIEW, own: Approval.IN_REVIEW}
    assert sign(deputy, shown) == ((), ()), "what is signed already stays so"
