"""A table is the same on a page, in CSV and in XLSX, and no cell of a file runs."""

import io

import pytest
import python_calamine

from sync.contract.errors import Code, Refusal
from sync.edge.shell import sheets
from sync.edge.shell.tables import Column, Row, Table

TABLE = Table(
    "委员会",
    (Column("名称"), Column("场次", is_figure=True)),
    (Row(("余杭区政协", 41)), Row(("=cmd|' /C calc'!A0", None))),
    total=("合计", 41),
    notes=("截至 12月3日 08:00",),
)


def test_csv_opens_as_chinese_and_runs_nothing() -> None:
    told = bytes(TABLE.file("x", "csv").body)
    assert told.startswith(b"\xef\xbb\xbf")
    assert told.decode("utf-8-sig").splitlines() == [
        "名称,场次",
        "余杭区政协,41",
        "'=cmd|' /C calc'!A0,",
        "合计,41",
        "",
        "截至 12月3日 08:00",
    ]


def test_xlsx_has_the_same_rows_and_figures_as_figures() -> None:
    book = python_calamine.load_workbook(io.BytesIO(bytes(TABLE.file("x", "xlsx").body)))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[:4] == [["名称", "场次"], ["余杭区政协", 41.0], ["=cmd|' /C calc'!A0", ""], ["合计", 41.0]]
    assert "截至 12月3日 08:00" in rows[-1]


def test_every_sign_that_starts_a_formula_is_made_harmless() -> None:
    assert all(str(sheets.safe(f"{sign}1+1")).startswith("'") for sign in "=+-@\t\r\n＝＋－＠")
    assert sheets.safe(-5) == -5
    assert sheets.safe("余杭-临平") == "余杭-临平"


@pytest.mark.parametrize("suffix", ["hta", "html", 'bat";x="', "csv\r\nX-A: 1", "csv\0", "😀", "CSV", ""])
def test_a_table_is_no_file_that_its_address_names(suffix: str) -> None:
    with pytest.raises(Refusal) as no:
        TABLE.file("x", suffix)
    assert no.value.code is Code.NOT_FOUND
