"""The roster's import: preview, apply exactly what was previewed, undo. In slices, each one transaction.

A slice is short, so that a file of 20,000 rows never holds the domain's thread for long; whoever calls asks for the
next one until nothing is left. What somebody else changes between two slices is left alone, and its row says so.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence

import msgspec
import uuid_utils
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from tenant_service import wording
from tenant_service.identity import audit, disclosures, quotas
from tenant_service.identity.actor import Actor
from tenant_service.identity.disclosures import Told
from tenant_service.identity.policy import UseCase
from tenant_service.members import known, names, taking
from tenant_service.members import queries as members
from tenant_service.members.plans import Before, Plan
from tenant_service.roster import matching, queries
from tenant_service.roster.matching import Finding
from tenant_service.roster.models import BatchRow, LineRow
from tenant_service.roster.reading import Entry
from tenant_service.spreadsheets.rules import ImportState, Outcome
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
    old = queries.forgotten(unit.session, unit.now - KEPT)
    unit.session.execute(delete(LineRow).where(LineRow.batch_id.in_(old)))
    unit.session.execute(delete(BatchRow).where(BatchRow.id.in_(old)))
    row = BatchRow(
        id=uuid_utils.uuid7().hex, by=actor.sub, at=unit.now, state=ImportState.PREVIEWING, heads=list(heads),
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
    batch = _batch(unit, actor, id, ImportState.PREVIEWING)
    people = known.candidates(unit.session, [each.about for each in entries], day_of(unit.now))
    findings = []
    for entry in entries:
        like = [
            each for each in people
            if each.about.name == entry.about.name
            or (entry.about.roster_no and each.about.roster_no == entry.about.roster_no)
        ]  # fmt: skip
        findings.append((entry, matching.finding(entry, like)))
    already = queries.matched_already(unit.session, id, [each.known.id for _, each in findings if each.known])
    lines = []
    for entry, found in findings:
        line = _line(batch, entry, found, already)
        if line.person_id and line.verdict is not Outcome.ERROR:
            already[line.person_id] = line.number
        lines.append(line)
    unit.session.add_all(lines)
    batch.digest = hashlib.sha256(batch.digest.encode() + b"".join(map(_digested, lines))).hexdigest()
    unit.session.flush()


def finish(unit: Unit, actor: Actor, id: str) -> BatchRow:
    """The preview is whole and can be applied. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN."""
    batch = _batch(unit, actor, id, ImportState.PREVIEWING)
    batch.state = ImportState.PREVIEWED
    unit.session.flush()
    return batch


def apply(unit: Unit, actor: Actor, id: str, digest: str) -> None:
    """What was previewed is being taken; `apply_slice` does it. `digest` says which preview was looked at.

    Begun before and interrupted, it may be begun again and goes on where it was.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; ROSTER_CHANGED, it is another preview, or the members changed since.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    batch = queries.batch(unit.session, id)
    if batch.state is ImportState.APPLYING and batch.digest == digest:
        return
    _in_state(batch, ImportState.PREVIEWED)
    if batch.digest != digest or queries.is_stale(unit.session, id):
        raise Refusal(Code.ROSTER_CHANGED)
    batch.state = ImportState.APPLYING
    unit.session.flush()
    audit.note(unit, actor, "roster.apply", id)


def apply_slice(unit: Unit, actor: Actor, id: str) -> bool:
    """The next good rows are taken. Returns whether more are left.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    batch = _batch(unit, actor, id, ImportState.APPLYING)
    lines = queries.open_lines(unit.session, id, SLICE)
    taken = queries.taken(unit.session, lines)
    now = taking.present(unit, [each.person_id for each in lines])
    good = list[tuple[LineRow, Plan]]()
    for line in lines:
        line.is_open, plan = False, _plan(line.plan)
        is_as_seen = line.verdict is Outcome.NEW or now.get(line.person_id or "") == line.revision
        if line.number in taken or not is_as_seen or not members.stand(unit.session, plan.units):
            line.verdict, line.reason = Outcome.ERROR, _CHANGED
        else:
            good.append((line, plan))
    made = taking.take(unit, [(line.person_id, plan) for line, plan in good])
    for (line, _), person in zip(good, made, strict=True):
        line.person_id, line.revision, line.cells = person.person, person.revision, []
        line.before = msgspec.json.encode(person.before)
    if len(lines) < SLICE:
        batch.state = ImportState.APPLIED
    unit.session.flush()
    return batch.state is ImportState.APPLYING


def undo(unit: Unit, actor: Actor, id: str, in_use: InUse = lambda _session, _ids: False) -> None:
    """What the import wrote is being taken back; `undo_slice` does it. May be begun again after an interruption.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN; ROSTER_USED, somebody it wrote was changed since, or other rooms
            have something about somebody it put on the list.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    batch = queries.batch(unit.session, id)
    if batch.state is ImportState.UNDOING:
        return
    _in_state(batch, ImportState.APPLIED)
    if queries.is_used(unit.session, id) or in_use(unit.session, queries.new_persons(unit.session, id)):
        raise Refusal(Code.ROSTER_USED)
    batch.state = ImportState.UNDOING
    written = update(LineRow).where(LineRow.batch_id == id, LineRow.before.is_not(None)).values(is_open=True)
    unit.session.execute(written, execution_options={"synchronize_session": False})
    unit.session.flush()
    audit.note(unit, actor, "roster.undo", id)


def undo_slice(unit: Unit, actor: Actor, id: str) -> bool:
    """The next rows are taken back. Returns whether more are left.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    batch = _batch(unit, actor, id, ImportState.UNDOING)
    lines = queries.open_lines(unit.session, id, SLICE)
    now = taking.revisions(unit, [each.person_id for each in lines])
    removed, restored = list[str](), list[str]()
    for line in lines:
        line.is_open, id_, before = False, line.person_id or "", _before(line.before or b"{}")
        if id_ not in now or now[id_] != line.revision:
            line.reason = _CHANGED
        elif line.verdict is Outcome.NEW:
            removed.append(id_)
        elif taking.restore(unit, id_, before):
            restored.append(id_)
        else:
            line.reason = _CHANGED
    taking.remove(unit, removed)
    taking.found_as_now(unit, restored)
    if len(lines) < SLICE:
        batch.state = ImportState.UNDONE
    unit.session.flush()
    return batch.state is ImportState.UNDOING


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
        found = Finding(Outcome.ERROR, reason=reason)
    return LineRow(
        batch_id=batch.id, number=entry.number, name=entry.about.name[: names.LONGEST], verdict=found.verdict,
        roster_no=entry.about.roster_no, birth_month=entry.about.birth_month, reason=found.reason,
        cells=[] if found.verdict is Outcome.UNCHANGED else entry.cells, before=None,
        plan=msgspec.json.encode(found.plan),
        person_id=found.known.id if found.known else None, revision=found.known.revision if found.known else None,
        is_open=found.verdict in (Outcome.NEW, Outcome.UPDATED),
    )  # fmt: skip


def _digested(line: LineRow) -> bytes:
    told = [line.number, line.verdict, line.name, line.plan, line.person_id, line.revision, line.reason]
    return msgspec.json.encode(told)


def _batch(unit: Unit, actor: Actor, id: str, state: ImportState) -> BatchRow:
    actor.require(UseCase.EDIT_MEMBERS)
    batch = queries.batch(unit.session, id)
    _in_state(batch, state)
    return batch


def _in_state(batch: BatchRow, state: ImportState) -> None:
    if batch.state is not state:
        raise Refusal(Code.OUT_OF_TURN, now=batch.state)
