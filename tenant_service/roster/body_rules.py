"""单位名录 from the sheets of a file: one entry per row, what its kind is called, and what taking it would do. Pure.

Nobody is dropped: each row below the heads with anything in it becomes one entry, and one that cannot be taken says
why. Contacts are not read: they are people, and are entered on the body's page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.members import BodyKind
from tenant_service import wording
from tenant_service.roster.rules import Verdict
from tenant_service.spreadsheets import cells, heads
from tenant_service.spreadsheets.cells import Cell, Unreadable
from tenant_service.spreadsheets.grids import Grid

MOST_BODIES = 500
HEADS = {
    "name": "单位名称 承办单位 部门名称 机构名称 名称 单位 部门",
    "kind": "单位类别 单位类型 单位性质 类别 类型 性质",
    "coordinates": "可任交办单位 是否交办单位 交办单位",
}
"""What a column tells → how lists of bodies head it, the best first."""
_RANKS = heads.ranks_of(HEADS)
_KINDS = {
    BodyKind.DEPARTMENT: "部门 政府部门 职能部门 局 委办局 承办单位",
    BodyKind.PARTY_GOVERNMENT: "党委 政府 党委部门 党群 党政机关 镇街 乡镇 街道",
    BodyKind.ENTERPRISE: "公司 国企 国有企业",
    BodyKind.SOCIAL_ORGANISATION: "社团 协会 商会 群团 人民团体",
    BodyKind.SCHOOL: "学校 院校 中小学",
    BodyKind.VILLAGE_COMMITTEE: "村 社区 村委会 居委会 村（社区） 村居",
}
_CALLED = {name: kind for kind, names in _KINDS.items() for name in (kind.label, kind.value, *names.split())}
_YES = frozenset({"是", "√", "✓", "有", "可", "Y", "y", "yes", "1"})
_NO = frozenset({"否", "×", "N", "n", "no", "0"})


class Known(msgspec.Struct, frozen=True):
    """A body of the list as a row could mean it."""

    id: str
    revision: int
    kind: BodyKind
    coordinates: bool


class Line(msgspec.Struct, omit_defaults=True):
    """One row of a file and what became of it. `before`: what stood there, once it was taken; `is_done`: it was."""

    number: int
    cells: list[str]
    name: str
    verdict: Verdict = Verdict.ERROR
    reason: str | None = None
    kind: BodyKind | None = None
    coordinates: bool | None = None
    body_id: str | None = None
    revision: int | None = None
    before: Known | None = None
    is_done: bool = False


@dataclass(frozen=True)
class Sheet:
    """The heads as the file has them, and a line for each row below with anything in it."""

    heads: list[str]
    lines: list[Line]


def read(sheets: Sequence[Grid]) -> Sheet:
    """The list in the first sheet that has one.

    Raises:
        Refusal: BODIES_NO_HEADER; ROSTER_UNREADABLE, too many rows.
    """
    for grid in sheets:
        at = heads.head_row(grid, _RANKS, ("name",))
        if at is not None:
            return _below(grid, at)
    raise Refusal(Code.BODIES_NO_HEADER)


def found(lines: Sequence[Line], known: Mapping[str, Known]) -> None:
    """Each line says what taking it would do; `known`: the bodies of the list by name."""
    for line in lines:
        is_there = known.get(line.name)
        if line.reason:
            continue
        if is_there is None:
            line.verdict, line.reason = (Verdict.NEW, None) if line.kind else (Verdict.ERROR, "新单位须填单位类别")
            continue
        line.body_id, line.revision = is_there.id, is_there.revision
        same_kind = line.kind in (None, is_there.kind)
        same = same_kind and line.coordinates in (None, is_there.coordinates)
        line.verdict = Verdict.UNCHANGED if same else Verdict.UPDATED


def _below(grid: Grid, at: int) -> Sheet:
    columns = heads.columns_of(grid.rows[at], _RANKS)
    rows = [
        (number, row) for number, row in enumerate(grid.rows[at + 1 :], at + 2)
        if not all(cells.is_blank(cell) for cell in row)
    ]  # fmt: skip
    if len(rows) > MOST_BODIES:
        why = Said(f"超过{MOST_BODIES}行，请分批导入", f"over {MOST_BODIES} rows; bring them in parts")
        raise Refusal(Code.ROSTER_UNREADABLE, why=why)
    first, lines = dict[str, int](), list[Line]()
    for number, row in rows:
        line = _line(number, row, columns)
        if not line.reason and line.name in first:
            line.reason = f"与第{first[line.name]}行重复"
        first.setdefault(line.name, number)
        lines.append(line)
    return Sheet([cells.raw(cell) for cell in grid.rows[at]], lines)


def _line(number: int, row: Sequence[Cell], columns: Mapping[str, int]) -> Line:
    told = {each: row[column] if column < len(row) else "" for each, column in columns.items()}
    name = "".join((cells.said(told["name"]) or "").split())
    line = Line(number, [cells.raw(cell) for cell in row], name[:120])
    try:
        line.name = wording.text(Said("单位名称", "name"), name, 120)  # as it would be kept, so as it is looked for
        line.kind, line.coordinates = _kind(told.get("kind", "")), _is(told.get("coordinates", ""))
    except Unreadable as wrong:
        line.reason = str(wrong)
    except Refusal as refusal:
        line.reason = refusal.zh
    return line


def _kind(cell: Cell) -> BodyKind | None:
    plain = cells.said(cell)
    if plain is None:
        return None
    if plain not in _CALLED:
        raise Unreadable(f"单位类别“{plain[:20]}”应为{'、'.join(each.label for each in BodyKind)}之一")
    return _CALLED[plain]


def _is(cell: Cell) -> bool | None:
    plain = cells.said(cell)
    if plain is None or plain in _YES | _NO:
        return None if plain is None else plain in _YES
    raise Unreadable(f"可任交办单位“{plain[:10]}”应为是或否")
