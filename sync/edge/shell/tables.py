"""A table as a page, a CSV file and an XLSX file show it: told once, drawn three times."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from starlette.responses import Response

from sync.contract.errors import Code, Refusal
from sync.edge.shell import sheets
from sync.edge.shell.sheets import Cell
from sync.edge.shell.words import say


@dataclass(frozen=True)
class Column:
    """One column; `sort` is what its link asks for in `?sort=`, None where the column cannot be sorted by."""

    label: str
    is_figure: bool = False
    sort: str | None = None


@dataclass(frozen=True)
class Row:
    """One line: its cells, where its first cell leads, and a class of the style sheet for the whole of it."""

    cells: tuple[Cell, ...]
    href: str | None = None
    look: str = ""


@dataclass(frozen=True)
class Table:
    """Attributes: empty: what is said where there are no rows · total: a last line · notes: what a file adds below."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = say("暂无记录")
    total: tuple[Cell, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def file(self, name: str, suffix: str) -> Response:
        """The whole table as `csv` or `xlsx`.

        Raises:
            Refusal: NOT_FOUND, the address asks for some other file; its name would be the asker's.
        """
        if suffix not in ("csv", "xlsx"):
            raise Refusal(Code.NOT_FOUND)
        told, totals = self._sheet(), int(bool(self.total))
        is_xlsx = suffix == "xlsx"
        made = sheets.xlsx_of(self.caption, *told, totals=totals) if is_xlsx else sheets.csv_of(*told)
        media_type = sheets.XLSX if suffix == "xlsx" else "text/csv; charset=utf-8"
        return sheets.as_file(made, f"{name}.{suffix}", media_type)

    def _sheet(self) -> tuple[list[str], Sequence[Sequence[Cell]], tuple[str, ...]]:
        rows = [row.cells for row in self.rows]
        return [column.label for column in self.columns], rows + ([self.total] if self.total else []), self.notes
