"""Tables as files: CSV that a spreadsheet opens rightly, and XLSX."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from starlette.responses import Response

Cell = str | int | float | None
Rows = Sequence[Sequence[Cell]]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")
"""First signs of a text that spreadsheets run; Chinese and Japanese ones take the full-width signs for the others."""


def safe(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula gets a quote before it; figures stay figures."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def csv_of(heads: Sequence[str], rows: Rows, notes: Sequence[str] = ()) -> bytes:
    """UTF-8 with a byte order mark, without which spreadsheets read Chinese as something else; notes below."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow([safe(head) for head in heads])
    write.writerows([["" if cell is None else safe(cell) for cell in row] for row in rows])
    write.writerows([[], *([safe(note)] for note in notes)] if notes else [])
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(
    title: str, heads: Sequence[str], rows: Rows, notes: Sequence[str] = (), *, totals: int = 0
) -> bytes:  # fmt: skip
    """One sheet with a frozen head and a filter; texts are written as texts, so nothing in them runs.

    `totals`: of the rows, how many at the end are sums of the others and stay where they are.
    """
    out = io.BytesIO()
    book: Any = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    bold, figure = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "#,##0"})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell)
            elif cell is not None:
                sheet.write_number(number, column, cell, figure)
    for number, note in enumerate(notes, len(rows) + 2):
        sheet.write_string(number, 0, note)
    sheet.freeze_panes(1, 1)
    if len(rows) > totals:
        sheet.autofilter(0, 0, len(rows) - totals, len(heads) - 1)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, max(1, len(heads) - 1), 14)
    book.close()
    return out.getvalue()


def as_file(body: bytes, name: str, media_type: str) -> Response:
    """An attachment; `name` is ASCII."""
    return Response(body, headers={"Content-Disposition": f'attachment; filename="{name}"'}, media_type=media_type)
