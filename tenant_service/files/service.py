"""What people do with files. The room of the record has said that they may, and has locked the record."""

import hashlib

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from sync.contract.errors import Code, Refusal
from sync.contract.ids import kind_of
from sync.contract.instants import day_of
from tenant_service.files import queries, rules
from tenant_service.files.inspecting import Inspected, inspected
from tenant_service.files.models import FileBytesRow, FileRow
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.services import Attachments
from tenant_service.storage.unit_of_work import Unit


def attach(
    unit: Unit, actor: Actor, subject: str, name: str, data: bytes | Inspected, *, by_reporter: bool = False
) -> FileRow:
    """The record has the file; the same one attached once more is there once. What was looked at before, outside the
    domain's thread, is given as that.

    Raises:
        Refusal: FILE_TOO_LARGE, FILE_KIND, FILE_DAMAGED, FILE_UNSAFE, CLASSIFIED, FILES_OF_RECORD, FILES_OF_THE_DAY.
    """
    told = data if isinstance(data, Inspected) else inspected(name, data)
    digest, sub, today = hashlib.sha256(told.data).hexdigest(), "" if by_reporter else actor.sub, day_of(unit.now)
    there = queries.of(unit.session, subject)
    if same := next((each for each in there if each.digest == digest), None):
        return same
    most = rules.MOST_A_DAY_OF_REPORTERS if by_reporter else rules.MOST_A_DAY
    rules.room_for(len(there), *queries.of_day(unit.session, sub, today), len(told.data), most)
    _keep(unit, digest, told.data)
    row = FileRow(
        id=unit.new_id("file"), subject=subject, name=told.name, kind=told.kind, size=len(told.data), width=told.width,
        height=told.height, digest=digest, by_reporter=by_reporter, sub=sub, added_at=unit.now, added_on=today,
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, "file.attach", row.id, bytes.fromhex(digest))
    return row


def detach(unit: Unit, actor: Actor, id: str) -> str:
    """The file is not there any more, nor are its bytes where no other record has them; returns the record's id.

    Raises:
        Refusal: NOT_FOUND.
    """
    row = queries.locked(unit.session, id)
    _gone(unit, [row])
    audit.note(unit, actor, "file.detach", id)
    return row.subject


def attach_here(
    unit: Unit, actor: Actor, rooms: Attachments, subject: str, told: list[Inspected]
) -> list[FileRow]:  # fmt: skip
    """What somebody uploaded on the page of the files is attached, as the record's room permits; it hears of that.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN, and what `attach` refuses; NOT_FOUND, there is no such record for the actor.
    """
    _permitted(unit, actor, rooms, subject)
    made = [attach(unit, actor, subject, each.name, each) for each in told]
    _tell(unit, rooms, subject)
    return made


def detach_here(unit: Unit, actor: Actor, rooms: Attachments, id: str) -> str:
    """The same, of what somebody takes away there.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND.
    """
    at_home(actor)
    row = queries.opened(unit.session, actor, id, rooms)
    _permitted(unit, actor, rooms, row.subject)
    subject = detach(unit, actor, id)
    _tell(unit, rooms, subject)
    return subject


def drop(unit: Unit, subject: str, *, of_reporter: bool = False) -> int:
    """The record's files are gone with it, or with `of_reporter` those that a reporter sent; how many. It follows from
    an act that is noted, or from retention.
    """
    rows = [each for each in queries.of(unit.session, subject) if each.by_reporter or not of_reporter]
    _gone(unit, rows)
    return len(rows)


def at_home(actor: Actor) -> None:
    """Files are for people of this committee alone; which of them, the record's room says.

    Raises:
        Refusal: NOT_SIGNED_IN, PASSWORD_CHANGE_NEEDED, FORBIDDEN.
    """
    if not actor.iss:
        raise Refusal(Code.NOT_SIGNED_IN)
    if actor.must_change:
        raise Refusal(Code.PASSWORD_CHANGE_NEEDED)
    if not actor.is_home:
        raise Refusal(Code.FORBIDDEN)


def _permitted(unit: Unit, actor: Actor, rooms: Attachments, subject: str) -> None:
    at_home(actor)
    if not queries.may_open(unit.session, actor, subject, rooms):
        raise Refusal(Code.NOT_FOUND)
    if not queries.may_attach(unit.session, actor, subject, rooms):
        raise Refusal(Code.FORBIDDEN)


def _tell(unit: Unit, rooms: Attachments, subject: str) -> None:
    told = rooms[kind_of(subject)].counted
    if told is not None:
        told(unit, subject, queries.count(unit.session, [subject]).get(subject, 0))


def _keep(unit: Unit, digest: str, data: bytes) -> None:
    """The bytes are there, once. Whoever takes the last file of them away waits, or has done so before."""
    insert = (postgresql if unit.session.get_bind().dialect.name == "postgresql" else sqlite).insert
    unit.session.execute(insert(FileBytesRow).values(digest=digest, data=data).on_conflict_do_nothing())
    unit.session.execute(select(FileBytesRow.digest).where(FileBytesRow.digest == digest).with_for_update())


def _gone(unit: Unit, rows: list[FileRow]) -> None:
    digests = sorted({row.digest for row in rows})
    for digest in digests:
        unit.session.execute(select(FileBytesRow.digest).where(FileBytesRow.digest == digest).with_for_update())
    for row in rows:
        unit.session.delete(row)
    unit.session.flush()
    still = set(unit.session.scalars(select(FileRow.digest).where(FileRow.digest.in_(digests))))
    for digest in digests:
        if digest not in still:
            unit.session.execute(delete(FileBytesRow).where(FileBytesRow.digest == digest))
