"""Every read of this room."""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.ids import kind_of
from tenant_service.files.models import FileBytesRow, FileRow
from tenant_service.identity.actor import Actor
from tenant_service.services import Attachments
from tenant_service.storage.repository import Repository

FILES: Repository[FileRow] = Repository(FileRow)
ours, locked = FILES.ours, FILES.locked
_AT_ONCE = 200


def of(session: Session, subject: str) -> list[FileRow]:
    """What is attached to a record, the oldest first."""
    wanted = select(FileRow).where(FileRow.subject == subject).order_by(FileRow.added_at, FileRow.id)
    return list(session.scalars(wanted))


def count(session: Session, subjects: Iterable[str]) -> dict[str, int]:
    """How many files each of these records has; one that has none is left out."""
    wanted, found = list(subjects), dict[str, int]()
    for start in range(0, len(wanted), _AT_ONCE):
        some = FileRow.subject.in_(wanted[start : start + _AT_ONCE])
        found |= dict(
            session.execute(select(FileRow.subject, func.count()).where(some).group_by(FileRow.subject)).all()
        )
    return found


def of_day(session: Session, sub: str, day: dt.date) -> tuple[int, int]:
    """How many files an account attached on a day that are still there, and how many bytes these have."""
    wanted = select(func.count(), func.coalesce(func.sum(FileRow.size), 0))
    many, size = session.execute(wanted.where(FileRow.sub == sub, FileRow.added_on == day)).one()
    return many, int(size)


def data(session: Session, row: FileRow) -> bytes:
    return session.get_one(FileBytesRow, row.digest).data


def opened(session: Session, actor: Actor, id: str, rooms: Attachments) -> FileRow:
    """A file that the actor may open: its record's room says so.

    Raises:
        Refusal: NOT_FOUND, there is none, or none that this actor may know of.
    """
    row = session.get(FileRow, id)
    if row is None or not may_open(session, actor, row.subject, rooms):
        raise Refusal(Code.NOT_FOUND)
    return row


def may_open(session: Session, actor: Actor, subject: str, rooms: Attachments) -> bool:
    room = rooms.get(_kind(subject))
    return room is not None and not actor.must_change and room.sees(session, actor, subject)


def may_attach(session: Session, actor: Actor, subject: str, rooms: Attachments) -> bool:
    """Whether the actor may attach something to the record, or take something away, on the pages of files."""
    room = rooms.get(_kind(subject))
    if room is None or room.attaches is None or actor.must_change:
        return False
    return room.sees(session, actor, subject) and room.attaches(session, actor, subject)


def _kind(subject: str) -> str:
    try:
        return kind_of(subject)
    except Refusal:
        return ""


def named_after(session: Session, name: str) -> Sequence[FileRow]:
    """Files in whose names a person is named."""
    return session.scalars(select(FileRow).where(FileRow.name.contains(name, autoescape=True))).all() if name else []
