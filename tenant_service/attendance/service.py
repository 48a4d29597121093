"""What people do to take part. One function, one use case, one transaction.

The host owns every participation. What members ask for comes by a request of their home (`asking_service`). Whatever
changes goes back to the member's home in the partner channel.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.activities import ActivityRecord
from sync.contract.shapes.participations import ParticipationRecord, ParticipationState
from sync.contract.shapes.requests import RequestKind
from sync.contract.trust import codes
from tenant_service import wording
from tenant_service.activities import queries as activities
from tenant_service.activities import service as activity_service
from tenant_service.activities.queries import Hosted
from tenant_service.activities.rules import OPEN_STATES
from tenant_service.activities.service import Report
from tenant_service.attendance import crediting, entries, queries, rules, telling
from tenant_service.attendance.entries import Invited
from tenant_service.attendance.models import ParticipationRow, SeenParticipationRow, UsedCodeRow
from tenant_service.attendance.rules import Act
from tenant_service.exchange.copies import Seen
from tenant_service.exchange.sharing import copies_shown as seen
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.on_behalf import service as on_behalf
from tenant_service.on_behalf.rules import Entered
from tenant_service.requests import service as requests
from tenant_service.storage.unit_of_work import Unit

__all__ = ["Invited"]

_State = ParticipationState
_NOT_OPEN = Said("尚未开始签到", "check-in has not opened")


def invite(unit: Unit, actor: Actor, activity: str, guest: Invited) -> ParticipationRecord:
    """The person or body stands on the list as invited; whoever is on it already keeps the place.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, ALREADY_DONE, and what `entries.known_guests` refuses.
    """
    actor.require(UseCase.DRAFT_ACTIVITY)
    row = entries.open_activity(unit, activity)
    entries.known_guests(unit, [guest])
    if queries.row_for(unit.session, row.id, guest.id) is not None:
        raise Refusal(Code.ALREADY_DONE)
    made = entries.new(unit, row, guest, _State.INVITED, actor.sub)
    told = entries.changed(unit, made, actor, "attendance.invite")
    telling.invited(unit, actor, row, [guest.id])
    return told


def answer_invitation(unit: Unit, actor: Actor, id: str, *, comes: bool, reason: str | None) -> ParticipationRecord:
    """报到: what an invited body or person answered, entered by the office. Who comes when all places are taken waits.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.SIGN_UP_OTHERS)
    activity, row = entries.entry(unit, id)
    if activity.state not in OPEN_STATES:
        raise Refusal(Code.OUT_OF_TURN, now=activity.state)
    if not comes and not (reason or "").strip():
        raise Refusal(Code.NEEDS_REASON)
    taken = queries.taken(unit.session, activity.id) if row.person_id else 0  # a body takes no member's place
    row.state = rules.LIST.after(rules.free(activity.capacity, taken) if comes else _State.DECLINED, row.state)
    row.queued_at = unit.now
    row.reason = wording.optional("reason", reason, 200)
    told = entries.changed(unit, row, actor, "attendance.answer")
    on_behalf.entered(unit, actor, Entered.REPLY, activity.id, [row.person_id], activity.title)
    return told


