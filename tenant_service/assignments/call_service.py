"""吹哨报到: a town or the office calls departments, and each must answer."""

import datetime as dt
from dataclasses import dataclass

from sync.contract.channels import Share
from sync.contract.shapes.items import CallRecord, CallState
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.assignments import call_queries as queries
from tenant_service.assignments import call_rules as rules
from tenant_service.assignments import lists, telling
from tenant_service.assignments.call_rules import CALLS, CallAct
from tenant_service.assignments.descriptions import open_body
from tenant_service.assignments.models import CallAnswerRow, CallRow, SeenCallRow
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.signing import acts as signing
from tenant_service.signing import reviews
from tenant_service.signing.rules import Approval, AtOnce, shared_with_more
from tenant_service.storage.unit_of_work import Unit


@dataclass(frozen=True)
class Draft:
    """A call as it is made. `place`: where to come, and when; `about_id`: a record that has a list."""

    caller: str
    title: str
    place: str
    answer_by: dt.datetime
    body_ids: tuple[str, ...]
    about_id: str | None = None


def call(unit: Unit, actor: Actor, directory: Directory, told: Draft, shares: list[Share]) -> CallRecord:
    """吹哨: each of these bodies is called, and says whether it comes.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, BAD_TIME, CLASSIFIED, BAD_ID, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM; NOT_FOUND, a
            body or what it is about; OUT_OF_TURN, a body is closed; NOT_SIGNED_OFF, only who signs shares it.
    """
    actor.require(UseCase.CALL_BODIES)
    bodies = rules.called(told.body_ids)
    stored = choices.check(shares, directory, unit.committee)
    shared_with_more(Approval.SIGNED, [], stored, signs=signing.may_widen(actor, UseCase.SIGN_OFF_ITEMS, actor.sub))
    if told.about_id:
        lists.head(unit.session, told.about_id)
    row = CallRow(
        id=unit.new_id("call"), committee_id=unit.committee, caller=wording.text("caller", told.caller, 60),
        title=wording.text("title", told.title, 120), place=wording.text("place", told.place, 300),
        state=CallState.OPEN, about_id=told.about_id or None, answer_by=rules.ahead(told.answer_by, unit.now),
        called=len(bodies), coming=0, declined=0, cancelled_because=None, shares=stored, revision=0,
        changed_at=unit.now,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    for id in sorted(bodies):
        unit.session.add(CallAnswerRow(call_id=row.id, body_id=id, body=open_body(unit, id)))
    taken.write(unit, actor, row.id, "call", None, row.state)
    telling.called(unit, actor, row, bodies)
    return _changed(unit, actor, row, "call.call")


def answer(unit: Unit, actor: Actor, id: str, *, comes: bool, why: str = "") -> CallRecord:
    """报到: the body says that it comes, or why it does not; until all have, it may think better of it.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, also what it was not called to; OUT_OF_TURN; NEEDS_REASON, it does not come.
    """
    actor.require(UseCase.HANDLE_ASSIGNMENTS)
    queries.called(unit.session, actor, id)
    row = queries.locked(unit.session, id)
    mine = queries.called(unit.session, actor, id)
    reason = None if comes else wording.reason(why)
    taken.take(unit, actor, row, CALLS, CallAct.ANSWER, f"{mine.body}：{'到场' if comes else reason}")
    mine.comes, mine.because, mine.answered_at = comes, reason, unit.now
    unit.session.flush()
    said = [each.comes for each in queries.answers(unit.session, id)]
    row.coming, row.declined = said.count(True), said.count(False)
    if None not in said:
        taken.take(unit, actor, row, CALLS, CallAct.COMPLETE)
    return _changed(unit, actor, row, "call.answer")


def end(unit: Unit, actor: Actor, id: str) -> CallRecord:
    """结束: the time to answer is over; whoever has not stands as 未报到.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; BAD_TIME, answers may still come.
    """
    actor.require(UseCase.CALL_BODIES)
    row = queries.locked(unit.session, id)
    taken.take(unit, actor, row, CALLS, CallAct.END)
    rules.over(row.answer_by, unit.now)
    return _changed(unit, actor, row, "call.end")


def cancel(unit: Unit, actor: Actor, id: str, why: str) -> CallRecord:
    """取消: nobody needs to come, with the reason; where others were told of the call it is reviewed after.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, NEEDS_REASON.
    """
    actor.require(UseCase.CALL_BODIES)
    row = queries.locked(unit.session, id)
    row.cancelled_because = wording.reason(why)
    taken.take(unit, actor, row, CALLS, CallAct.CANCEL, row.cancelled_because)
    if row.shares:
        reviews.left_at_once(unit, actor, id, AtOnce.CALL_CANCEL)
    return _changed(unit, actor, row, "call.cancel")


def _changed(unit: Unit, actor: Actor, row: CallRow, act: str) -> CallRecord:
    return way_out.changed(unit, actor, row, act, choices.channels(row.shares))


project = copies_shown.projection(SeenCallRow)
"""What others tell us of theirs is kept as a copy."""
