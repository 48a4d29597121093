"""Migrations stand in one line, so that no two of them can be next."""

import re
from itertools import pairwise

from tests.architecture.tree import MIGRATIONS

_REVISION = re.compile(r'^revision = "(\d{4})"$', re.MULTILINE)
_AFTER = re.compile(r'^down_revision = (?:None|"(\d{4})")$', re.MULTILINE)


def told(text: str) -> tuple[str, str | None]:
    """A migration's number, and the one before it."""
    number, after = _REVISION.search(text), _AFTER.search(text)
    assert number, text
    assert after, text
    return number[1], after[1]


def test_each_follows_the_one_before_and_is_named_by_its_number() -> None:
    found = [(path.name[:4], *told(path.read_text())) for path in sorted(MIGRATIONS.glob("[0-9]*.py"))]
    assert [(name, number) for name, number, _ in found if name != number] == []
    assert [(earlier[0], later[0]) for earlier, later in pairwise(found) if later[2] != earlier[1]] == []
    assert found[0][2] is None
