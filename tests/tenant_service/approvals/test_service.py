"""What left at once is reviewed by whoever signs; the record that left stays as it is until somebody changes it."""

import datetime as dt
from collections.abc import Callable

import pytest

from sync.contract.errors import Code
from sync.contract.shapes.activities import ActivityState
from sync.contract.trust.directory import Directory
from tenant_service.activities import service as activities
from tenant_service.approvals import queries, service
from tenant_service.identity import accounts
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.signing import queries as signing
from tenant_service.signing.rules import AtOnce, ReviewAct, ReviewState
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.activities.test_life import PARENT, REPORT, Office
from tests.tenant_service.told import told

DEPUTY = places.staff(places.JIASHAN, Role.DEPUTY_SECRETARY)


@pytest.fixture
def office(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Office:
    return Office(units, directory, clerk, secretary)


def cancelled(office: Office, by: Actor) -> str:
    id = office.published(PARENT)
    office.do(lambda unit: activities.cancel(unit, by, id, "场地停电"))
    return id


def review_of(office: Office, id: str) -> signing.Review:
    """The last one of a record."""
    with office.units.read() as unit:
        return signing.reviews_of(unit.session, id)[-1]


def said(office: Office, id: str) -> list[tuple[str, str, str | None]]:
    return [(step.sub, step.now, step.because) for step in review_of(office, id).steps]


def waiting(office: Office, actor: Actor) -> tuple[int, int]:
    """What the actor is to review, and what of theirs was objected to."""
    with office.units.read() as unit:
        return queries.waiting(unit.session, actor), queries.objected(unit.session, actor)


@pytest.mark.practice(3)
def test_what_a_clerk_cancels_goes_at_once_and_whoever_signs_confirms_it_after(office: Office) -> None:
    clerk, secretary = office.clerk, office.secretary
    id = cancelled(office, clerk)
    heard = told(office.units)
    assert heard[-1].data["state"] == ActivityState.CANCELLED, "it waits for nobody"
    found = review_of(office, id)
    assert (found.row.act, found.row.did_by, found.row.because) == (AtOnce.ACTIVITY_CANCEL, clerk.sub, "场地停电")
    assert (waiting(office, secretary), waiting(office, clerk)) == ((1, 0), (0, 0))
    review = found.row.id
    office.refused(Code.FORBIDDEN, lambda unit: service.confirm(unit, clerk, review))
    office.refused(Code.NEEDS_REASON, lambda unit: service.object_to(unit, secretary, review, " "))
    office.refused(Code.OUT_OF_TURN, lambda unit: service.settle(unit, clerk, review, "无异议可处理"))
    office.do(lambda unit: service.confirm(unit, secretary, review))
    assert said(office, id) == [(secretary.sub, ReviewState.CONFIRMED, None)]
    assert (waiting(office, secretary), told(office.units)) == ((0, 0), heard)
    office.refused(Code.OUT_OF_TURN, lambda unit: service.confirm(unit, secretary, review))


def test_an_objection_is_the_drafters_to_do_and_the_record_stays_until_it_is_changed_again(office: Office) -> None:
    clerk, secretary = office.clerk, office.secretary
    id = office.published(PARENT)
    tomorrow = places.SPRING + dt.timedelta(days=1)
    office.do(lambda unit: activities.change(unit, clerk, id, "嘉宾改期", starts_at=tomorrow))
    before = (office.row(id), told(office.units))
    review = review_of(office, id).row.id
    office.do(lambda unit: service.object_to(unit, secretary, review, "未报主席，请改回"))
    assert (office.row(id), told(office.units)) == before
    assert (waiting(office, secretary), waiting(office, clerk)) == ((0, 0), (0, 1))
    office.do(lambda unit: activities.change(unit, clerk, id, "改回原时间", starts_at=before[0]["ends_at"]))  # type: ignore[arg-type]
    with office.units.read() as unit:
        first, second = signing.reviews_of(unit.session, id)
    assert [(step.sub, step.now) for step in first.steps] == [
        (secretary.sub, ReviewState.OBJECTED), (clerk.sub, ReviewState.SETTLED)
    ]  # fmt: skip
    assert (second.row.state, waiting(office, clerk)) == (ReviewState.WAITING, (0, 0))


def test_an_objection_to_what_cannot_be_changed_any_more_is_settled_in_words_or_taken_back(office: Office) -> None:
    clerk, secretary = office.clerk, office.secretary
    id = cancelled(office, clerk)
    review = review_of(office, id).row.id
    office.do(lambda unit: service.confirm(unit, secretary, review))
    office.do(lambda unit: service.object_to(unit, secretary, review, "理由应写明"))
    office.do(lambda unit: service.settle(unit, clerk, review, "已电话说明"))
    assert said(office, id)[-1] == (clerk.sub, ReviewState.SETTLED, "已电话说明")
    other = cancelled(office, clerk)
    review = review_of(office, other).row.id
    office.do(lambda unit: service.object_to(unit, secretary, review, "未报"))
    office.do(lambda unit: service.confirm(unit, secretary, review))
    assert waiting(office, clerk) == (0, 0)


def test_nobody_reviews_what_they_did_themselves_but_who_signs_their_own(office: Office) -> None:
    of_deputy = review_of(office, cancelled(office, DEPUTY)).row
    assert of_deputy.state is ReviewState.WAITING
    office.refused(Code.OWN_DRAFT, lambda unit: service.confirm(unit, DEPUTY, of_deputy.id))
    own = cancelled(office, office.secretary)
    assert said(office, own) == [(office.secretary.sub, ReviewState.CONFIRMED, None)]


def test_a_closing_report_is_reviewed_where_somebody_outside_was_told(office: Office) -> None:
    def closed(act: Callable[[], str]) -> str:
        id = act()
        office.units.clock.on(days=8)  # type: ignore[attr-defined]
        office.do(lambda unit: activities.enter_closing(unit, office.clerk, id, REPORT))
        return id

    assert review_of(office, closed(lambda: office.published(PARENT))).row.act is AtOnce.ACTIVITY_CLOSE
    alone = closed(lambda: office.published([], starts_at=office.units.clock() + dt.timedelta(days=1), ends_at=None))
    with office.units.read() as unit:
        assert signing.reviews_of(unit.session, alone) == []


def test_a_member_is_told_of_no_review(office: Office, member: Actor) -> None:
    review = review_of(office, cancelled(office, office.clerk)).row.id

    def look(unit: Unit) -> object:
        return queries.one(unit.session, member, review)

    office.refused(Code.FORBIDDEN, look)
    office.refused(Code.FORBIDDEN, lambda unit: service.object_to(unit, member, review, "不该取消"))


def test_an_objection_is_settled_by_whoever_did_it_or_by_a_reviewer_once_that_account_is_closed(office: Office) -> None:
    draft = accounts.Draft("qian", "钱办事员", frozenset({Role.CLERK}))
    founder = accounts.founder(places.JIASHAN)
    made = office.do(lambda unit: accounts.create(unit, founder, draft, "x", must_change=False))
    qian, other = made.actor(places.JIASHAN), office.clerk  # type: ignore[attr-defined]
    review = review_of(office, cancelled(office, qian)).row.id
    office.do(lambda unit: service.object_to(unit, office.secretary, review, "理由应写明"))
    for who in (other, office.secretary):
        office.refused(Code.FORBIDDEN, lambda unit, who=who: service.settle(unit, who, review, "已说明"))  # type: ignore[misc]
        assert ReviewAct.SETTLE not in may(office, who, review)
    assert ReviewAct.SETTLE in may(office, qian, review)
    office.do(lambda unit: accounts.close(unit, founder, made.id, "已调离本岗位"))  # type: ignore[attr-defined]
    office.refused(Code.FORBIDDEN, lambda unit: service.settle(unit, other, review, "已说明"))
    office.do(lambda unit: service.settle(unit, office.secretary, review, "已电话说明"))


def may(office: Office, who: Actor, review: str) -> frozenset[ReviewAct]:
    with office.units.read() as unit:
        return queries.may(unit.session, who, [signing.review(unit.session, review)])[review]
