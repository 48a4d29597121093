"""The roster's import: preview, apply exactly what was previewed, undo. In slices, each one transaction.

A slice is short, so that a file of 20,000 rows never holds the domain's thread for long; whoever calls asks for the
next one until nothing is left. What somebody else changes between two slices is left alone, and its row says so.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import uuid_utils
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.members import MembershipEntry, MembershipKind, MembershipState
from sync.contract.sectors import Party, Sector
from tenant_service import wording
from tenant_service.identity import audit, disclosures, quotas
from tenant_service.identity.actor import Actor
from tenant_service.identity.disclosures import Told
from tenant_service.identity.policy import UseCase
from tenant_service.members import names, queries, roster_queries, roster_rules, service
from tenant_service.members.models import BatchRow, LineRow, MembershipRow, PersonRow, PersonTagRow
from tenant_service.members.roster import Entry
from tenant_service.members.roster_rules import Before, Finding, Plan
from tenant_service.members.rules import BatchState, Gender, Verdict
from tenant_service.storage import search
from tenant_service.storage.unit_of_work import Unit

SLICE = 100
"""Rows of one transaction: a few hundred statements."""
KEPT = dt.timedelta(days=1)
"""How long a preview that nobody applied stays."""

InUse = Callable[[Session, Sequence[str]], bool]
"""Whether other rooms have something about one of these people."""

_plan = msgspec.json.Decoder(Plan).decode
_before = msgspec.json.Decoder(Before).decode
_CHANGED = "处理期间被他人修改，未处理"


def begin(unit: Unit, actor: Actor, file_name: str, heads: Sequence[str]) -> str:
    """A preview is begun; `add` puts the rows into it. Old ones that nobody applied are thrown away. Returns its id.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    old = roster_queries.forgotten(unit.session, unit.now - KEPT)
    unit.session.execute(delete(LineRow).where(LineRow.batch_id.in_(old)))
    unit.session.execute(delete(BatchRow).where(BatchRow.id.in_(old)))
    row = BatchRow(
        id=uuid_utils.uuid7().hex, by=actor.sub, at=unit.now, state=BatchState.PREVIEWING, heads=list(heads),
        file_name=wording.text("file", file_name, 200, needed=False)[:120], digest="",
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, "roster.preview", row.id)
    return row.id


def add(unit: Unit, actor: Actor, id: str, entries: Sequence[Entry]) -> None:
    """These entries are in the preview, each with what taking it would do. Give at most `SLICE` at once.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    batch = _batch(unit, actor, id, BatchState.PREVIEWING)
    people = roster_queries.candidates(unit.session, [each.about for each in entries], day_of(unit.now))
    findings = []
    for entry in entries:
        like = [
            each for each in people
            if each.about.name == entry.about.name
            or (entry.about.roster_no and each.about.roster_no == entry.about.roster_no)
        ]  # fmt: skip
        findings.append((entry, roster_rules.finding(entry, like)))
    already = roster_queries.matched_already(unit.session, id, [each.known.id for _, each in findings if each.known])
    lines = []
    for entry, found in findings:
        line = _line(batch, entry, found, already)
        if line.person_id and line.verdict is not Verdict.ERROR:
            already[line.person_id] = line.number
        lines.append(line)
    unit.session.add_all(lines)
    batch.digest = hashlib.sha256(batch.digest.encode() + b"".join(map(_digested, lines))).hexdigest()
    unit.session.flush()


def finish(unit: Unit, actor: Actor, id: str) -> BatchRow:
    """The preview is whole and can be applied. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN."""
    batch = _batch(unit, actor, id, BatchState.PREVIEWING)
    batch.state = BatchState.PREVIEWED
    unit.session.flush()
    return batch


def apply(unit: Unit, actor: Actor, id: str, digest: str) -> None:
    """What was previewed is being taken; `apply_slice` does it. `digest` says which preview was looked at.

    Begun before and interrupted, it may be begun again and goes on where it was.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; ROSTER_CHANGED, it is another preview, or the members changed since.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    batch = roster_queries.batch(unit.session, id)
    if batch.state is BatchState.APPLYING and batch.digest == digest:
        return
    _in_state(batch, BatchState.PREVIEWED)
    if batch.digest != digest or roster_queries.is_stale(unit.session, id):
        raise Refusal(Code.ROSTER_CHANGED)
    batch.state = BatchState.APPLYING
    unit.session.flush()
    audit.note(unit, actor, "roster.apply", id)