def decide_leave(unit: Unit, actor: Actor, id: str, *, granted: bool, reason: str | None) -> ParticipationRecord:
    """准假 or not; a place that gets free while the activity is to come goes to who has waited longest.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.SIGN_UP_OTHERS)
    activity, row = entries.entry(unit, id)
    decided = rules.DESK.after(Act.GRANT_LEAVE if granted else Act.REFUSE_LEAVE, row.state)
    if not granted and not (reason or "").strip():
        raise Refusal(Code.NEEDS_REASON)
    row.state = decided
    row.reason = wording.optional("reason", reason, 200) or row.reason
    told = entries.changed(unit, row, actor, "attendance.decide_leave")
    telling.leave_decided(unit, activity, row, granted=granted)
    if row.leave is None:  # it came back after a restore without the kind of leave: whoever asked hears all the same
        requests.decide(
            unit, (row.activity_id, row.participant, RequestKind.LEAVE), accepted=granted, reason=row.reason
        )
    if granted:
        entries.move_up(unit, activity)
    return told


def check_in_by_code(unit: Unit, actor: Actor, activity: str, code: str) -> ParticipationRecord:
    """签到 by 履职码: the member is present; a walk-in is put on the list. The code is checked offline, and taken once.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_TIME, CODE_INVALID, CODE_EXPIRED, CODE_USED.
    """
    actor.require(UseCase.CHECK_IN_OTHERS)
    row = activities.hosted_locked(unit.session, activity)
    rules.desk_is_open(row.state, row.starts_at, unit.now)
    told = _accepted(unit, row, code.strip())
    if queries.is_used(unit.session, told.jti, activity):
        raise Refusal(Code.CODE_USED)
    unit.session.add(UsedCodeRow(jti=told.jti, activity_id=activity, at=unit.now))
    return _present(unit, actor, row, Invited(told.person, told.name), "attendance.check_in_by_code")


def check_in_at_desk(unit: Unit, actor: Actor, activity: str, digits: str) -> ParticipationRecord:
    """签到 by the six digits that the desk shows: the signed-in member of ours is present.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_TIME, CODE_INVALID.
    """
    actor.require(UseCase.SIGN_UP)
    row = activities.hosted_locked(unit.session, activity)
    rules.desk_is_open(row.state, row.starts_at, unit.now)
    if actor.person is None or not rules.is_desk_code(row.desk_secret, digits, unit.now):
        raise Refusal(Code.CODE_INVALID)
    return _present(unit, actor, row, Invited(actor.person, actor.name), "attendance.check_in_at_desk")


def check_in_by_list(unit: Unit, actor: Actor, activity: str, guest: Invited) -> ParticipationRecord:
    """签到 by ticking the list, or by adding somebody to it, during the activity or when it is written up.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; BAD_TIME, it has not begun to open; and what
            `entries.known_guests` refuses.
    """
    actor.require(UseCase.CHECK_IN_OTHERS)
    row = activities.hosted_locked(unit.session, activity)
    if row.state not in OPEN_STATES:
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    if unit.now < row.starts_at - rules.OPENS_BEFORE:
        raise Refusal(Code.BAD_TIME, why=_NOT_OPEN)
    entries.known_guests(unit, [guest])
    return _present(unit, actor, row, guest, "attendance.check_in_by_list")


def enter_list(unit: Unit, actor: Actor, activity: str, guests: Sequence[Invited]) -> int:
    """登记名单: whoever stands on a signed sheet was present; returns how many are present now.

    Those who are on the list already become present; nobody is counted twice, however often the sheet names them.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_TIME, and what `entries.known_guests` refuses.
    """
    actor.require(UseCase.CHECK_IN_OTHERS)
    row = entries.open_activity(unit, activity)
    if unit.now < row.starts_at - rules.OPENS_BEFORE:
        raise Refusal(Code.BAD_TIME, why=_NOT_OPEN)
    known = queries.rows_for(unit.session, row.id)
    entries.known_guests(unit, [each for each in guests if each.id not in known])
    entered: list[ParticipationRow] = []
    for guest in {each.id: each for each in guests}.values():
        found = known.get(guest.id)
        if found is None:
            found = entries.new(unit, row, guest, _State.PRESENT, actor.sub)
        elif found.state is not _State.PRESENT:
            found.state = rules.LIST.after(_State.PRESENT, found.state)
            entries.name(found, guest)
        else:
            continue
        found.checked_in_at = row.starts_at
        entered.append(found)
    for each in entered:
        entries.told(unit, each)
    audit.note(unit, actor, "attendance.enter_list", row.id)
    entries.count(unit, row.id)
    return queries.present(unit.session, row.id)


def check_out(unit: Unit, actor: Actor, id: str) -> ParticipationRecord:
    """签退: when the person left.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, ALREADY_DONE.
    """
    actor.require(UseCase.CHECK_IN_OTHERS)
    row = queries.locked(unit.session, id)
    row.state = rules.DESK.after(Act.CHECK_OUT, row.state)
    if row.checked_out_at is not None:
        raise Refusal(Code.ALREADY_DONE)
    row.checked_out_at = unit.now
    return entries.changed(unit, row, actor, "attendance.check_out")


def correct(unit: Unit, actor: Actor, id: str, to: _State, reason: str) -> ParticipationRecord:
    """更正: present or absent after all, with the reason, also after closing; the home gets the new version.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE.
    """
    actor.require(UseCase.CHECK_IN_OTHERS)
    activity, row = entries.entry(unit, id)
    if not reason.strip():
        raise Refusal(Code.NEEDS_REASON)
    if to not in (_State.PRESENT, _State.ABSENT):
        raise Refusal(Code.BAD_VALUE, field="to", why=to)
    row.state = rules.LIST.after(to, row.state)
    row.reason = wording.text("reason", reason, 200)
    row.checked_in_at = unit.now if to is _State.PRESENT else None
    told = entries.changed(unit, row, actor, "attendance.correct")
    entries.count(unit, activity.id)
    return told


def close(unit: Unit, actor: Actor, activity: str, report: Report) -> ActivityRecord:
    """办结: the activity has its report; where a list was kept, whoever did not come was absent, and homes are told.

    Raises:
        Refusal: what closing the activity refuses.
    """
    made = activity_service.enter_closing(unit, actor, activity, report)
    for part in activity_service.close_parts(unit, actor, activity):
        entries.settle_part(unit, activity, part, actor.sub)
    entries.settle(unit, activity)
    return made


def _accepted(unit: Unit, activity: Hosted, code: str) -> codes.CheckInCode:
    """At a part the code of its meeting is taken as well. Raises: Refusal CODE_INVALID, CODE_EXPIRED."""
    now = int(unit.now.timestamp())
    try:
        return codes.accepted(code, activity.id, unit.directory, now)
    except Refusal:
        if activity.parent_id is None:
            raise
        return codes.accepted(code, activity.parent_id, unit.directory, now)


def _present(unit: Unit, actor: Actor, activity: Hosted, guest: Invited, act: str) -> ParticipationRecord:
    row = queries.row_for(unit.session, activity.id, guest.id)
    if row is None:
        row = entries.new(unit, activity, guest, _State.PRESENT, actor.sub)
    elif row.state is _State.PRESENT:
        raise Refusal(Code.ALREADY_DONE)
    else:
        row.state = rules.LIST.after(_State.PRESENT, row.state)
        entries.name(row, guest)
    row.checked_in_at = unit.now
    told = entries.changed(unit, row, actor, act)
    entries.count(unit, activity.id)
    return told


_keep = seen.projection(SeenParticipationRow)


def project(session: Session, told: Seen) -> None:
    """What others tell us of theirs is kept as a copy; our people hear what is new of themselves."""
    row = session.get(SeenParticipationRow, told.id)
    before = row.state if row else None
    _keep(session, told)
    telling.heard(session, before, told)
    crediting.heard(session, told)
