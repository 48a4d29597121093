"""Which records of other rooms may belong to a programme, and which do."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked, kind_of
from tenant_service.activities import queries as activities
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.supervision import queries as supervision
from tenant_service.topics import queries as topics

PARTS: dict[str, Callable[[Session, str], Any]] = {
    "activity": activities.locked, "topic": topics.locked, "campaign": supervision.locked,
}  # fmt: skip
"""Kind of record → ours of that id, locked while it is attached. Raises: Refusal NOT_FOUND."""


def part(session: Session, id: str) -> str:
    """A record of ours that may belong to a programme, locked. Raises: Refusal BAD_ID, NOT_FOUND."""
    kind = kind_of(checked(id))
    if kind not in PARTS:
        raise Refusal(Code.NOT_FOUND)
    PARTS[kind](session, id)
    return id


def parts_of(session: Session, programme: str) -> dict[str, list[str]]:
    """Kind → records that belong to the programme, the oldest link first."""
    found: dict[str, list[str]] = {}
    for id in links.sources(session, programme, Relation.PART_OF):
        found.setdefault(kind_of(id), []).append(id)
    return found


def programmes_of(session: Session, id: str) -> list[str]:
    """Programmes that a record belongs to."""
    return [each for each in links.targets(session, id, Relation.PART_OF) if kind_of(each) == "programme"]