def apply_slice(unit: Unit, actor: Actor, id: str) -> bool:
    """The next good rows are taken. Returns whether more are left.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    batch = _batch(unit, actor, id, BatchState.APPLYING)
    lines = roster_queries.open_lines(unit.session, id, SLICE)
    taken = roster_queries.taken(unit.session, lines)
    rows = {row.id: row for row in roster_queries.persons(unit.session, [each.person_id for each in lines])}
    written = list[tuple[LineRow, PersonRow, Plan, Before]]()
    for line in lines:
        line.is_open, plan, row = False, _plan(line.plan), rows.get(line.person_id or "")
        if line.number in taken or not _is_as_seen(line, row) or not _stand(unit, plan):
            line.verdict, line.reason = Verdict.ERROR, _CHANGED
        else:
            row, before = _take(unit, row, plan)
            written.append((line, row, plan, before))
    unit.session.flush()  # people stand before what they are
    for line, row, plan, before in written:
        _take_seats(unit, row, plan, before)
        line.person_id, line.revision, line.cells = row.id, row.revision, []
        line.before = msgspec.json.encode(before)
    service.refresh_index(unit, [row for _, row, _, _ in written])
    if len(lines) < SLICE:
        batch.state = BatchState.APPLIED
    unit.session.flush()
    return batch.state is BatchState.APPLYING


def undo(unit: Unit, actor: Actor, id: str, in_use: InUse = lambda _session, _ids: False) -> None:
    """What the import wrote is being taken back; `undo_slice` does it. May be begun again after an interruption.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; ROSTER_USED, somebody it wrote was changed since, or other rooms
            have something about somebody it put on the list.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    batch = roster_queries.batch(unit.session, id)
    if batch.state is BatchState.UNDOING:
        return
    _in_state(batch, BatchState.APPLIED)
    if roster_queries.is_used(unit.session, id) or in_use(unit.session, roster_queries.new_persons(unit.session, id)):
        raise Refusal(Code.ROSTER_USED)
    batch.state = BatchState.UNDOING
    written = update(LineRow).where(LineRow.batch_id == id, LineRow.before.is_not(None)).values(is_open=True)
    unit.session.execute(written, execution_options={"synchronize_session": False})
    unit.session.flush()
    audit.note(unit, actor, "roster.undo", id)


def undo_slice(unit: Unit, actor: Actor, id: str) -> bool:
    """The next rows are taken back. Returns whether more are left.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    batch = _batch(unit, actor, id, BatchState.UNDOING)
    lines = roster_queries.open_lines(unit.session, id, SLICE)
    rows = {row.id: row for row in roster_queries.persons(unit.session, [each.person_id for each in lines])}
    removed, restored = list[str](), list[PersonRow]()
    for line in lines:
        line.is_open, row, before = False, rows.get(line.person_id or ""), _before(line.before or b"{}")
        if row is None or row.revision != line.revision or _number_is_taken(unit, row, before):
            line.reason = _CHANGED
        elif line.verdict is Verdict.NEW:
            removed.append(row.id)
        else:
            _restore(unit, row, before)
            restored.append(row)
    _remove(unit, removed)
    service.refresh_index(unit, restored)
    if len(lines) < SLICE:
        batch.state = BatchState.UNDONE
    unit.session.flush()
    return batch.state is BatchState.UNDOING


def note_export(unit: Unit, actor: Actor, told: Told, rows: int, most: int) -> None:
    """That rows of people are taken out, and what for, stands in the register and in the log.

    Raises:
        Refusal: FORBIDDEN, PURPOSE_NEEDED, NEEDS_REASON, BAD_VALUE; QUOTA_REACHED.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    disclosures.export(unit, actor, "members.export", unit.committee, told, rows)
    quotas.add(unit, actor, rows, most)


# ── one row ──


def _line(batch: BatchRow, entry: Entry, found: Finding, already: dict[str, int]) -> LineRow:
    if found.known and found.known.id in already:
        reason = f"与第{already[found.known.id]}行是同一人"
        found = Finding(Verdict.ERROR, reason=reason)
    return LineRow(
        batch_id=batch.id, number=entry.number, name=entry.about.name[: names.LONGEST], verdict=found.verdict,
        roster_no=entry.about.roster_no, birth_month=entry.about.birth_month, reason=found.reason,
        cells=[] if found.verdict is Verdict.UNCHANGED else entry.cells, before=None,
        plan=msgspec.json.encode(found.plan),
        person_id=found.known.id if found.known else None, revision=found.known.revision if found.known else None,
        is_open=found.verdict in (Verdict.NEW, Verdict.UPDATED),
    )  # fmt: skip


