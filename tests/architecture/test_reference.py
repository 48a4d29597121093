"""Whoever meets a code, a setting or a command finds it in docs/."""

import re
from collections.abc import Callable

import pytest

from deploy.reference import DOCS, PAGES
from sync.contract.errors import Code


def headings(path: str) -> set[str]:
    return set(re.findall(r"^#+ (.+?)\s*$", (DOCS / path).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize(("name", "made"), PAGES.items(), ids=PAGES)
def test_a_written_page_says_what_the_code_says(name: str, made: Callable[[], str]) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == made(), "run `make docs`"


def test_every_refusal_has_a_heading() -> None:
    assert not {code.value for code in Code} - headings("errors.md")
