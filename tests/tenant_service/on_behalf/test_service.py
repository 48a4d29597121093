"""代录: whoever entered it is named, the member confirms or objects, and an objection ends in words."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.participations import ParticipationState as At
from sync.contract.shapes.requests import RequestKind
from sync.contract.trust.directory import Directory
from tenant_service.attendance import asking_service
from tenant_service.attendance import service as attendance
from tenant_service.attendance.service import Invited
from tenant_service.identity.actor import Actor
from tenant_service.identity.models import AuditRow
from tenant_service.identity.policy import Role
from tenant_service.notifications.rules import NotificationKind
from tenant_service.on_behalf import queries, service
from tenant_service.on_behalf.models import EntryRow
from tenant_service.on_behalf.rules import Entered, EntryState
from tenant_service.requests.service import Asked
from tenant_service.storage.unit_of_work import Unit, Units
from tests.tenant_service import places
from tests.tenant_service.attendance.test_taking_part import Desk, person
from tests.tenant_service.notifications.office import Office
from tests.tenant_service.reports.office import Office as Writers

OLD = places.staff(places.JIASHAN, Role.MEMBER, sub="old", person=person(1))
OTHER = places.staff(places.JIASHAN, Role.MEMBER, sub="other", person=person(2))


@pytest.fixture
def desk(units: Units, directory: Directory, clerk: Actor, secretary: Actor) -> Desk:
    return Desk(units, directory, clerk, secretary)


def ask(desk: Desk, by: Actor, kind: RequestKind = RequestKind.SIGN_UP, who: str | None = None) -> None:
    asked = Asked(kind, desk.activity, person_id=who)
    desk.do(lambda unit: asking_service.ask(unit, by, desk.handlers, asked))


def entries(units: Units, actor: Actor) -> list[EntryRow]:
    with units.read() as unit:
        return list(queries.listed(unit.session, actor, None, 20))


def acts(session: Session) -> list[tuple[str, str]]:
    wanted = select(AuditRow.act, AuditRow.sub).where(AuditRow.act.startswith("entry.")).order_by(AuditRow.seq)
    return [(act, sub) for act, sub in session.execute(wanted).all()]


@pytest.mark.practice(14)
def test_a_sign_up_entered_for_a_member_names_who_entered_it_and_is_confirmed_by_the_member(
    desk: Desk, units: Units
) -> None:
    ask(desk, desk.clerk, who=person(1))
    assert desk.states() == {person(1): At.REGISTERED}
    [row] = entries(units, OLD)
    assert (row.kind, row.state, row.entered_by) == (Entered.SIGN_UP, EntryState.TO_CONFIRM, desk.clerk.sub)
    assert (row.record_id, row.person_id) == (desk.activity, person(1))
    assert [told.recipient for told in Office(units, desk.clerk).told() if told.kind is NotificationKind.ENTERED] == [
        person(1)
    ]
    desk.do(lambda unit: service.confirm(unit, OLD, row.id))
    [row] = entries(units, OLD)
    assert row.state is EntryState.CONFIRMED
    with units.read() as unit:
        assert acts(unit.session) == [("entry.enter", desk.clerk.sub), ("entry.confirm", "old")]


@pytest.mark.practice(14)
def test_an_objection_is_settled_in_words_and_stands_there(desk: Desk, units: Units) -> None:
    ask(desk, desk.clerk, who=person(1))
    id = entries(units, OLD)[0].id
    desk.do(lambda unit: service.object_to(unit, OLD, id, "我没有要求报名"))
    ask(desk, desk.clerk, RequestKind.WITHDRAW, person(1))
    desk.do(lambda unit: service.settle(unit, desk.clerk, id, "已取消报名"))
    row = next(each for each in entries(units, OLD) if each.id == id)
    assert (row.state, row.because, row.answer) == (EntryState.SETTLED, "我没有要求报名", "已取消报名")
    with units.read() as unit:
        assert [act for act, _ in acts(unit.session)] == [
            "entry.enter", "entry.object_to", "entry.enter", "entry.settle",
        ]  # fmt: skip
    ask(desk, desk.clerk, who=person(1))
    row = next(each for each in entries(units, OLD) if each.id == id)
    assert (row.state, row.because, row.answer) == (EntryState.TO_CONFIRM, None, None), "entered anew: asked anew"


def test_what_a_member_does_oneself_is_no_entry_and_nobody_answers_for_another(desk: Desk, units: Units) -> None:
    ask(desk, OTHER)
    assert entries(units, desk.clerk) == []
    ask(desk, desk.clerk, who=person(1))
    [row] = entries(units, desk.clerk)
    assert entries(units, OTHER) == []
    settle: Callable[[Unit], object] = lambda unit: service.settle(unit, desk.clerk, row.id, "好")  # noqa: E731
    tries: list[tuple[Code, Callable[[Unit], object]]] = [
        (Code.NOT_FOUND, lambda unit: service.confirm(unit, OTHER, row.id)),
        (Code.NOT_FOUND, lambda unit: service.object_to(unit, OTHER, row.id, "不对")),
        (Code.FORBIDDEN, lambda unit: service.confirm(unit, desk.clerk, row.id)),
        (Code.FORBIDDEN, lambda unit: service.settle(unit, OLD, row.id, "好")),
        (Code.NEEDS_REASON, lambda unit: service.object_to(unit, OLD, row.id, " ")),
        (Code.CLASSIFIED, lambda unit: service.object_to(unit, OLD, row.id, "【机密】")),
        (Code.OUT_OF_TURN, settle),
    ]
    for code, act in tries:
        with pytest.raises(Refusal) as refusal:
            desk.do(act)
        assert refusal.value.code is code
    assert [(each.state, each.because) for each in entries(units, desk.clerk)] == [(EntryState.TO_CONFIRM, None)]


@pytest.mark.practice(14)
def test_a_reply_to_an_invitation_entered_by_the_office_is_the_members_to_confirm(desk: Desk, units: Units) -> None:
    desk.do(lambda unit: attendance.invite(unit, desk.clerk, desk.activity, Invited(person(1), "委员1")))
    assert entries(units, OLD) == []
    row = desk.row(person(1))
    desk.do(lambda unit: attendance.answer_invitation(unit, desk.clerk, row, comes=True, reason=None))
    assert [(each.kind, each.record_id) for each in entries(units, OLD)] == [(Entered.REPLY, desk.activity)]


@pytest.mark.practice(14)
def test_a_report_the_office_writes_for_members_is_confirmed_by_each_of_them(units: Units) -> None:
    office = Writers(units)
    member = office.member("沈一")
    id = office.written()
    assert [(each.kind, each.record_id) for each in entries(units, member)] == [(Entered.REPORT, id)]
    office.written(by=member)
    assert len(entries(units, office.clerk)) == 1, "their own is theirs"
