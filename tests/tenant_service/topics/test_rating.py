"""Whoever reported something rates the answer, and says once that it will not do; each part, if it became several."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.errors import Code
from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.topics import TopicState
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import handling_service as handling
from tenant_service.topics import queries, rating_queries, rating_service, rules, service
from tenant_service.topics import screening_service as screening
from tenant_service.topics.descriptions import Described
from tenant_service.topics.rules import PublicStep
from tests.tenant_service import places
from tests.tenant_service.told import told
from tests.tenant_service.topics.office import LIFTS, OPEN, Office
from tests.tenant_service.topics.test_reporting import DAYS, answered, handled, seen, sent

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.mark.practice(7)
def test_not_settled_reopens_once(office: Office, clock: places.Clock) -> None:
    id = sent(office, "AAAA")
    other = sent(office, "BBBB")
    handled(office, id)
    office.do(lambda unit: screening.merge(unit, office.clerk, other, id, "同一件事"))

    def no(code: Code, by: str = "AAAA", of: str = id) -> str:
        return office.refused(code, lambda unit: rating_service.unsettled(unit, by, of, "二单元没装", DAYS), id).zh

    assert "办理中" in no(Code.OUT_OF_TURN)
    answered(office, id, "不宜安装。")
    no(Code.NO_SUCH_CODE, "ZZZZ")
    no(Code.NOT_FOUND, of=other)
    clock.on(days=15)
    assert seen(office, "AAAA")[0].unsettled_until == dt.date(2026, 4, 16)
    office.do(lambda unit: rating_service.unsettled(unit, "AAAA", id, "还是没有电梯", DAYS))
    assert (office.row(id).state, office.row(id).reopened) == (TopicState.REOPENED, 1)
    assert office.steps(id)[-1] == ("unsettled", "REOPENED")
    (it,) = seen(office, "BBBB")
    assert (it.step, it.answer, it.is_open_again) == (PublicStep.HANDLED, "不宜安装。", True)
    no(Code.OUT_OF_TURN, "BBBB")
    answered(office, id, "改装座椅电梯。")
    assert "已提出过一次" in no(Code.UNSETTLED_SAID)
    clock.on(days=16)
    assert "2026-05-01" in no(Code.UNSETTLED_LATE, "BBBB")
    assert seen(office, "BBBB")[0].unsettled_until is None


def test_not_settled_is_said_with_what_is_not_settled(office: Office) -> None:
    id = sent(office, "AAAA")
    handled(office, id)
    answered(office, id, "不宜安装。")
    for words in ("", " \n "):
        empty = lambda unit, words=words: rating_service.unsettled(unit, "AAAA", id, words, DAYS)  # noqa: E731
        assert "请写明哪些没有解决" in office.refused(Code.BAD_VALUE, empty, id).zh


def test_each_part_of_a_split_report_has_its_own_rating_and_way_back_and_the_whole_says_what_follows(
    office: Office, clock: places.Clock
) -> None:
    id = sent(office, "AAAA")
    office.do(lambda unit: screening.accept(unit, office.clerk, id, LIFTS))
    halves = [Described("电梯"), Described("路灯")]
    lifts, lamps = (each.id for each in office.do(lambda unit: screening.split(unit, office.clerk, id, halves)))
    for part in (lifts, lamps):
        office.do(lambda unit, part=part: handling.handle(unit, office.clerk, part))  # type: ignore[misc]
        answered(office, part, "已装好。")

    def rate(part: str, rating: Satisfaction) -> None:
        office.do(lambda unit: rating_service.rate(unit, "AAAA", part, rating, None))

    def say(part: str) -> Callable[[Unit], None]:
        return lambda unit: rating_service.unsettled(unit, "AAAA", part, "三盏不亮", DAYS)

    def thinks() -> list[tuple[int | None, int | None]]:
        return [(each.satisfied, each.dissatisfied) for each in map(office.row, (lifts, lamps, id))]

    rate(lifts, Satisfaction.SATISFIED)
    assert (thinks(), [each.rating for each in seen(office, "AAAA")]) == (
        [(1, 0), (0, 0), (1, 0)], [Satisfaction.SATISFIED, None],
    )  # fmt: skip
    rate(lamps, Satisfaction.DISSATISFIED)
    assert thinks() == [(1, 0), (0, 1), (0, 1)], "dissatisfied with a part is not satisfied with the whole"
    office.refused(Code.NOT_FOUND, say(id), id, lifts, lamps)
    office.do(say(lamps))
    assert [office.row(each).state for each in (lifts, lamps)] == [TopicState.CLOSED, TopicState.REOPENED]
    assert [each.unsettled_words for each in seen(office, "AAAA")] == [None, "三盏不亮"]
    clock.on(days=1)
    answered(office, lamps, "全部换新。")
    assert thinks() == [(1, 0), (0, 0), (1, 0)], "what was said of the former answer does not count for the next"
    office.refused(Code.UNSETTLED_SAID, say(lamps), lamps)
    office.do(say(lifts))
    assert office.row(lifts).state is TopicState.REOPENED, "each part has a way back of its own"


def test_a_former_answers_rating_does_not_count_for_the_next_one(office: Office, clock: places.Clock) -> None:
    id = sent(office, "AAAA")
    handled(office, id)
    rate = lambda unit: rating_service.rate(unit, "AAAA", id, Satisfaction.DISSATISFIED, None)  # noqa: E731
    office.refused(Code.OUT_OF_TURN, rate, id)
    answered(office, id, "不宜安装。")
    office.do(rate)
    office.do(lambda unit: rating_service.unsettled(unit, "AAAA", id, "二单元没装", DAYS))
    clock.on(days=1)
    answered(office, id, "可以安装。")
    assert office.row(id).dissatisfied == 0
    assert seen(office, "AAAA")[0].rating is None


def test_saying_the_same_again_tells_nobody_and_the_words_of_not_settled_stay(office: Office) -> None:
    id = sent(office, "AAAA")
    handled(office, id)
    office.do(lambda unit: service.share(unit, office.secretary, office.directory, id, [OPEN]))
    answered(office, id, "好")

    def rate(rating: Satisfaction, remark: str | None = None) -> None:
        office.do(lambda unit: rating_service.rate(unit, "AAAA", id, rating, remark))

    rate(Satisfaction.SATISFIED)
    before = office.row(id).revision, len(told(office.units))
    for rating, remark in (
        (Satisfaction.SATISFIED, None),
        (Satisfaction.SATISFIED, "快"),
        (Satisfaction.BASICALLY, "快"),
    ):
        rate(rating, remark)
    assert (office.row(id).revision, len(told(office.units))) == before
    rate(Satisfaction.DISSATISFIED)
    assert office.row(id).revision == before[0] + 1
    office.do(lambda unit: rating_service.unsettled(unit, "AAAA", id, "二单元没装", DAYS))
    answered(office, id, "装了")
    rate(Satisfaction.SATISFIED)
    rate(Satisfaction.SATISFIED, "好了")
    with office.units.read() as unit:
        (said,) = rating_queries.of_topic(unit.session, queries.ours(unit.session, id))
    assert (said.rating.remark, said.rating.unsettled_words) == ("好了", "二单元没装")


@pytest.mark.seed(84)
def test_a_bus_link_that_stands_in_nine_days_says_so(office: Office, clock: places.Clock) -> None:
    """Days are counted in Asia/Shanghai, from the report to the answer that stands; one taken up again has none."""
    id = office.handled(OPEN)

    def days() -> int | None:
        told = office.row(id).record()
        return rules.days_to_answer(told.state, told.raised_at, told.closed_at)

    clock.on(days=9)
    assert days() is None
    office.do(lambda unit: handling.resolve(unit, office.clerk, id, "接驳公交已开通。"))
    office.do(lambda unit: handling.answer(unit, office.secretary, id, unclassified=True))
    assert days() == 9
    office.do(lambda unit: handling.reopen(unit, office.secretary, id, "末班车太早"))
    assert days() is None
