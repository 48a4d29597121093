"""Where a sheet has its heads, and what each of its columns tells. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from tenant_service.spreadsheets.cells import Cell
from tenant_service.spreadsheets.grids import Grid

_SEARCHED_ROWS = 30
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|\*")
Ranks = Mapping[str, tuple[str, int]]
"""How a column is headed → what it tells, and how good a head for it that is; the best is 0."""


def ranks_of(heads: Mapping[str, str]) -> Ranks:
    return {head: (told, rank) for told, several in heads.items() for rank, head in enumerate(several.split())}


def head_row(grid: Grid, ranks: Ranks, needed: Collection[str]) -> int | None:
    """Index of the last row of the heads, in which all that is needed has a column: below titles, and below heads that
    are merged over two rows; None: there is none.
    """
    for at, row in enumerate(grid.rows[:_SEARCHED_ROWS]):
        columns = columns_of(row, ranks)
        if columns.keys() >= set(needed):
            below = columns_of(grid.rows[at + 1], ranks) if at + 1 < len(grid.rows) else {}
            return at + 1 if all(below.get(each) == columns[each] for each in needed) else at
    return None


def columns_of(row: Sequence[Cell], ranks: Ranks) -> dict[str, int]:
    """What is told → in which column; of several columns that tell it, the one with the best head."""
    found: dict[str, tuple[int, int]] = {}
    for column, cell in enumerate(row):
        told, rank = ranks.get(_head(cell), ("", 0))
        if told and (told not in found or rank < found[told][0]):
            found[told] = rank, column
    return {told: column for told, (_, column) in found.items()}


def _head(cell: Cell) -> str:
    plain = unicodedata.normalize("NFKC", cell) if isinstance(cell, str) else ""
    return "".join(_BRACKETS.sub("", plain).split()).rstrip(":")
