"""Attendance in GraphQL."""

import strawberry

from sync.contract.ids import Id
from sync.contract.shapes.participations import LeaveKind, ParticipationRecord, ParticipationRole, ParticipationState
from sync.contract.shapes.requests import RequestKind, RequestRecord
from sync.contract.visibility import Visible
from tenant_service.activities.graphql import Activity, ReportInput
from tenant_service.attendance import asking_service, inviting_service, queries, seating_service, service
from tenant_service.attendance.codes import code_for
from tenant_service.attendance.inviting_service import Whom
from tenant_service.attendance.tries import AT_DESKS
from tenant_service.graph.context import Context, Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.lists import Node
from tenant_service.graph.looked_at import charge_list
from tenant_service.graph.types import Home, contract_enum, record_type, shown
from tenant_service.identity.policy import UseCase
from tenant_service.requests.graphql import Request
from tenant_service.requests.service import Asked
from tenant_service.storage.unit_of_work import Unit

TENANT, SUBJECT = Visible.TENANT, Visible.SUBJECT
for each in (ParticipationRole, ParticipationState, LeaveKind):
    contract_enum(each)


@record_type
class Participation(ParticipationRecord, Node):
    @shown(TENANT, "Name as the desk shows it; null in other committees and for other members.")
    def name(self, info: Info) -> str | None:
        row = queries.row_of(info.context.unit.session, info.context.actor, self.id)
        return row.name if row else None

    @shown(TENANT, "分组, for the office and for whose it is.")
    def group_name(self, info: Info) -> str | None:
        row = queries.row_of(info.context.unit.session, info.context.actor, self.id)
        return row.group_name if row else None

    @shown(TENANT, "座位, for the office and for whose it is.")
    def seat(self, info: Info) -> str | None:
        row = queries.row_of(info.context.unit.session, info.context.actor, self.id)
        return row.seat if row else None


@strawberry.input(description="Who is invited, or ticked on the list.")
class GuestInput:
    id: Id = strawberry.field(description="A person by pseudonym, or a body.")
    name: str
    role: ParticipationRole = ParticipationRole.ATTENDEE
    must_answer: bool = strawberry.field(default=False, description="部门报到: has to answer.")

    def guest(self) -> service.Invited:
        return service.Invited(**vars(self))


@strawberry.type
class AttendanceQuery:
    @shown(TENANT, "名单: who takes part in an activity of ours.", directives=[Home()])
    def participations(self, info: Info, activity_id: Id) -> list[Participation]:
        context = info.context
        rows = queries.of_activity(context.unit.session, context.actor, activity_id)
        charge_list(context, activity_id, rows)
        return [row.record() for row in rows]  # type: ignore[misc]

    @shown(SUBJECT, "The caller's own participation, here or abroad.", directives=[Home()])
    def my_participation(self, info: Info, activity_id: Id) -> Participation | None:
        return queries.mine(info.context.unit.session, info.context.actor, activity_id)  # type: ignore[return-value]

    @shown(SUBJECT, "履职码: a code that the host's desk takes once.", directives=[Home()])
    def check_in_code(self, info: Info, activity_id: Id | None = None) -> str | None:
        context = info.context
        context.actor.require(UseCase.SIGN_UP)
        now, keys = int(context.unit.now.timestamp()), context.services.keys.of("code")
        own = context.directory.newest_shown(context.actor.committee, "code", keys, now)
        return code_for(context.unit, context.units, context.actor, own, activity_id)


