"""The console asks only what anybody may ask: its documents fit the joint schema that clients see."""

import pytest
from graphql import build_ast_schema, parse, validate

from gateway.console import questions
from gateway.schema import for_clients, joint_sdl

DOCUMENTS = {
    name: text for name, text in vars(questions).items() if name.isupper() and isinstance(text, str) and name[0] != "_"
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_valid(name: str) -> None:
    assert validate(build_ast_schema(for_clients(joint_sdl())), parse(DOCUMENTS[name])) == []