def _digested(line: LineRow) -> bytes:
    told = [line.number, line.verdict, line.name, line.plan, line.person_id, line.revision, line.reason]
    return msgspec.json.encode(told)


def _is_as_seen(line: LineRow, row: PersonRow | None) -> bool:
    """Whether the row still means what it meant in the preview."""
    if line.verdict is Verdict.NEW:
        return True
    return row is not None and row.revision == line.revision and row.left_on is None


def _number_is_taken(unit: Unit, row: PersonRow, before: Before) -> bool:
    """Whether the roster number that the person had before is somebody else's by now."""
    no = before.about.get("roster_no")
    holder = queries.by_roster_no(unit.session, no) if no else None
    return holder is not None and holder.id != row.id


def _stand(unit: Unit, plan: Plan) -> bool:
    """Whether the units of the plan are still there."""
    return queries.stand(unit.session, plan.units)


def _take(unit: Unit, row: PersonRow | None, plan: Plan) -> tuple[PersonRow, Before]:
    """The person is as the plan says; and what stood there before."""
    before = Before()
    if row is None:
        row = PersonRow(id=unit.new_id("person"), committee_id=unit.committee, revision=0, left_on=None, tags=[])
    else:
        have = roster_rules.told(roster_queries.about_of(row))
        before.about = {name: have.get(name) for name in plan.about}
    _write_about(row, plan.about)
    row.revision, row.changed_at = row.revision + 1, unit.now
    unit.session.add(row)
    return row, before


def _take_seats(unit: Unit, row: PersonRow, plan: Plan, before: Before) -> None:
    """The person holds what the plan says; what was held before is noted."""
    for each in plan.units:
        before.made.append(_membership(unit, row, unit_id=each, since=day_of(unit.now)))
    if not plan.has_seat:
        return
    if plan.seat_id is None:
        before.made.append(_membership(unit, row, entry=MembershipEntry.TERM, **_seat(plan.seat)))
        return
    held = queries.locked_membership(unit.session, plan.seat_id)
    have = roster_rules.told(roster_queries.seat_of(held))
    before.seat = {"id": held.id} | {name: have.get(name) for name in plan.seat}
    _write_seat(unit, held, plan.seat)


def _membership(unit: Unit, row: PersonRow, **told: Any) -> str:
    made = MembershipRow(
        id=unit.new_id("membership"), committee_id=unit.committee, revision=1, changed_at=unit.now,
        kind=MembershipKind.MEMBER, state=MembershipState.ACTIVE, person_id=row.id, **told,
    )  # fmt: skip
    unit.session.add(made)
    return made.id


def _write_about(row: PersonRow, about: dict[str, Any]) -> None:
    for name, value in about.items():
        if name == "gender":
            row.gender = Gender.known(value) if value else None
        else:
            setattr(row, name, value if value is not None or name != "tags" else [])
    row.sort_key = names.sort_key(row.name, row.roster_no)


def _seat(told: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Callable[[Any], Any]] = {
        "sector": Sector.known,
        "party": Party.known,
        "since": dt.date.fromisoformat,
    }
    return {name: read.get(name, lambda same: same)(value) if value else None for name, value in told.items()}


def _write_seat(unit: Unit, held: MembershipRow, told: dict[str, Any]) -> None:
    for name, value in _seat(told).items():
        setattr(held, name, value)
    held.revision, held.changed_at = held.revision + 1, unit.now


def _restore(unit: Unit, row: PersonRow, before: Before) -> None:
    _write_about(row, before.about)
    unit.session.execute(delete(MembershipRow).where(MembershipRow.id.in_(before.made)))
    if before.seat:
        seat = dict(before.seat)
        _write_seat(unit, queries.locked_membership(unit.session, seat.pop("id")), seat)
    row.revision, row.changed_at = row.revision + 1, unit.now


def _remove(unit: Unit, persons: Sequence[str]) -> None:
    session = unit.session
    session.flush()
    search.forget_all(session, persons)
    session.execute(delete(PersonTagRow).where(PersonTagRow.person_id.in_(persons)))
    session.execute(delete(MembershipRow).where(MembershipRow.person_id.in_(persons)))
    session.execute(delete(PersonRow).where(PersonRow.id.in_(persons)))


def _batch(unit: Unit, actor: Actor, id: str, state: BatchState) -> BatchRow:
    actor.require(UseCase.EDIT_MEMBERS)
    batch = roster_queries.batch(unit.session, id)
    _in_state(batch, state)
    return batch


def _in_state(batch: BatchRow, state: BatchState) -> None:
    if batch.state is not state:
        raise Refusal(Code.OUT_OF_TURN, now=batch.state)
