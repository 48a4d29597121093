"""Every kind of bad credential is tried at every door, or it is said why it cannot be."""

import pytest

from tests.promises.blocks import made_in
from tests.security.__main__ import PAGE
from tests.security.table import WITHOUT, Attack, Cell, Door, cells, page

CELLS = [(door, attack) for door in Door for attack in Attack]


@pytest.mark.parametrize("cell", CELLS, ids=[f"{door.name}-{attack.name}" for door, attack in CELLS])
def test_a_cell_is_tried_or_says_why_it_cannot_be(cell: Cell) -> None:
    assert (cell in cells()) != (cell in WITHOUT), "neither, or both"


def test_the_page_for_auditors_has_the_table_as_it_is() -> None:
    assert made_in(PAGE.read_text(encoding="utf-8"))["credentials"] == page(), "run `make docs`, and read what changes"
