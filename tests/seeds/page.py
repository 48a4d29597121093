"""docs/seed-coverage.md: what proves each published fact and each rule of daily work."""

from collections.abc import Mapping

from tests.architecture.tree import ROOT
from tests.seeds.facts import FACTS, RULES
from tests.seeds.marks import Marked, marked

PAGE = ROOT / "docs/seed-coverage.md"
_BEGINS = """# What proves what committees publish

<!-- Written by `make docs`; do not edit. -->

Committees publish what they do with figures, and have rules for how it is done. Each row names the tests that prove
that this product holds it and counts it that way; `tests/seeds` looks that they are there, and `make test` that they
pass. A test says so itself, with `@pytest.mark.seed(62)` or `@pytest.mark.practice(9)`.
"""


def _table(head: str, of: Mapping[int, str], mark: str, found: list[Marked]) -> str:
    lines = [f"## {head}", "", "| number | what | test names |", "|---|---|---|"]
    for number, what in of.items():
        tests = [f"`{each.test}`" for each in found if (each.mark, each.number) == (mark, number)]
        lines.append(f"| {number} | {what} | {' '.join(tests)} |".replace("|  |", "| |"))
    return "\n".join(lines) + "\n"


def page() -> str:
    found = marked()
    facts, rules = _table("Facts", FACTS, "seed", found), _table("Rules", RULES, "practice", found)
    return f"{_BEGINS}\n{facts}\n{rules}"
