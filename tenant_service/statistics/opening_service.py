"""What people do with totals from before the platform (期初数). One function, one use case, one transaction.

A total counts when it is signed; then it is told within some seconds, as part of the values.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.contract.kinds import Kind
from sync.contract.shapes.values import IndicatorCode
from tenant_service import wording
from tenant_service.counting.figures import Counting
from tenant_service.history import taken
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.signing import acts as signing
from tenant_service.signing.rules import SIGNING, Act
from tenant_service.statistics import opening_queries as queries
from tenant_service.statistics import opening_rules as rules
from tenant_service.statistics.models import OpeningRow
from tenant_service.statistics.opening_rules import Days, OpeningEnd, Total
from tenant_service.statistics.queries import EVER
from tenant_service.storage.unit_of_work import Unit

LONGEST_SOURCE = 120
_ALWAYS = Days(*EVER)


@dataclass(frozen=True)
class Draft:
    """A total as a paper tells it. `kind`: a code, empty where it is not told by kind; `source`: 文号或统计表."""

    indicator: IndicatorCode
    days: Days
    number: int
    source: str
    kind: str = ""


def enter(unit: Unit, actor: Actor, counting: Counting, told: Draft) -> str:
    """录入: the total is written down, and waits to be submitted; returns its id.

    Raises:
        Refusal: FORBIDDEN; OPENING_NOT_TAKEN, OPENING_TOO_LATE, OPENING_OVERLAPS; BAD_VALUE; CLASSIFIED.
    """
    actor.require(UseCase.EDIT_OPENINGS)
    total, source = fits(unit, counting, told)
    row = OpeningRow(
        id=unit.new_id("opening"), indicator=total.indicator, kind=total.kind, since=total.days.since,
        until=total.days.until, number=total.number, source=source, corrects_id=None, because=None,
        entered_at=unit.now, withdrawn_because=None, changed_at=unit.now, **signing.drafted(actor),
    )  # fmt: skip
    unit.session.add(row)
    return _noted(unit, actor, row, "enter", None)


def redraft(unit: Unit, actor: Actor, counting: Counting, id: str, told: Draft) -> str:
    """The total is as described now. What is signed is not rewritten, and a correction is discarded instead.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN, and what `enter` refuses.
    """
    actor.require(UseCase.EDIT_OPENINGS)
    row = _stepped(unit, id, Act.REDRAFT)
    rules.is_no_correction(is_correction=row.corrects_id is not None)
    total, source = fits(unit, counting, told, row.id)
    row.indicator, row.kind, row.number, row.source = total.indicator, total.kind, total.number, source
    row.since, row.until = total.days
    row.drafted_by = actor.sub
    return _noted(unit, actor, row, "redraft", row.approval)


def correct(unit: Unit, actor: Actor, id: str, number: int, source: str, why: str) -> str:
    """更正: an entry of its own says by how much the total was wrong; what was signed stays as it was. `number`: what
    the total comes to rightly. Returns the correction's id; it counts when it is signed.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, NEEDS_REASON, BAD_VALUE, CLASSIFIED; OUT_OF_TURN, it does not count;
            ALREADY_DONE, it comes to that number, or another correction of it waits.
    """
    actor.require(UseCase.EDIT_OPENINGS)
    queries.lock(unit.session)
    of = queries.locked(unit.session, id)
    is_withdrawn = of.withdrawn_because is not None
    rules.may_be_put_right(of.approval, is_withdrawn=is_withdrawn, is_correction=of.corrects_id is not None)
    more = rules.number(number, least=0) - queries.comes_to(unit.session, of)
    if not more or queries.waiting(unit.session, of.id):
        raise Refusal(Code.ALREADY_DONE)
    row = OpeningRow(
        id=unit.new_id("opening"), indicator=of.indicator, kind=of.kind, since=of.since, until=of.until, number=more,
        source=wording.text("paper", source, LONGEST_SOURCE), corrects_id=of.id, because=wording.reason(why),
        entered_at=unit.now, withdrawn_because=None, changed_at=unit.now, **signing.drafted(actor),
    )  # fmt: skip
    unit.session.add(row)
    return _noted(unit, actor, row, "correct", None, row.because)


def submit(unit: Unit, actor: Actor, id: str) -> str:
    """送审. Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN."""
    actor.require(UseCase.EDIT_OPENINGS)
    return _noted(unit, actor, _stepped(unit, id, Act.SUBMIT), "submit")


def discard(unit: Unit, actor: Actor, id: str) -> str:
    """作废: what was never signed, so never counted, is not there any more.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN.
    """
    actor.require(UseCase.EDIT_OPENINGS)
    row = _stepped(unit, id, Act.DISCARD)
    unit.session.delete(row)
    unit.session.flush()
    audit.note(unit, actor, "opening.discard", id)
    return id


def send_back(unit: Unit, actor: Actor, id: str, why: str) -> str:
    """退回. Raises: Refusal NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON."""
    actor.require(UseCase.SIGN_OFF_OPENINGS)
    row = _stepped(unit, id, Act.SEND_BACK)
    signing.sent_back(row, why)
    return _noted(unit, actor, row, "send_back", because=row.returned_because)


def sign_off(unit: Unit, actor: Actor, counting: Counting, id: str, *, unclassified: bool) -> str:
    """签发: the total counts from now on, and is told to whoever is told our figures.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, OWN_DRAFT; SECRECY_UNCONFIRMED, the confirmation is missing;
            OPENING_TOO_LATE, OPENING_OVERLAPS, it does not fit any more.
    """
    actor.require(UseCase.SIGN_OFF_OPENINGS)
    row = _stepped(unit, id, Act.SIGN_OFF)
    if row.corrects_id is None:
        total = queries.total_of(row)
        fits(unit, counting, Draft(total.indicator, total.days, total.number, row.source, total.kind), row.id)
    else:
        of = queries.one(unit.session, row.corrects_id)
        rules.may_be_put_right(of.approval, is_withdrawn=of.withdrawn_because is not None, is_correction=False)
    signing.signed(unit, row, actor, UseCase.SIGN_OFF_OPENINGS, unclassified=unclassified)
    return _noted(unit, actor, row, "sign_off")


class SignedAll(NamedTuple):
    """What was signed of several at once, and those that the signer entered, which wait for somebody else."""

    signed: tuple[str, ...]
    own: tuple[str, ...]


def sign_off_all(
    unit: Unit, actor: Actor, counting: Counting, ids: Sequence[str], *, unclassified: bool
) -> SignedAll:  # fmt: skip
    """签发 of all of these that wait, or of none where one does not fit any more. What the signer entered is left to
    somebody else, and what is signed, sent back or withdrawn meanwhile is as it is.

    Raises:
        Refusal: FORBIDDEN; SECRECY_UNCONFIRMED; OWN_DRAFT, all of them are the signer's; OPENING_TOO_LATE,
            OPENING_OVERLAPS.
    """
    actor.require(UseCase.SIGN_OFF_OPENINGS)
    queries.lock(unit.session)
    waiting = queries.waiting_of(unit.session, ids)
    own = tuple(row.id for row in waiting if not signing.may_sign(actor, UseCase.SIGN_OFF_OPENINGS, row.drafted_by))
    if own and len(own) == len(waiting):
        raise Refusal(Code.OWN_DRAFT)
    theirs = tuple(row.id for row in waiting if row.id not in own)
    for id in theirs:
        sign_off(unit, actor, counting, id, unclassified=unclassified)
    return SignedAll(theirs, own)


def withdraw(unit: Unit, actor: Actor, id: str, why: str) -> str:
    """撤回: the total counts no more, nor does what put it right; both stay to be read, with the reason.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, NEEDS_REASON; OUT_OF_TURN, it does not count, or it put right what another
            correction, which waits, was reckoned from.
    """
    actor.require(UseCase.SIGN_OFF_OPENINGS)
    queries.lock(unit.session)
    row, because = queries.locked(unit.session, id), wording.reason(why)
    rules.may_be_put_right(row.approval, is_withdrawn=row.withdrawn_because is not None, is_correction=False)
    if row.corrects_id is not None and queries.waiting(unit.session, row.corrects_id):
        raise Refusal(Code.OUT_OF_TURN, now=Said("另有更正尚未签发，请先签发或作废", "another correction of it waits"))
    for each in (row, *queries.corrections(unit.session, id)):
        if each.withdrawn_because is None:
            was, each.withdrawn_because, each.changed_at = each.approval, because, unit.now
            taken.write(unit, actor, each.id, "withdraw", was, OpeningEnd.WITHDRAWN, because)
    unit.session.flush()
    unit.moves_figures()
    audit.note(unit, actor, "opening.withdraw", row.id)
    return id


def choose_start(unit: Unit, actor: Actor, day: dt.date) -> dt.date:
    """启用日期: from that day on our own rows count; totals end before it.

    Raises:
        Refusal: FORBIDDEN; BAD_VALUE, that day is to come, or long past; START_TOO_EARLY, a total reaches to it.
    """
    actor.require(UseCase.SIGN_OFF_OPENINGS)
    row, last = queries.lock(unit.session), queries.last_day(unit.session)
    rules.start(day, day_of(unit.now), last)
    row.day = day
    unit.session.flush()
    audit.note(unit, actor, "opening.start", day.isoformat())
    return day


def fits(unit: Unit, counting: Counting, told: Draft, but: str | None = None) -> tuple[Total, str]:
    """What may be entered, as it is stored; `but`: the entry that it takes the place of. Changes nothing.

    Raises:
        Refusal: as `enter`.
    """
    queries.lock(unit.session)
    source = wording.text("paper", told.source, LONGEST_SOURCE)
    total = Total(told.indicator, told.kind, told.days, told.number)
    rules.checked(total, queries.rows_count_from(unit, counting, told.indicator, _ALWAYS))
    rules.apart(total, queries.standing(unit.session, told.indicator, told.days.in_months(), but))
    return total, source


def _stepped(unit: Unit, id: str, act: Act) -> OpeningRow:
    """Our entry, locked, where the act leads it. Raises: Refusal NOT_FOUND, OUT_OF_TURN."""
    queries.lock(unit.session)
    row = queries.locked(unit.session, id)
    rules.not_withdrawn(is_withdrawn=row.withdrawn_because is not None)
    row.approval = SIGNING.after(act, row.approval)
    return row


def _noted(
    unit: Unit, actor: Actor, row: OpeningRow, act: str, was: Kind | None = None, because: str | None = None
) -> str:  # fmt: skip
    """It stands in the history and in the audit log, and figures are counted anew."""
    row.changed_at = unit.now
    unit.session.flush()
    unit.moves_figures()
    taken.write(unit, actor, row.id, act, was, row.approval, because)
    audit.note(unit, actor, f"opening.{act}", row.id)
    return row.id
