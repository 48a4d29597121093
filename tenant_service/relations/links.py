"""Links are laid and taken away in the transaction of the act that says so; whoever lays one has locked its source."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked
from tenant_service.identity.actor import Actor
from tenant_service.relations.kinds import BOTH_WAYS, Relation
from tenant_service.relations.models import RelationRow
from tenant_service.storage.unit_of_work import Unit

MOST = 200
"""Links of one kind that one record has, in either direction."""
MOST_PARTS = 20_000
"""Records that one programme, series or mechanism has as its parts: a year of a whole county's work."""
_DEEPEST = 1_000


def lay(unit: Unit, actor: Actor, source: str, kind: Relation, target: str) -> bool:
    """`source` is `kind` of `target`; whether that is new.

    Raises:
        Refusal: BAD_ID; LINK_CYCLE, the target leads back to the source, or is it; TOO_MANY_LINKS.
    """
    source, target = str(checked(source)), str(checked(target))
    if source == target or (kind not in BOTH_WAYS and source in _beyond(unit.session, target, kind)):
        raise Refusal(Code.LINK_CYCLE)
    if unit.session.get(RelationRow, (source, kind, target)) is not None:
        return False
    most = MOST_PARTS if kind is Relation.PART_OF else MOST
    if len(targets(unit.session, source, kind)) >= MOST:
        raise Refusal(Code.TOO_MANY_LINKS, most=MOST)
    if _count_sources(unit.session, target, kind) >= most:
        raise Refusal(Code.TOO_MANY_LINKS, most=most)
    unit.session.add(RelationRow(source=source, kind=kind, target=target, since=unit.now, sub=actor.sub))
    unit.session.flush()
    return True


def take_away(unit: Unit, source: str, kind: Relation, target: str | None = None) -> int:
    """The link is gone, or without a target all of that kind; how many were."""
    where = [RelationRow.source == source, RelationRow.kind == kind]
    where += [RelationRow.target == target] if target else []
    return len(unit.session.scalars(delete(RelationRow).where(*where).returning(RelationRow.target)).all())


def targets(session: Session, source: str, kind: Relation) -> Sequence[str]:
    """Where the record's links of this kind lead, the oldest first."""
    wanted = select(RelationRow.target).where(RelationRow.source == source, RelationRow.kind == kind)
    return session.scalars(wanted.order_by(RelationRow.since, RelationRow.target)).all()


def sources(session: Session, target: str, kind: Relation) -> Sequence[str]:
    """What leads to the record by links of this kind, the oldest first."""
    wanted = select(RelationRow.source).where(RelationRow.target == target, RelationRow.kind == kind)
    return session.scalars(wanted.order_by(RelationRow.since, RelationRow.source)).all()


def _count_sources(session: Session, target: str, kind: Relation) -> int:
    wanted = select(func.count()).where(RelationRow.target == target, RelationRow.kind == kind)
    return session.scalar(wanted) or 0


def last(session: Session, source: str, kind: Relation) -> str:
    """Where the links of this kind end, followed from the record: what a merged one was merged into in the end."""
    for _ in range(_DEEPEST):
        onward = targets(session, source, kind)
        if not onward:
            return source
        source = onward[0]
    return source


def _beyond(session: Session, start: str, kind: Relation) -> set[str]:
    """Everything that links of this kind lead to from `start`."""
    found: set[str] = set()
    edge = {start}
    while edge and len(found) < _DEEPEST:
        wanted = select(RelationRow.target).where(RelationRow.source.in_(edge), RelationRow.kind == kind)
        edge = set(session.scalars(wanted)) - found
        found |= edge
    return found


def all_of(session: Session, kind: Relation) -> Sequence[tuple[str, str, dt.datetime]]:
    """Every link of this kind: from where, to where, since when; the oldest first."""
    wanted = select(RelationRow.source, RelationRow.target, RelationRow.since).where(RelationRow.kind == kind)
    rows = session.execute(wanted.order_by(RelationRow.since))
    return [(source, target, since) for source, target, since in rows]
