"""A file is previewed, applied as it was previewed, and taken back; each in one transaction.

The preview does what applying would do, row by row, and takes each row back: so it says what the room itself would say.
What somebody changed between preview and applying is left alone, and its row says so.
"""

import datetime as dt
from collections.abc import Callable, Sequence

import msgspec
import uuid_utils
from sqlalchemy import delete, select

from sync.contract.errors import Code, Refusal
from tenant_service import wording
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.importing import InHands, Sheet
from tenant_service.imports import queries
from tenant_service.imports.models import ImportRow
from tenant_service.imports.reading import Told
from tenant_service.imports.rules import Line
from tenant_service.spreadsheets.rules import ImportState, Outcome
from tenant_service.storage.unit_of_work import Unit

_CHANGED = "处理期间被他人修改，未处理"
_KEPT = dt.timedelta(days=1)


class _Tried(Exception):
    """The row could be taken."""


def preview(unit: Unit, actor: Actor, sheet: Sheet, file_name: str, told: Told) -> ImportRow:
    """What taking the file would do stands there row by row, and nothing is done. Previews of yesterday are forgotten.

    Raises:
        Refusal: FORBIDDEN.
    """
    actor.require(sheet.use)
    old = ImportRow.state == ImportState.PREVIEWED, ImportRow.at < unit.now - _KEPT
    unit.session.execute(delete(ImportRow).where(*old))
    for line in told.lines:
        if not line.reason:
            _foresee(unit, actor, sheet, line)
    row = ImportRow(
        id=uuid_utils.uuid7().hex, sheet=sheet.code, by=actor.sub, at=unit.now, heads=told.heads,
        state=ImportState.PREVIEWED, file_name=wording.text("file", file_name, 200, needed=False)[:120],
        lines=msgspec.json.encode(told.lines),
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, "import.preview", row.id)
    return row


def apply(unit: Unit, actor: Actor, sheet: Sheet, id: str) -> ImportRow:
    """The good rows of the preview stand on the list; what changed since says so. Raises: Refusal FORBIDDEN, NOT_FOUND,
    OUT_OF_TURN.
    """
    row = _locked(unit, actor, sheet, id, ImportState.PREVIEWED)
    told = queries.lines(row)
    for line in told:
        if line.outcome in (Outcome.NEW, Outcome.UPDATED):
            _take(unit, actor, sheet, line)
    return _kept(unit, actor, row, told, ImportState.APPLIED, "import.apply")


def undo(unit: Unit, actor: Actor, sheet: Sheet, id: str, in_hands: InHands) -> ImportRow:
    """What the file changed is as before, and what it put on the list is taken back; what was changed since, or may not
    be taken back any more, stays and its row says so. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    row = _locked(unit, actor, sheet, id, ImportState.APPLIED)
    told = queries.lines(row)
    for line in reversed(told):
        if line.is_done:
            line.reason = _take_back(unit, actor, sheet, line, in_hands)
    return _kept(unit, actor, row, told, ImportState.UNDONE, "import.undo")


def _foresee(unit: Unit, actor: Actor, sheet: Sheet, line: Line) -> None:
    hit = sheet.find(unit.session, line.fields)
    if hit is None:
        line.outcome = Outcome.NEW
        line.reason = _attempt(unit, lambda: sheet.add(unit, actor, line.fields), keeps=False)
    else:
        line.record, line.revision = hit
        line.before = dict(sheet.filled(unit.session, line.record)) if sheet.filled else None
        wanted = _wanted(sheet, line)
        line.outcome = Outcome.UNCHANGED if sheet.change is None or wanted == line.before else Outcome.UPDATED
        if line.outcome is Outcome.UPDATED:
            line.reason = _attempt(unit, lambda: _change(unit, actor, sheet, line, wanted), keeps=False)
    if line.reason:
        line.outcome = Outcome.ERROR


def _take(unit: Unit, actor: Actor, sheet: Sheet, line: Line) -> None:
    hit = sheet.find(unit.session, line.fields)
    if hit != (None if line.outcome is Outcome.NEW else (line.record, line.revision)):
        line.outcome, line.reason = Outcome.ERROR, _CHANGED
        return
    if hit is None:

        def add() -> None:
            line.record = sheet.add(unit, actor, line.fields)

        line.reason = _attempt(unit, add)
    else:
        line.reason = _attempt(unit, lambda: _change(unit, actor, sheet, line, _wanted(sheet, line)))
    if line.reason or line.record is None:
        line.outcome, line.record = Outcome.ERROR, hit and hit[0]
        return
    line.revision, line.is_done, line.cells = sheet.revision(unit.session, line.record), True, []


def _take_back(unit: Unit, actor: Actor, sheet: Sheet, line: Line, in_hands: InHands) -> str | None:
    """Why it stays; None: it is as before."""
    record = line.record or ""
    try:
        if sheet.revision(unit.session, record) != line.revision:
            return _CHANGED
    except Refusal as gone:
        return gone.zh
    if line.before is None:
        return _attempt(unit, lambda: sheet.remove(unit, actor, record, in_hands))
    return _attempt(unit, lambda: _change(unit, actor, sheet, line, dict(line.before or {})))


def _wanted(sheet: Sheet, line: Line) -> dict[str, str]:
    """What the file does not say stays, and so does what the row was found by."""
    before, called = line.before or {}, sheet.columns[0].field
    return before | line.fields | {called: before.get(called, line.name)}


def _change(unit: Unit, actor: Actor, sheet: Sheet, line: Line, fields: dict[str, str]) -> None:
    if sheet.change and line.record:
        sheet.change(unit, actor, line.record, fields)


def _attempt(unit: Unit, act: Callable[[], object], *, keeps: bool = True) -> str | None:
    """Why the room refuses; None: it does not, and it is done if it is to be kept."""

    def tried() -> None:
        act()
        if not keeps:
            raise _Tried

    try:
        with unit.attempt():
            tried()
    except _Tried:
        return None
    except Refusal as refusal:
        return refusal.zh
    return None


def _locked(unit: Unit, actor: Actor, sheet: Sheet, id: str, state: ImportState) -> ImportRow:
    actor.require(sheet.use)
    row = queries.FILES.locked(unit.session, id)
    if row.sheet != sheet.code:
        raise Refusal(Code.NOT_FOUND)
    if row.state is not state:
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    return row


def _kept(
    unit: Unit, actor: Actor, row: ImportRow, told: Sequence[Line], state: ImportState, act: str
) -> ImportRow:  # fmt: skip
    row.lines, row.state = msgspec.json.encode(told), state
    unit.session.flush()
    audit.note(unit, actor, act, row.id)
    return row


def forget(unit: Unit, before: dt.datetime) -> int:
    """The oldest files of before that moment are gone and cannot be undone any more; how many."""
    old = list(unit.session.scalars(select(ImportRow.id).where(ImportRow.at < before).order_by(ImportRow.at).limit(20)))
    unit.session.execute(delete(ImportRow).where(ImportRow.id.in_(old)))
    return len(old)
