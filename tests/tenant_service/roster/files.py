"""Files as committees send them: made anew for each test."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter

Cells = Sequence[Sequence[Any]]
Merged = tuple[int, int, int, int, Any]


def xlsx(*sheets: Cells, merged: Sequence[Merged] = (), hidden: Sequence[int] = ()) -> bytes:
    """A workbook; `merged`: ranges of the first sheet, first and last row and column from 0, and what they say."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    for number, rows in enumerate(sheets):
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell != "":
                    sheet.write(row, column, cell)
        for top, left, bottom, right, told in merged if number == 0 else ():
            sheet.merge_range(top, left, bottom, right, told)
        if number in hidden:
            sheet.hide()
        else:
            sheet.activate()
    book.close()
    return out.getvalue()


def csv(rows: Cells, encoding: str = "utf-8-sig", mark: str = ",") -> bytes:
    return "\r\n".join(mark.join(str(cell) for cell in row) for row in rows).encode(encoding)


def repacked(workbook: bytes, member: str, was: bytes, now: bytes) -> bytes:
    """The workbook with something in one of its members replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for each in packed.infolist():
            inside = packed.read(each)
            if each.filename == member:
                assert was in inside
                inside = inside.replace(was, now)
            made.writestr(each.filename, inside)
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    """A ZIP; `__` in a name stands for `/`, `_` before its ending for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, inside in members.items():
            path, _, ending = name.replace("__", "/").rpartition("_")
            made.writestr(f"{path}.{ending}", inside)
    return out.getvalue()
