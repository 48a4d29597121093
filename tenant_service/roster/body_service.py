"""单位名录 from a file: preview, apply exactly what was previewed, undo. Each in one transaction: there are few rows.

What somebody changed between preview and applying is left alone, and its row says so.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import msgspec
import uuid_utils
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from sync.contract.shapes.members import BodyKind
from tenant_service import wording
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.members import body_queries
from tenant_service.members import body_service as bodies
from tenant_service.members import queries as members
from tenant_service.members.body_service import BodyDraft, InHands
from tenant_service.roster import body_rules
from tenant_service.roster.body_rules import Known, Line, Sheet
from tenant_service.roster.models import BodyBatchRow
from tenant_service.roster.rules import BatchState, Verdict
from tenant_service.storage.repository import Repository
from tenant_service.storage.unit_of_work import Unit

BATCHES = Repository(BodyBatchRow)
batch = BATCHES.ours
UNDONE = "撤销导入"
"""Why a body is not on the list any more that a file put there."""
_CHANGED = "处理期间被他人修改，未处理"
_KEPT = dt.timedelta(days=1)
_lines = msgspec.json.Decoder(list[Line]).decode


def lines(row: BodyBatchRow) -> list[Line]:
    return _lines(row.lines)


def tally(told: Sequence[Line]) -> Counter[Verdict]:
    """How many rows came to which verdict."""
    return Counter(line.verdict for line in told)


def latest(session: Session, most: int = 10) -> list[BodyBatchRow]:
    return list(session.scalars(select(BodyBatchRow).order_by(BodyBatchRow.at.desc()).limit(most)))


def preview(unit: Unit, actor: Actor, file_name: str, sheet: Sheet) -> BodyBatchRow:
    """What taking the file would do stands there row by row, and nothing is done. Previews of yesterday are forgotten.

    Raises:
        Refusal: FORBIDDEN.
    """
    actor.require(UseCase.EDIT_MEMBERS)
    old = BodyBatchRow.state == BatchState.PREVIEWED, BodyBatchRow.at < unit.now - _KEPT
    unit.session.execute(delete(BodyBatchRow).where(*old))
    body_rules.found(sheet.lines, _known(unit))
    row = BodyBatchRow(
        id=uuid_utils.uuid7().hex, by=actor.sub, at=unit.now, heads=sheet.heads, state=BatchState.PREVIEWED,
        file_name=wording.text("file", file_name, 200, needed=False)[:120], lines=msgspec.json.encode(sheet.lines),
    )  # fmt: skip
    unit.session.add(row)
    unit.session.flush()
    audit.note(unit, actor, "roster.preview", row.id)
    return row


def apply(unit: Unit, actor: Actor, id: str) -> BodyBatchRow:
    """The good rows of the preview stand on the list; what changed since says so. Raises: Refusal FORBIDDEN, NOT_FOUND,
    OUT_OF_TURN.
    """
    row = _locked(unit, actor, id, BatchState.PREVIEWED)
    told, known = lines(row), _known(unit)
    for line in told:
        if line.verdict in (Verdict.NEW, Verdict.UPDATED):
            _take(unit, actor, line, known.get(line.name))
    return _kept(unit, actor, row, told, BatchState.APPLIED, "roster.apply")


def undo(unit: Unit, actor: Actor, id: str, in_hands: InHands) -> BodyBatchRow:
    """What the file changed is as before, and what it put on the list is closed; a body that was changed since, or has
    something in hands, stays and its row says so. Raises: Refusal FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    row = _locked(unit, actor, id, BatchState.APPLIED)
    told = lines(row)
    for line in told:
        if line.is_done:
            _take_back(unit, actor, line, in_hands)
    return _kept(unit, actor, row, told, BatchState.UNDONE, "roster.undo")


def _take(unit: Unit, actor: Actor, line: Line, known: Known | None) -> None:
    if (known.revision if known else None) != line.revision:
        line.verdict, line.reason = Verdict.ERROR, _CHANGED
        return
    if known is None:
        draft = BodyDraft(line.name, line.kind or BodyKind.DEPARTMENT, coordinates=bool(line.coordinates))
        line.body_id = bodies.add_body(unit, actor, draft).id
    else:
        _change(unit, actor, known.id, line.kind or known.kind, coordinates=line.coordinates)
        line.before = known
    line.revision, line.is_done, line.cells = members.BODIES.ours(unit.session, line.body_id or "").revision, True, []


def _take_back(unit: Unit, actor: Actor, line: Line, in_hands: InHands) -> None:
    row = members.BODIES.ours(unit.session, line.body_id or "")
    if row.revision != line.revision:
        line.reason = _CHANGED
    elif line.before is not None:
        _change(unit, actor, row.id, line.before.kind, coordinates=line.before.coordinates)
    elif held := in_hands(unit.session, row.id):
        line.reason = f"有{len(held)}件在办，未撤销"
    else:
        bodies.close_body(unit, actor, row.id, day_of(unit.now) - dt.timedelta(days=1), UNDONE, in_hands)


def _change(unit: Unit, actor: Actor, id: str, kind: BodyKind, *, coordinates: bool | None) -> None:
    row = members.BODIES.ours(unit.session, id)
    bodies.change_body(unit, actor, id, BodyDraft(
        row.name, kind, row.coordinates if coordinates is None else coordinates, row.contact_name, row.contact_phone,
    ))  # fmt: skip


def _known(unit: Unit) -> dict[str, Known]:
    """The bodies of the list, by name without its spaces, as a file's rows are."""
    return {
        "".join(row.name.split()): Known(row.id, row.revision, row.kind, row.coordinates)
        for row in body_queries.standing(unit.session)
    }


def _locked(unit: Unit, actor: Actor, id: str, state: BatchState) -> BodyBatchRow:
    actor.require(UseCase.EDIT_MEMBERS)
    row = BATCHES.locked(unit.session, id)
    if row.state is not state:
        raise Refusal(Code.OUT_OF_TURN, now=row.state)
    return row


def _kept(
    unit: Unit, actor: Actor, row: BodyBatchRow, told: list[Line], state: BatchState, act: str
) -> BodyBatchRow:  # fmt: skip
    row.lines, row.state = msgspec.json.encode(told), state
    unit.session.flush()
    audit.note(unit, actor, act, row.id)
    return row
