"""A spreadsheet from a stranger's hands is read, or refused with advice; it never takes the service down."""

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sync.contract.errors import Code, Refusal
from tenant_service.spreadsheets import grids
from tests.tenant_service.roster.files import Cells, csv, repacked, xlsx, zipped

SHEET = "xl/worksheets/sheet1.xml"
ROWS = [["姓名", "性别"], ["张三", "男"]]


def refused(data: bytes, code: Code = Code.ROSTER_UNREADABLE) -> str:
    with pytest.raises(Refusal) as told:
        grids.read(data)
    assert told.value.code is code
    return told.value.zh


def outcome(data: bytes) -> Code | None:
    try:
        grids.read(data)
    except Refusal as refusal:
        return refusal.code
    return None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv_is_read_in_each_encoding_and_with_each_mark(encoding: str, mark: str) -> None:
    [grid] = grids.read(csv(ROWS, encoding, mark))
    assert grid.rows == ROWS


def test_quoted_cells_of_csv_hold_their_marks_and_lines() -> None:
    [grid] = grids.read('姓名,单位\r\n"张三","甲,乙\n丙"\r\n'.encode())
    assert grid.rows[1] == ["张三", "甲,乙\n丙"]


def test_a_workbook_is_read_with_its_days_numbers_and_merged_cells() -> None:
    rows: Cells = [["", "", ""], ["姓名", "出生年月", "届"], ["张三", 1968.05, 10], ["李四", 24990, 10]]
    [grid] = grids.read(xlsx(rows, merged=[(0, 0, 0, 2, "委员名册"), (2, 2, 3, 2, 10)]))
    assert grid.rows[0] == ["委员名册"] * 3
    assert grid.rows[2] == ["张三", 1968.05, 10]
    assert grid.rows[3] == ["李四", 24990, 10], "what is merged says the same in each of its cells"


def test_a_days_time_is_dropped() -> None:
    assert grids._cell(dt.datetime(1968, 5, 12, 8, 30)) == dt.date(1968, 5, 12)  # noqa: DTZ001 — as workbooks tell


def test_hidden_sheets_are_not_read() -> None:
    shown = grids.read(xlsx([["旧"]], ROWS, hidden=[0]))
    assert [grid.rows for grid in shown] == [ROWS]


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"\xff\xfe\x00\x01", "另存为xlsx"),
        (b"a,b\x00c", "另存为xlsx"),
        (b"PK\x03\x04 nothing of the kind", "另存为xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 nothing of the kind", "另存为xlsx"),
        (zipped(a_txt=b"x"), "另存为xlsx"),
        (zipped(content_xml=b"<x/>", xl__workbook_xml=b"<x/>"), "另存为xlsx"),
        (zipped(xl__workbook_xml=b"<x/>"), "另存为xlsx"),
        (b'"' + b"x" * 200_000, "另存为xlsx"),
        (b",".join([b"x"] * 101), "100列"),
    ],
    ids=range(9),
)
def test_what_is_no_spreadsheet_is_refused_with_advice(data: bytes, advice: str) -> None:
    assert advice in refused(data)


def test_a_file_may_not_be_larger_than_five_megabytes() -> None:
    refused(b"x" * (grids.MOST_BYTES + 1), Code.TOO_LARGE)


def test_a_file_may_not_have_more_rows_than_the_bound() -> None:
    rows = grids.MOST_ROWS + grids.MOST_TITLES
    assert len(grids.read("姓\n".encode() * rows)[0].rows) == rows
    assert str(grids.MOST_ROWS) in refused("姓\n".encode() * (rows + 1))


@pytest.mark.parametrize(
    "place",
    [b'<c r="B1048576"', b'<c r="XFD2"', b"<c r='B1048576'", b'<c\nr = "B1048576"', b'<x:c r="B1048576"',
     b'<c x=">" r="B1048576"', b'<c t="s"r="B1048576"', b'<c r="b1048576"'],
    ids=range(8),
)  # fmt: skip
def test_a_cell_far_out_is_refused_before_it_fills_the_memory(place: bytes) -> None:
    """Two cells at the corners of a sheet make the reading library ask for 550 GB, and end the process."""
    refused(repacked(xlsx(ROWS), SHEET, b'<c r="B2"', place))


def test_a_row_far_out_is_refused_when_its_cells_do_not_say_where_they_are() -> None:
    far = repacked(xlsx(ROWS), SHEET, b'<row r="2"', b'<row r="1048576"')
    refused(repacked(far, SHEET, b'<c r="B2"', b"<c"))


def test_empty_cells_and_rows_far_out_do_no_harm() -> None:
    far = b'<row r="1048576" spans="1:2"><c r="A1048576" s="1"/></row></sheetData>'
    [grid] = grids.read(repacked(xlsx(ROWS), SHEET, b"</sheetData>", far))
    assert grid.rows == ROWS


def test_a_sheet_far_out_is_refused_wherever_the_workbook_keeps_it() -> None:
    far = repacked(xlsx(ROWS), SHEET, b'<c r="B2"', b'<c r="B1048576"')
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(far)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for each in packed.infolist():
            inside = packed.read(each).replace(b"worksheets/sheet1.xml", b"elsewhere/it.bin")
            made.writestr(each.filename.replace("worksheets/sheet1.xml", "elsewhere/it.bin"), inside)
    refused(out.getvalue())


def test_a_bomb_is_refused_whatever_it_says_of_its_size() -> None:
    bomb = zipped(xl__workbook_xml=b"<x/>", xl__sharedStrings_xml=b" " * 40_000_000)
    assert "过大" in refused(bomb)
    said = (40_000_000).to_bytes(4, "little")
    assert said in bomb
    assert "过大" in refused(bomb.replace(said, (10).to_bytes(4, "little")))


def test_a_file_with_a_password_is_refused() -> None:
    locked = bytearray(xlsx(ROWS))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + flags] |= 1
    refused(bytes(locked))


@given(st.binary(max_size=300))
@example(b"PK\x03\x04")
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
@example(b"\xef\xbb\xbf")
def test_no_bytes_do_anything_but_be_read_or_refused(data: bytes) -> None:
    assert outcome(data) in (None, Code.ROSTER_UNREADABLE)


@given(st.binary(min_size=1, max_size=40), st.integers(min_value=0))
def test_a_damaged_workbook_is_read_or_refused(noise: bytes, at: int) -> None:
    whole = bytearray(WORKBOOK)
    at %= len(whole)
    whole[at : at + len(noise)] = noise
    assert outcome(bytes(whole)) in (None, Code.ROSTER_UNREADABLE)


WORKBOOK = xlsx(ROWS)