@strawberry.type
class AttendanceMutation:
    @shown(TENANT, "报名 for an activity of any committee: oneself, or a member of ours.")
    def sign_up(self, info: Info, key: Id, activity_id: Id, person_id: Id | None = None) -> Request:
        return _ask(info.context, key, "signUp", RequestKind.SIGN_UP, activity_id, person_id)

    @shown(TENANT, "取消报名.")
    def withdraw(
        self, info: Info, key: Id, activity_id: Id, person_id: Id | None = None, reason: str | None = None
    ) -> Request:
        return _ask(info.context, key, "withdraw", RequestKind.WITHDRAW, activity_id, person_id, reason)

    @shown(TENANT, "请假 (公务, 病, 事), to be approved by the host.")
    def ask_leave(
        self, info: Info, key: Id, activity_id: Id, kind: LeaveKind, reason: str, person_id: Id | None = None
    ) -> Request:
        return _ask(info.context, key, "askLeave", RequestKind.LEAVE, activity_id, person_id, reason, kind.value)

    @shown(TENANT, "Invite a person or a body.")
    def invite(self, info: Info, key: Id, activity_id: Id, guest: GuestInput) -> Participation:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "invite", key, plain(activity_id=activity_id, guest=guest),
            lambda unit: service.invite(unit, context.actor, activity_id, guest.guest()),
        )  # fmt: skip

    @shown(TENANT, "Invite whole units, everybody with a seat, or people by name; how many came onto the list.")
    def invite_many(
        self, info: Info, key: Id, activity_id: Id, unit_ids: list[Id], everybody: bool = False,  # noqa: FBT001, FBT002
        names: list[str] | None = None,
    ) -> int:  # fmt: skip
        context = info.context
        whom = Whom(tuple(unit_ids), everybody, tuple(names or ()))
        return context.perform(
            "inviteMany", key, plain(activity_id=activity_id, unit_ids=unit_ids, everybody=everybody, names=names),
            lambda unit: inviting_service.invite_many(unit, context.actor, activity_id, whom), kept_as=int,
        )  # fmt: skip

    @shown(TENANT, "分组、座位: a line each, name, group and seat; how many.")
    def seat_guests(self, info: Info, key: Id, activity_id: Id, lines: list[str]) -> int:
        context = info.context
        return context.perform(
            "seatGuests", key, plain(activity_id=activity_id, lines=lines),
            lambda unit: seating_service.seat(unit, context.actor, activity_id, lines), kept_as=int,
        )  # fmt: skip

    @shown(TENANT, "催办: whoever was invited and has not answered is told again, once a day; how many.")
    def urge_invited(self, info: Info, key: Id, activity_id: Id) -> int:
        context = info.context
        return context.perform(
            "urgeInvited", key, plain(activity_id=activity_id),
            lambda unit: inviting_service.urge(unit, context.actor, activity_id), kept_as=int,
        )  # fmt: skip

    @shown(TENANT, "报到: what an invited person or body answered.")
    def answer_invitation(
        self, info: Info, key: Id, id: Id, comes: bool, reason: str | None = None  # noqa: FBT001
    ) -> Participation:  # fmt: skip
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "answerInvitation", key, plain(id=id, comes=comes, reason=reason),
            lambda unit: service.answer_invitation(
                unit, context.actor, id, comes=comes, reason=reason
            ),
        )  # fmt: skip

    @shown(TENANT, "准假 or not.")
    def decide_leave(
        self, info: Info, key: Id, id: Id, granted: bool, reason: str | None = None  # noqa: FBT001
    ) -> Participation:  # fmt: skip
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "decideLeave", key, plain(id=id, granted=granted, reason=reason),
            lambda unit: service.decide_leave(
                unit, context.actor, id, granted=granted, reason=reason
            ),
        )  # fmt: skip

    @shown(TENANT, "签到 by 履职码.")
    def check_in_by_code(self, info: Info, key: Id, activity_id: Id, code: str) -> Participation:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "checkInByCode", key, plain(activity_id=activity_id, code=code),
            lambda unit: service.check_in_by_code(unit, context.actor, activity_id, code),
        )  # fmt: skip

    @shown(TENANT, "签到 by the six digits that the desk shows.")
    def check_in_at_desk(self, info: Info, key: Id, activity_id: Id, digits: str) -> Participation:
        context = info.context
        context.actor.require(UseCase.SIGN_UP)  # or a stranger's try would count for a member
        AT_DESKS.count(context.actor.sub, activity_id)
        return context.perform(  # type: ignore[return-value]
            "checkInAtDesk", key, plain(activity_id=activity_id, digits=digits),
            lambda unit: service.check_in_at_desk(unit, context.actor, activity_id, digits),
        )  # fmt: skip

    @shown(TENANT, "签到 by ticking the list.")
    def check_in_by_list(self, info: Info, key: Id, activity_id: Id, guest: GuestInput) -> Participation:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "checkInByList", key, plain(activity_id=activity_id, guest=guest),
            lambda unit: service.check_in_by_list(
                unit, context.actor, activity_id, guest.guest()
            ),
        )  # fmt: skip

    @shown(TENANT, "办结, with the report; where a list was kept, whoever did not come was absent.")
    def close_activity(self, info: Info, key: Id, id: Id, report: ReportInput) -> Activity:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "closeActivity", key, plain(id=id, report=report),
            lambda unit: service.close(unit, context.actor, id, report.report()),
        )  # fmt: skip

    @shown(TENANT, "签退.")
    def check_out(self, info: Info, key: Id, id: Id) -> Participation:
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "checkOut", key, plain(id=id),
            lambda unit: service.check_out(unit, context.actor, id),
        )  # fmt: skip

    @shown(TENANT, "更正: present or absent after all, with the reason.")
    def correct_attendance(
        self, info: Info, key: Id, id: Id, to: ParticipationState, reason: str
    ) -> Participation:  # fmt: skip
        context = info.context
        return context.perform(  # type: ignore[return-value]
            "correctAttendance", key, plain(id=id, to=to, reason=reason),
            lambda unit: service.correct(unit, context.actor, id, to, reason),
        )  # fmt: skip


def _ask(
    context: Context, key: str, name: str, kind: RequestKind, activity: str, person: str | None,
    text: str | None = None, detail: str | None = None,
) -> Request:  # fmt: skip
    asking_service.require_asking(context.actor, person)
    asked = Asked(kind, activity, person, text=text, detail=detail)

    def act(unit: Unit) -> RequestRecord:
        return asking_service.ask(unit, context.actor, context.services.handlers, asked)

    arguments = plain(activity=activity, person=person or context.actor.person, text=text, detail=detail)
    return context.perform(name, key, arguments, act)  # type: ignore[return-value]
