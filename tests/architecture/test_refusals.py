"""What is told about a refusal is a pair where it is words: nobody meets half a sentence of another language."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.tree import modules, syntax

HAN_OR_TWO_WORDS = re.compile(r"[㐀-鿿]|[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}| / ")


def words_of_one_language(tree: ast.AST) -> Iterator[str]:
    """Words that a `Refusal(…)` tells in both languages as they stand, and labels, which are Chinese."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Refusal":
            for told in call.keywords:
                if isinstance(told.value, ast.Attribute) and told.value.attr == "label":
                    yield f"{call.lineno}: {told.arg}"
                elif isinstance(told.value, ast.Constant | ast.JoinedStr):
                    parts = (each.value for each in ast.walk(told.value) if isinstance(each, ast.Constant))
                    if HAN_OR_TWO_WORDS.search("".join(map(str, parts))):
                        yield f"{call.lineno}: {told.arg}"


def test_no_refusal_tells_words_of_one_language() -> None:
    found = {path: list(words_of_one_language(syntax(path))) for path in modules("sync", "gateway", "tenant_service")}
    assert not {path: lines for path, lines in found.items() if lines}, "tell a pair: Said(zh, en), or the kind itself"


@pytest.mark.parametrize(
    "told",
    [
        'Refusal(Code.X, why="尚未开始 / it has not begun")',
        'Refusal(Code.X, why=f"最多{most}字")',
        'Refusal(Code.X, why="at most")',
        "Refusal(Code.X, now=row.state.label)",
    ],
)
def test_the_rule_sees(told: str) -> None:
    assert list(words_of_one_language(ast.parse(told)))


@pytest.mark.parametrize(
    "told",
    [
        'Refusal(Code.X, field="title", why=Said("必填", "it is needed"))',
        'Refusal(Code.X, why=f"1–{most}")',
        "Refusal(Code.X, now=row.state)",
    ],
)
def test_the_rule_lets_pass(told: str) -> None:
    assert not list(words_of_one_language(ast.parse(told)))
