"""Files that are written while their rows come: CSV as text that goes out at once, XLSX through a file on disk."""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from typing import Any
from urllib.parse import quote

import xlsxwriter

from sync.edge.shell.sheets import XLSX, Cell, safe

Notes = Callable[[], list[str]]
"""What stands below the rows, once the last of them is written."""
Pages = AsyncIterator[list[list[Cell]]]
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
_PIECE = 64_000
"""Bytes."""


async def csv_pieces(heads: Sequence[str], pages: Pages, notes: Notes) -> AsyncGenerator[bytes, None]:
    """With a byte order mark, without which spreadsheets read Chinese as something else."""
    yield ("\ufeff" + _lines([heads])).encode()
    async for page in pages:
        yield _lines(page).encode()
    yield _lines([[], *([note] for note in notes())]).encode()


async def xlsx_pieces(
    title: str, heads: Sequence[str], pages: Pages, notes: Notes, totals: int = 0
) -> AsyncGenerator[bytes, None]:
    """The rows on one sheet with a filter, the notes on a second. Memory does not grow with the rows; texts are texts,
    none runs. `totals`: of the rows, how many at the end are sums of the others and stay where they are.
    """
    # What is being written lies in files of the library's own, which it takes away only when it has come to its end.
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as kept:
        told: dict[str, Any] = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": folder,
        }  # fmt: skip
        book: Any = xlsxwriter.Workbook(kept, told)
        sheet, below = book.add_worksheet(title[:31]), book.add_worksheet("说明")
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, max(1, len(heads) - 1), 18)
        for at, head in enumerate(heads):
            sheet.write_string(0, at, head, bold)
        written = 1
        async for page in pages:
            await asyncio.to_thread(_write, sheet, written, page)
            written += len(page)
        if written - totals > 1:
            sheet.autofilter(0, 0, written - totals - 1, len(heads) - 1)
        below.set_column(0, 0, 80)
        _write(below, 0, [[note] for note in notes()])
        await asyncio.to_thread(book.close)
        kept.seek(0)
        while piece := kept.read(_PIECE):
            yield piece


def disposition(title: str, day: str, suffix: str, ascii_name: str) -> str:
    """An attachment with a Chinese name (RFC 6266), and one in ASCII for who does not read that."""
    named = quote(f"{title}-{day}.{suffix}", safe="")
    return f"attachment; filename=\"{ascii_name}-{day}.{suffix}\"; filename*=UTF-8''{named}"


def _lines(rows: Sequence[Sequence[Cell]]) -> str:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerows([["" if cell is None else safe(cell) for cell in row] for row in rows])
    return out.getvalue()


def _write(sheet: Any, first: int, rows: Sequence[Sequence[Cell]]) -> None:
    for number, row in enumerate(rows, first):
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, at, cell)
            elif cell is not None:
                sheet.write_number(number, at, cell)
