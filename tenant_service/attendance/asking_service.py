"""What members ask for to take part, and how we answer. One function, one use case, one transaction.

Members of any committee sign up, withdraw and ask for leave by a request of their home (`tenant_service.requests`),
answered by the handlers here; for our own members that is the same call.
"""

from dataclasses import replace

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import Id
from sync.contract.shapes.participations import LeaveKind, ParticipationState
from sync.contract.shapes.requests import RequestKind, RequestRecord
from tenant_service.activities import queries as activities
from tenant_service.activities.queries import Hosted
from tenant_service.attendance import entries, queries, rules, telling
from tenant_service.attendance.entries import Invited
from tenant_service.attendance.models import ParticipationRow
from tenant_service.exchange.answering import Handlers, Waiting
from tenant_service.exchange.sharing import choices
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.on_behalf import service as on_behalf
from tenant_service.on_behalf.rules import Entered
from tenant_service.requests import service as requests
from tenant_service.requests.service import Asked
from tenant_service.storage.unit_of_work import Unit

_State = ParticipationState
_ENTERED = {
    RequestKind.SIGN_UP: Entered.SIGN_UP, RequestKind.WITHDRAW: Entered.WITHDRAW, RequestKind.LEAVE: Entered.LEAVE,
}  # fmt: skip
"""What was asked for somebody, as 代录."""


def ask(unit: Unit, actor: Actor, handlers: Handlers, asked: Asked) -> RequestRecord:
    """报名, 取消报名 or 请假 at an activity of any committee is asked for: by a member for oneself (no `person_id`), by
    the office for any member of ours. `detail`: the kind of leave. The name is the roster's.

    Raises:
        Refusal: FORBIDDEN; BAD_VALUE, this account is nobody's; NOT_FOUND, no member of ours; and what sending the
            request refuses.
    """
    require_asking(actor, asked.person_id)
    who = asked.person_id or actor.person
    if who is None:
        raise Refusal(Code.BAD_VALUE, field="personId", why=Said("账号未关联委员", "this account is nobody's"))
    names = members.persons_named(unit.session, [who])
    if who not in names:
        raise Refusal(Code.NOT_FOUND)
    named = replace(asked, person_id=who, person_name=names[who])
    sent = requests.send(unit, actor, handlers, named)
    title = activities.known_title(unit.session, asked.subject_id) or "外地活动"
    on_behalf.entered(unit, actor, _ENTERED[asked.kind], asked.subject_id, [who], title)
    return sent


def require_asking(actor: Actor, person: str | None) -> None:
    """Whether the actor may ask for this person (None: for itself). Raises: what `Actor.require` raises."""
    actor.require(UseCase.SIGN_UP if person in (None, actor.person) else UseCase.SIGN_UP_OTHERS)


def _sign_up(unit: Unit, asked: RequestRecord) -> Id:
    """报名: a place, or one on the waiting list.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN, SIGN_UP_CLOSED, ALREADY_SIGNED_UP, FORBIDDEN, BAD_VALUE.
    """
    activity = entries.open_activity(unit, asked.subject_id)
    if asked.person_id is None or not asked.person_name:
        raise Refusal(Code.BAD_VALUE, field="personId", why=Said("须写明报名人", "say who signs up"))
    if asked.committee_id != unit.committee and not _reaches(unit, activity, asked.committee_id):
        raise Refusal(Code.NOT_FOUND)
    row = queries.row_for(unit.session, activity.id, asked.person_id)
    if row is not None:
        rules.signs_up_again(row.state)
    taken = queries.taken(unit.session, activity.id)
    state = rules.place(activity.state, activity.sign_up_until, unit.now, activity.capacity, taken)
    if row is None:
        row = entries.new(unit, activity, Invited(asked.person_id, asked.person_name), state, asked.committee_id)
    else:
        row.state, row.queued_at = rules.LIST.after(state, row.state), unit.now
    entries.told(unit, row)
    return Id(row.id)


def _withdraw(unit: Unit, asked: RequestRecord) -> Id:
    """取消报名; of who was only invited, 不参加."""
    activity, row = _signed_up(unit, asked)
    row.state, row.reason = rules.ASKED.after(RequestKind.WITHDRAW, row.state), asked.text
    entries.told(unit, row)
    entries.move_up(unit, activity)
    return Id(row.id)


def _ask_leave(unit: Unit, asked: RequestRecord) -> Waiting:
    """请假 (公务, 病, 事) waits for the host's approval."""
    activity, row = _signed_up(unit, asked)
    kind = LeaveKind.known(asked.detail or "")
    if kind is None:
        raise Refusal(Code.BAD_VALUE, field="detail", why=Said("公务、病假或事假", "OFFICIAL, SICK or PERSONAL"))
    if not asked.text:
        raise Refusal(Code.NEEDS_REASON)
    row.state, row.leave, row.reason = rules.ASKED.after(RequestKind.LEAVE, row.state), kind, asked.text
    entries.told(unit, row)
    telling.leave_asked(unit, activity, row)
    return Waiting(Id(row.id))


def _signed_up(unit: Unit, asked: RequestRecord) -> tuple[Hosted, ParticipationRow]:
    activity = entries.open_activity(unit, asked.subject_id)
    row = queries.row_for(unit.session, activity.id, asked.person_id or "")
    if row is None or row.state in (_State.WITHDRAWN, _State.DECLINED):
        raise Refusal(Code.NOT_SIGNED_UP)
    return activity, row


def _reaches(unit: Unit, activity: Hosted, home: str) -> bool:
    """Whether the asking committee may know of this activity at all."""
    shared = choices.channels(activity.shares)
    return bool(shared & set(unit.directory.reach(activity.committee_id, home)))


HANDLERS: Handlers = {
    RequestKind.SIGN_UP: _sign_up, RequestKind.WITHDRAW: _withdraw, RequestKind.LEAVE: _ask_leave,
}  # fmt: skip
"""How requests about our activities are answered; the requests room calls these."""
