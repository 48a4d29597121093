"""An act's key stands for its name and all it was given: what is left out would let another request pass for it."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.tree import modules, syntax

UNKEPT = {"give_ballot"}
"""What a ballot says is not kept, not even under the key of who gave it."""
PERFORMS = "def close_unit(self, info, key, id, last):\n    return at.perform({}, key, plain({}), act)"


def _unlike(module: ast.Module) -> Iterator[str]:
    """Resolvers whose call of `perform` does not give their own name and every argument of theirs."""
    for function in ast.walk(module):
        # A resolver has a self; attendance's `_ask` carries out three of them, each with its own name.
        if isinstance(function, ast.FunctionDef) and "self" in {one.arg for one in function.args.args}:
            first, *others = function.name.split("_")
            name = first + "".join(map(str.title, others))
            given = {one.arg for one in function.args.args} - {"self", "info", "key"}
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "perform":
                    told = {f"{one.arg}={ast.unparse(one.value)}" for one in getattr(call.args[2], "keywords", [])}
                    if ast.unparse(call.args[0]) != repr(name) or told != {f"{one}={one}" for one in given}:
                        yield function.name


def _kept_too_short(module: ast.Module) -> Iterator[str]:
    """Resolvers that go by `graph/mutations.perform`, which finds their name itself, and leave an argument out."""
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef) and "self" in {one.arg for one in function.args.args}:
            calls = [
                node for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            ]
            performs = [call for call in calls if ast.unparse(call.func) == "perform"]
            told = {
                ast.unparse(one.value) for call in calls if ast.unparse(call.func) == "plain" for one in call.keywords
            }
            if performs and told != {one.arg for one in function.args.args} - {"self", "info", "key"}:
                yield function.name


@pytest.mark.parametrize(
    ("name", "told", "unlike"),
    [
        ("'closeUnit'", "id=id, last=last", []),
        ("'closeUnit'", "id=id", ["close_unit"]),
        ("'closeUnit'", "id=id, last=id", ["close_unit"]),
        ("'closeBody'", "id=id, last=last", ["close_unit"]),
    ],
)
def test_an_argument_that_is_left_out_is_seen(name: str, told: str, unlike: list[str]) -> None:
    assert list(_unlike(ast.parse(PERFORMS.format(name, told)))) == unlike


def test_every_mutation_keys_its_own_name_and_all_its_arguments() -> None:
    rooms = [path for path in modules("tenant_service") if path.endswith("/graphql.py")]
    assert rooms
    assert [(room, name) for room in rooms for name in _unlike(syntax(room))] == []


@pytest.mark.parametrize(("told", "short"), [("id=id, last=last", []), ("id=id", ["close_unit"])])
def test_an_argument_that_is_left_out_is_seen_where_the_name_is_found(told: str, short: list[str]) -> None:
    text = PERFORMS.replace("at.perform({}, key", "perform(info, key").format(told)
    assert list(_kept_too_short(ast.parse(text))) == short


def test_every_mutation_of_a_found_name_keys_all_its_arguments() -> None:
    rooms = [path for path in modules("tenant_service") if path.endswith("graphql.py")]
    assert [(room, name) for room in rooms for name in _kept_too_short(syntax(room)) if name not in UNKEPT] == []
