"""名册 (roster): from the sheets of a file to one entry per person. Pure; whom an entry means is for `matching`.

Nobody is dropped: each row below the heads with anything in it becomes one entry, and an entry that cannot be taken
says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.sectors import Sector
from tenant_service import wording
from tenant_service.members import names
from tenant_service.members.plans import About, Seat
from tenant_service.members.rules import MOST_TAGS, Gender
from tenant_service.roster import sectors
from tenant_service.spreadsheets import cells, heads
from tenant_service.spreadsheets.cells import Cell, MonthStyle, Unreadable
from tenant_service.spreadsheets.grids import MOST_ROWS, Grid

HEADS: dict[str, str] = {
    "name": "姓名 委员姓名 名字",
    "roster_no": "编号 委员编号 委员证号 委员号 名册编号 名册号",
    "gender": "性别",
    "birth_month": "出生年月 出生日期 出生年月日 出生时间 生日",
    "title": "政协职务 会内职务 本会职务 委员职务 职务",
    "sector": "界别 所属界别 委员界别 所在界别",
    "party": "党派 政治面貌 党派团体 所属党派",
    "term": "届次 届 届别",
    "since": "任职时间 任职日期 当选时间 增补时间",
    "employer": "工作单位及职务 单位及职务 工作单位和职务 工作单位 单位职务 单位",
    "work_phone": "工作电话 办公电话 联系电话 电话 手机号码 手机号 手机 联系方式",
    "tags": "标签 特长 专长",
    "special_committee": "专委会 专门委员会 所属专委会 所在专委会",
    "group": "委员小组 小组 活动小组 活动组 所在小组",
    "liaison": "联络室 联络委 工委 联络组 所在联络室",
}
"""What a column tells → how rosters head it, the best first."""

UNIT_COLUMNS = {
    "special_committee": UnitKind.SPECIAL_COMMITTEE, "group": UnitKind.MEMBER_GROUP, "liaison": UnitKind.LIAISON,
}  # fmt: skip
_RANKS = heads.ranks_of(HEADS)


@dataclass
class Entry:
    """One row with something in it. `number`: as the spreadsheet counts, from 1. `problem`: why it is not taken."""

    number: int
    cells: list[str]
    about: About = field(default_factory=About)
    seat: Seat = field(default_factory=Seat)
    units: list[str] = field(default_factory=list)
    problem: str | None = None


@dataclass(frozen=True)
class Local:
    """The committee's own words: its names of sectors, and its open units by kind and name."""

    sectors: Mapping[str, Sector] = field(default_factory=dict)
    units: Mapping[tuple[UnitKind, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Roster:
    """The heads as the file has them, and an entry for each row below with anything in it."""

    heads: list[str]
    entries: list[Entry]


def read(sheets: Sequence[Grid], local: Local) -> Roster:
    """The roster in the first sheet that has one.

    Raises:
        Refusal: ROSTER_NO_HEADER; ROSTER_UNREADABLE, too many rows.
    """
    for grid in sheets:
        at = heads.head_row(grid, _RANKS, ("name",))
        if at is not None:
            return _below(grid, at, local)
    raise Refusal(Code.ROSTER_NO_HEADER)


def _below(grid: Grid, at: int, local: Local) -> Roster:
    columns = heads.columns_of(grid.rows[at], _RANKS)
    rows = [
        (number, row) for number, row in enumerate(grid.rows[at + 1 :], at + 2)
        if not all(cells.is_blank(cell) for cell in row)
    ]  # fmt: skip
    if len(rows) > MOST_ROWS:
        raise Refusal(
            Code.ROSTER_UNREADABLE,
            why=Said(f"超过{MOST_ROWS}行，请分批导入", f"over {MOST_ROWS} rows; bring them in parts"),
        )
    how = cells.style(_at(row, columns.get("birth_month")) for _, row in rows)
    entries = [_entry(number, row, columns, how, local) for number, row in rows]
    _mark_repeated(entries)
    return Roster([cells.raw(cell) for cell in grid.rows[at]], entries)


def _at(row: Sequence[Cell], column: int | None) -> Cell:
    return row[column] if column is not None and column < len(row) else ""


def _entry(number: int, row: Sequence[Cell], columns: Mapping[str, int], how: MonthStyle, local: Local) -> Entry:
    entry = Entry(number, [cells.raw(cell) for cell in row])
    told = {each: _at(row, column) for each, column in columns.items()}
    entry.about = About(name=names.written(cells.text(told["name"]))[: names.LONGEST])
    try:
        entry.about = _about(told, how)
        entry.seat = _seat(told, local)
        entry.units = _units(told, local)
    except Unreadable as wrong:
        entry.problem = str(wrong)
    except Refusal as refusal:
        entry.problem = refusal.zh
    return entry


def _about(told: Mapping[str, Cell], how: MonthStyle) -> About:
    name = names.written(cells.text(told["name"]))
    if not name:
        raise Unreadable("缺姓名")
    if not names.is_name(name):
        raise Unreadable(f"“{name[:20]}”不像姓名")
    tags = cells.tags(told.get("tags", ""))
    gender = _gender(told.get("gender", ""))
    return About(
        name=wording.text(Said("姓名", "name"), name, names.LONGEST), roster_no=_text(told, "roster_no", 20),
        gender=gender.value if gender else None, birth_month=cells.month(told.get("birth_month", ""), how),
        work_phone=cells.phone(told.get("work_phone", "")), employer=_text(told, "employer", 120),
        tags=_tags(tags) if tags else None,
    )  # fmt: skip


def _gender(cell: Cell) -> Gender | None:
    plain = cells.said(cell)
    found = next((each for each in Gender if plain in (each.label, f"{each.label}性", each.value)), None)
    if plain is not None and found is None:
        raise Unreadable(f"性别“{plain[:10]}”应为男或女")
    return found


def _tags(tags: Sequence[str]) -> list[str]:
    if len(set(tags)) > MOST_TAGS:
        raise Unreadable(f"标签超过{MOST_TAGS}个")
    return [wording.text("tags", tag, 20) for tag in dict.fromkeys(tags)]


def _seat(told: Mapping[str, Cell], local: Local) -> Seat:
    since = cells.day(told.get("since", ""))
    return Seat(
        title=_text(told, "title", 40), term=cells.term(told.get("term", "")),
        sector=_coded(told, "sector", "界别", lambda each: sectors.sector_named(each, local.sectors)),
        party=_coded(told, "party", "党派", sectors.party_named), since=since.isoformat() if since else None,
    )  # fmt: skip


def _coded(told: Mapping[str, Cell], column: str, label: str, known: Any) -> Any:
    written = cells.said(told.get(column, ""))
    if written is None:
        return None
    code = known(written)
    if code is None:
        raise Unreadable(f"{label}“{written[:20]}”不在名录中，请改用规范名称，或先在本会{label}中登记")
    return code


def _units(told: Mapping[str, Cell], local: Local) -> list[str]:
    found = []
    for column, kind in UNIT_COLUMNS.items():
        name = cells.said(told.get(column, ""))
        if name is None:
            continue
        id = local.units.get((kind, name)) or local.units.get((kind, "".join(name.split())))
        if id is None:
            raise Unreadable(f"没有名为“{name[:20]}”的{kind.label}，请先建立")
        found.append(id)
    sector = cells.said(told.get("sector", ""))
    if sector and (id := local.units.get((UnitKind.SECTOR, sector))):
        found.append(id)
    return list(dict.fromkeys(found))


def _text(told: Mapping[str, Cell], column: str, longest: int) -> str | None:
    plain = cells.said(told.get(column, ""))
    label = HEADS[column].split()[0]
    return wording.optional(Said(label, column), " ".join(plain.split()), longest) if plain else None


def _mark_repeated(entries: Sequence[Entry]) -> None:
    """Who stands in the file twice is taken once, from the first row; the others say where that is."""
    by_no: dict[str, int] = {}
    by_name: dict[tuple[str, str | None], Entry] = {}
    for entry in entries:
        if entry.problem:
            continue
        about = entry.about
        namesake = by_name.get((about.name, about.birth_month))
        if about.roster_no and about.roster_no in by_no:
            entry.problem = f"编号与第{by_no[about.roster_no]}行重复"
        elif namesake and not _told_apart(about, namesake.about):
            entry.problem = f"与第{namesake.number}行同名同出生年月"
        else:
            by_name.setdefault((about.name, about.birth_month), entry)
            if about.roster_no:
                by_no[about.roster_no] = entry.number


def _told_apart(one: About, other: About) -> bool:
    """Namesakes of whom no birth month is known are two people if both have their numbers."""
    return one.birth_month is None and bool(one.roster_no and other.roster_no)
