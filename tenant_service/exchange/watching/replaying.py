"""重新处理 (replay): what could not be shown is tried again: after an upgrade, or when a room was repaired.

Only what counts of a record is ever tried, so an old event can't overwrite a newer one. Safe beside whatever else works
on this database: see `turns`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from sync.contract.channels import parts_of
from sync.contract.envelope import Envelope
from sync.contract.ids import owner_of
from tenant_service.exchange import bulk
from tenant_service.exchange.copies import AT_ONCE, Place, bodies_of, copies_of, copy_of
from tenant_service.exchange.models import CopyRow, CopyState, DeadLetterRow, ReadingRow
from tenant_service.exchange.projecting import Projector
from tenant_service.exchange.turns import take_turn
from tenant_service.exchange.watching import dead_letters
from tenant_service.exchange.watching.dead_letters import Letter
from tenant_service.storage.unit_of_work import Unit


@dataclass(frozen=True)
class Replayed:
    """What came of it.

    Attributes:
        shown: Records that are shown, or rightly not shown, as they count now.
        failed: Events that failed again, and why.
        waiting: Records that this release cannot show yet.
        after: The last record that was tried; "": there are no more.
    """

    shown: list[str] = field(default_factory=list)
    failed: list[Letter] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    after: str = ""


def replay(
    unit: Unit, projector: Projector, *, after: str = "", logs: Collection[str] = (), places: Collection[Place] = ()
) -> Replayed:  # fmt: skip
    """The next AT_ONCE records behind `after` that are not shown yet are tried again, in this transaction.

    Args:
        logs: Only what these say; all, where none is named.
        places: Only these dead letters.
    """
    session = unit.session
    unread = [] if after else _unread(session, logs, places)
    ids = _not_shown(session, after, logs, places)
    take_turn(session, {*map(owner_of, ids), *(parts_of(each.place.log)[0] for each in unread)})
    read = {each.place: told for each in unread if (told := _read(session, each.place))}
    letters = [each for each in unread if each.place not in read]
    more = [_taken_in(unit, place, told) for place, told in read.items()]
    tried = sorted({*ids, *(id for id in more if id)})
    projector.project(session, copies_of(session, tried), unit.now)
    failed = _failed(session, tried)
    waiting = _waiting(session, tried)
    shown = [id for id in tried if id not in waiting and id not in {each.record for each in failed}]
    is_full = len(ids) == AT_ONCE
    return Replayed(shown, [*letters, *failed], sorted(waiting), ids[-1] if is_full else "")


def _not_shown(session: Session, after: str, logs: Collection[str], places: Collection[Place]) -> Sequence[str]:
    wanted: list[ColumnElement[bool]] = [CopyRow.state != CopyState.SHOWN, CopyRow.record > after]
    if logs:
        wanted.append(CopyRow.log.in_(logs))
    if places:
        wanted.append(CopyRow.record.in_(select(DeadLetterRow.record).where(dead_letters.at_places(places))))
    return session.scalars(
        select(CopyRow.record).where(*wanted).distinct().order_by(CopyRow.record).limit(AT_ONCE)
    ).all()  # fmt: skip


# ── events that could not be read at all ──


def _unread(session: Session, logs: Collection[str], places: Collection[Place]) -> list[Letter]:
    """The first AT_ONCE events of which not even the record was known, in the order they were said."""
    of = [DeadLetterRow.record == ""]
    if logs:
        of.append(DeadLetterRow.log.in_(logs))
    if places:
        of.append(dead_letters.at_places(places))
    return sorted(dead_letters.listed(session, AT_ONCE, of=of), key=lambda each: each.place)


def _read(session: Session, place: Place) -> Envelope | None:
    """The event, if this release can read it."""
    try:
        return bodies_of(session, [place]).get(place)
    except msgspec.DecodeError:
        return None


def _taken_in(unit: Unit, place: Place, told: Envelope) -> str:
    """The copy that this event speaks of stands, unless it was overtaken; its record, or "" where there is none."""
    session, (owner, channel) = unit.session, parts_of(place.log)
    if told.op != "complete" and owner_of(told.subject) != owner:
        letter = session.get_one(DeadLetterRow, tuple(place))
        letter.record, letter.error = told.subject[:160], f"{told.subject[:80]} is not a record of {owner}"
        return ""
    session.execute(delete(DeadLetterRow).where(dead_letters.at_places([place])))
    now = session.scalar(select(ReadingRow.epoch).where(ReadingRow.log == place.log))
    stands = session.get(CopyRow, (told.subject, channel))
    is_overtaken = now != place.epoch or (stands is not None and (stands.epoch, stands.seq) > place[1:])
    if told.op == "complete" or is_overtaken:
        return ""
    copy = copy_of(told, place.log, channel, unit.now)
    bulk.upsert(session, CopyRow, [{**copy._asdict(), "swept_at": None}])
    return told.subject


# ── what came of it ──


def _failed(session: Session, ids: Sequence[str]) -> list[Letter]:
    found: list[Letter] = []
    for some in _slices(ids):
        found += dead_letters.listed(session, AT_ONCE, of=[DeadLetterRow.record.in_(some)])
    return found


def _waiting(session: Session, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for some in _slices(ids):
        waits = CopyRow.state.in_((CopyState.UNSUPPORTED, CopyState.WAITING))
        found |= set(session.scalars(select(CopyRow.record).where(CopyRow.record.in_(some), waits)))
    return found


def _slices(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
