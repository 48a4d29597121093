"""Pages keep to the content security policy: nothing from elsewhere, nothing inline."""

import re
from pathlib import PurePosixPath

import pytest

from tests.architecture.tree import files, text

FORBIDDEN = {
    "a script, style sheet, font or picture from elsewhere": re.compile(
        r"""<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)\s*=\s*["'](?:https?:)?//|@import\b|url\(\s*["']?(?:https?:)?//""",
        re.IGNORECASE,
    ),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "an inline style": re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event handler in an attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
}


def templates_and_styles() -> list[str]:
    return [path for path in files() if PurePosixPath(path).suffix in {".html", ".j2", ".jinja", ".css", ".svg"}]


SAYS = '_("涉密信息不得录入。")'
"""What every form says into which people write at length (practice: 涉密不上网)."""


def test_every_form_for_words_says_that_nothing_classified_is_entered() -> None:
    long = {path for path in templates_and_styles() if "area(" in text(path) and path.startswith("tenant_service/")}
    said = {path for path in long if SAYS in text(path)} | {path for path in long if _is_of_forms_that_say_it(path)}
    of_programs = {"tenant_service/web/templates/applications.html"}
    assert long - said == of_programs, "what applications are told of is addresses and keys"


def _is_of_forms_that_say_it(part: str) -> bool:
    """Whether the template is a part of others, which all say it."""
    name = PurePosixPath(part).name
    users = [path for path in templates_and_styles() if f'"{name}"' in text(path)]
    return bool(users) and all(SAYS in text(path) for path in users)


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_page_has(what: str) -> None:
    seen = {path: match[0] for path in templates_and_styles() if (match := FORBIDDEN[what].search(text(path)))}
    assert not seen


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('<script src="https://example.org/x.js"></script>', "a script, style sheet, font or picture from elsewhere"),
        ("<script>alert(1)</script>", "an inline script"),
        ('<p class="a" style="color: red">', "an inline style"),
        ('<a href="#" onclick="go()">', "an event handler in an attribute"),
    ],
)
def test_the_rule_sees(line: str, what: str) -> None:
    assert FORBIDDEN[what].search(line)


@pytest.mark.parametrize(
    "line", ['<script type="module" src="/static/live.js"></script>', '<a href="https://example.org">']
)
def test_the_rule_lets_pass(line: str) -> None:
    assert not [what for what, pattern in FORBIDDEN.items() if pattern.search(line)]
