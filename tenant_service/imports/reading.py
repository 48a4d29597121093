"""From the sheets of a file to one line per row, each with the fields of the room's form. Pure.

Nobody's row is dropped: each below the heads with anything in it becomes a line, and one that is not taken says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.contract.errors import Code, Refusal, Said
from tenant_service.importing import Sheet
from tenant_service.imports.rules import Line
from tenant_service.spreadsheets import cells, heads
from tenant_service.spreadsheets.cells import Cell, Unreadable
from tenant_service.spreadsheets.grids import Grid

MOST_LINES = 500


@dataclass(frozen=True)
class Told:
    """The heads of the columns that are read, as the file has them, and a line for each row below with anything in it.
    Of other columns nothing is kept: they may be about people.
    """

    heads: list[str]
    lines: list[Line]


def read(sheet: Sheet, grids: Sequence[Grid]) -> Told:
    """The list in the first sheet of the file that has one.

    Raises:
        Refusal: IMPORT_NO_HEADER, with the columns that are needed; ROSTER_UNREADABLE, too many rows.
    """
    ranks = heads.ranks_of({each.field: each.heads for each in sheet.columns})
    needed = [each for each in sheet.columns if each.needed]
    for grid in grids:
        at = heads.head_row(grid, ranks, [each.field for each in needed])
        if at is not None:
            return _below(sheet, grid, at, heads.columns_of(grid.rows[at], ranks))
    raise Refusal(Code.IMPORT_NO_HEADER, why="、".join(each.head for each in needed))


def _below(sheet: Sheet, grid: Grid, at: int, columns: Mapping[str, int]) -> Told:
    rows = [
        (number, row) for number, row in enumerate(grid.rows[at + 1 :], at + 2)
        if not all(cells.is_blank(cell) for cell in row)
    ]  # fmt: skip
    if len(rows) > MOST_LINES:
        why = Said(f"超过{MOST_LINES}行，请分批导入", f"over {MOST_LINES} rows; bring them in parts")
        raise Refusal(Code.ROSTER_UNREADABLE, why=why)
    first, lines = dict[str, int](), list[Line]()
    for number, row in rows:
        line = _line(sheet, number, row, columns)
        if not line.reason:
            same = sheet.called(line.fields)
            line.reason = f"与第{first[same]}行重复" if same in first else None
            first.setdefault(same, number)
        lines.append(line)
    return Told([cells.raw(grid.rows[at][column]) for column in columns.values()], lines)


def _line(sheet: Sheet, number: int, row: Sequence[Cell], columns: Mapping[str, int]) -> Line:
    called = row[columns[sheet.columns[0].field]] if columns[sheet.columns[0].field] < len(row) else ""
    kept = [cells.raw(row[column]) if column < len(row) else "" for column in columns.values()]
    line = Line(number, kept, cells.text(called)[:80])
    for column in sheet.columns:
        at = columns.get(column.field)
        try:
            told = column.read(row[at]) if at is not None and at < len(row) else ""
        except Unreadable as wrong:
            line.reason = line.reason or f"{column.head}：{wrong}"
            continue
        if told:
            line.fields[column.field] = told
        elif column.needed:
            line.reason = line.reason or f"缺{column.head}"
    return line
