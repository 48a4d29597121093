"""The pages of docs/ that say nothing but what the code already says; `make docs` writes them anew.

A page is written from the checkout it lies in. tests/architecture/test_reference.py proves each of them fresh.
"""

from collections.abc import Callable
from pathlib import Path

from sync.contract.errors import Code, Family

DOCS = Path(__file__).resolve().parents[1] / "docs"

WHAT_TO_DO = {
    Family.MALFORMED: "Ask differently: the request contradicts itself or cannot be read.",
    Family.UNKNOWN_SELF: "Say who you are: sign in, or renew the token.",
    Family.FORBIDDEN: "This actor may not. Asking again does not help; somebody else may be allowed to.",
    Family.MISSING: "There is no such thing here, or none that this actor may know of.",
    Family.OUT_OF_TURN: "Understood and allowed, but not in the present state. Look again and decide anew.",
    Family.TOO_MUCH: "Ask for less at once, or later.",
    Family.AWAY: "The committee that owns it did not answer. Ask again later.",
}


ABOUT_REFUSALS = """\
A refusal is an expected answer: the request was understood as far as it goes, and nothing was changed or published.
Its code never changes its meaning. It is `extensions.code` in GraphQL, and the number of its family is the status in
HTTP. Words in braces are filled in. Whatever is not in this list is a fault of the program: it reaches a client as
`INTERNAL`, without any detail, and the operator finds it in the log."""


def errors_page() -> str:
    """Every refusal under its family, in the order of sync/contract/errors.py."""
    parts = [
        "# Refusals",
        ABOUT_REFUSALS,
    ]
    for family in Family:
        parts += [f"## {family.value} {family.name}", WHAT_TO_DO[family]]
        parts += [f"### {code.value}\n\n- {code.zh}\n- {code.en}" for code in Code if code.family is family]
    return page(parts)


def page(parts: list[str]) -> str:
    return "\n\n".join([parts[0], "<!-- Written by `make docs`; do not edit. -->", *parts[1:]]) + "\n"


PAGES: dict[str, Callable[[], str]] = {"errors.md": errors_page}
"""File below docs/ → what it says."""


def write() -> None:
    """Every page says what the code says now."""
    for name, made in PAGES.items():
        (DOCS / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    write()
