"""Reading spreadsheets from strangers' hands: CSV, .xlsx and .xls, within bounds.

The library that reads .xlsx lays every sheet out as one block, from its first cell to its last, and ends the whole
process when memory does not suffice: 5 kB with one cell in the last row would stop a committee's service. So a file is
looked through before it is handed over.
"""

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import python_calamine

from sync.contract.errors import Code, Refusal, Said
from tenant_service.spreadsheets.cells import Cell

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
"""Rows of data; titles above them come on top."""
MOST_TITLES = 100
MOST_COLUMNS = 100
MOST_SHEETS = 10
_MOST_INFLATED = 100 * 1024 * 1024
_MOST_RATIO = 200
"""Bytes in a file's member per byte it is packed into; sheets of text pack about 1 : 20."""
_RATIO_FROM = 1024 * 1024
_MOST_MEMBERS = 500

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EMPTY = re.compile(rb'<(?:c|row)(?: [\w:.]+="[^"<>]*")*\s*/>')
_HOLLOW_ROW = re.compile(rb'<row(?: [\w:.]+="[^"<>]*")*\s*>\s*</row>')
_PLACE = re.compile(rb"""[\s"']r\s*=\s*["']\s*([A-Za-z]{0,4})(\d*)""")
_SAVE_AS = Said("请另存为xlsx后再导入", "save it as xlsx and bring it in again")
_LONGEST_CELL = 32_767
_LOCAL_HEADER = 30


@dataclass(frozen=True)
class Grid:
    """One sheet: row 1 of the file is `rows[0]`. What is merged has its value in each of its cells."""

    rows: list[list[Cell]] = field(default_factory=list)


def read(data: bytes) -> list[Grid]:
    """The file's sheets, whatever its name says it is.

    Raises:
        Refusal: TOO_LARGE; ROSTER_UNREADABLE, with what to do about it.
    """
    if len(data) > MOST_BYTES:
        raise Refusal(Code.TOO_LARGE, most=MOST_BYTES)
    if data.startswith(_ZIP):
        _look_through(data)
        return list(_sheets(data))
    if data.startswith(_OLE):
        return list(_sheets(data))
    return [_csv(data)]


# ── CSV ──


def _csv(data: bytes) -> Grid:
    text = _decoded(data)
    head = text[:20_000]
    mark = max(",\t;", key=head.count)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            rows.append([*row])
            _within(len(rows), len(row))
    except csv.Error as error:
        raise _unreadable(f"CSV格式有误，{_SAVE_AS.zh}", f"{error}; {_SAVE_AS.en}") from None
    return Grid(rows)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _unreadable(
        f"既不是表格文件，也不是UTF-8或GB18030编码的CSV，{_SAVE_AS.zh}",
        f"neither a workbook nor CSV in UTF-8 or GB 18030; {_SAVE_AS.en}",
    )


# ── workbooks ──


def _sheets(data: bytes) -> Iterator[Grid]:
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            shown = [each.name for each in book.sheets_metadata if each.visible == _VISIBLE and each.typ == _WORKSHEET]
            for name in shown[:MOST_SHEETS]:
                sheet = book.get_sheet_by_name(name)
                rows = [[_cell(each) for each in row] for row in sheet.to_python(skip_empty_area=False)]
                _fill(rows, sheet.merged_cell_ranges or [])
                yield Grid(rows)
    except python_calamine.PasswordError:
        raise _unreadable("文件有密码，请取消密码后再导入", "it has a password; take that off first") from None
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise _unreadable(_SAVE_AS.zh, f"{_SAVE_AS.en} ({error})") from None


_VISIBLE = python_calamine.SheetVisibleEnum.Visible
_WORKSHEET = python_calamine.SheetTypeEnum.WorkSheet


def _cell(value: object) -> Cell:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str | int | float | dt.date):
        return value[:_LONGEST_CELL] if isinstance(value, str) else value
    return str(value)


def _fill(rows: list[list[Cell]], merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Every cell of a merged range says what its first one says. Ranges may reach over the sheet's edge, and never over
    one another, so together they are no more than the sheet; a file in which they are is left as it is from there on.
    """
    left_over = sum(map(len, rows))
    for (top, left), (bottom, right) in merged[: MOST_ROWS + MOST_TITLES]:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        left_over -= (min(bottom + 1, len(rows)) - top) * (min(right + 1, len(rows[top])) - left)
        if left_over < 0:
            return
        value = rows[top][left]
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = value


# ── before a workbook is opened ──


def _look_through(data: bytes) -> None:
    """Raises: Refusal ROSTER_UNREADABLE, it unpacks to too much, reaches too far, or is another kind of file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _unreadable(f"文件已损坏，{_SAVE_AS.zh}", f"the file is broken ({error}); {_SAVE_AS.en}") from None
    names = {each.filename for each in members}
    if "xl/workbook.xml" not in names or "content.xml" in names or "xl/workbook.bin" in names:
        raise _unreadable(*_SAVE_AS)
    if len(members) > _MOST_MEMBERS:
        raise _unreadable("文件内部件过多", "too many parts in it")
    left = _MOST_INFLATED
    for member in members:
        inside = _inflated(data, member, left)
        left -= len(inside)
        if b"sheetData" in inside:  # wherever the workbook says its sheets are
            _reach(inside)


def _inflated(data: bytes, member: zipfile.ZipInfo, most: int) -> bytes:
    """What is in there. What the member says of its own size is not believed."""
    start = member.header_offset
    header = data[start : start + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or member.flag_bits & 1:
        raise _unreadable("文件已损坏或有密码", "the file is broken, or has a password")
    start += _LOCAL_HEADER + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = data[start : start + member.compress_size]
    most = min(most, max(_RATIO_FROM, len(packed) * _MOST_RATIO))
    if member.compress_type == zipfile.ZIP_STORED:
        inside = packed
    elif member.compress_type == zipfile.ZIP_DEFLATED:
        try:
            inside = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most + 1)
        except zlib.error as error:
            raise _unreadable("文件已损坏", f"the file is broken ({error})") from None
    else:
        raise _unreadable(*_SAVE_AS)
    if len(inside) > most:
        raise _unreadable("文件展开后过大", "it unpacks to too much")
    return inside


def _reach(sheet: bytes) -> None:
    """Raises: Refusal ROSTER_UNREADABLE, a cell with something in it lies too far out."""
    if b"\x00" in sheet:
        raise _unreadable(*_SAVE_AS)
    filled = _HOLLOW_ROW.sub(b"", _EMPTY.sub(b"", sheet))
    for letters, digits in _PLACE.findall(filled):
        _within(int(digits[:9] or 0), _column(letters))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _within(row: int, column: int) -> None:
    if row > MOST_ROWS + MOST_TITLES:
        raise _unreadable(
            f"超过{MOST_ROWS}行，或第{row}行有多余内容，请分批导入或删除多余的行",
            f"over {MOST_ROWS} rows, or row {row} holds something; bring them in parts, or delete empty rows",
        )
    if column > MOST_COLUMNS:
        raise _unreadable(f"超过{MOST_COLUMNS}列，请删除多余的列", f"over {MOST_COLUMNS} columns; delete some")


def _unreadable(zh: str, en: str) -> Refusal:
    return Refusal(Code.ROSTER_UNREADABLE, why=Said(zh, en[:200]))
