"""What graphql-core says of a wrong value or document is said in Chinese as well."""

from typing import Any

import pytest
from graphql import GraphQLError, OperationDefinitionNode, build_schema, get_variable_values, parse, validate

from sync.contract.errors import Code
from sync.edge.documents import shown_invalid
from sync.edge.in_chinese import in_chinese

SCHEMA = build_schema(
    """
    enum Kind { HALL STUDY }
    input Where { kind: Kind!  kinds: [Kind!]  seats: Int }
    type Query {
      found(kind: Kind, kinds: [Kind!], where: Where, seats: Int, text: String, own: Boolean, id: ID, of: Float): Query
      needs(first: Int!): Int
      many: Int
    }"""
)


def wrong_in(text: str) -> list[GraphQLError]:
    try:
        return validate(SCHEMA, parse(text), hide_suggestions=True)
    except GraphQLError as error:
        return [error]


def wrong_by(type_: str, value: Any) -> list[GraphQLError]:
    operation = parse(f"query ($x: {type_}) {{ __typename }}").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    found = get_variable_values(SCHEMA, operation.variable_definitions or (), {"x": value}, hide_suggestions=True)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("type_", "value", "zh"),
    [
        ("Kind", "HAL", "变量 $x：Kind 没有“HAL”这个取值"),
        ("Kind", 5, "变量 $x：Kind 的取值是代码，不能是 5"),
        ("[Kind!]", ["HALL", "HAL"], "变量 $x 的 [1]：Kind 没有“HAL”这个取值"),
        ("Where", {"kind": "HAL"}, "变量 $x 的 .kind：Kind 没有“HAL”这个取值"),
        ("Where", {"kind": "HALL", "kinds": [None]}, "变量 $x 的 .kinds[0]：Kind! 类型的值不能为空"),
        ("Where", {}, "变量 $x：Where 缺少必填项 kind"),
        ("Where", {"kind": "HALL", "size": 1}, "变量 $x：Where 没有 size 这一项"),
        ("Where", 3, "变量 $x：Where 应为对象，不能是 3"),
        ("Int", "a", "变量 $x：应为整数，不能是 'a'"),
        ("Int", 2**40, "变量 $x：整数超出32位的范围：1099511627776"),
        ("Kind!", None, "变量 $x：Kind! 类型的值不能为空"),
    ],
)
def test_a_wrong_variable_is_explained(type_: str, value: Any, zh: str) -> None:
    [error] = wrong_by(type_, value)
    assert shown_invalid(error)["extensions"] == {"code": "INVALID", "zh": f"查询不正确：{zh}"}


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("{ found(kind: HAL) { many } }", "Kind 没有“HAL”这个取值"),
        ('{ found(kind: "HALL") { many } }', 'Kind 的取值是不加引号的代码，不能是 "HALL"'),
        ("{ found(where: {kind: HAL}) { many } }", "Kind 没有“HAL”这个取值"),
        ("{ found(kinds: [HALL, HAL]) { many } }", "Kind 没有“HAL”这个取值"),
        ("{ nothing }", "Query 没有字段 nothing"),
        ("{", "语法错误"),
        ("query ($x: Kind) { found(seats: $x) { many } }", "变量 $x 的类型是 Kind，而此处需要 Int"),
        ("{ many ...F }", "没有片段 F"),
    ],
)
def test_a_wrong_document_is_explained(text: str, zh: str) -> None:
    [error] = wrong_in(text)
    assert shown_invalid(error)["extensions"]["zh"] == f"查询不正确：{zh}"


@pytest.mark.parametrize(
    "text",
    [
        "{ found { many { many } } }", "{ found }", "{ needs }", "{ needs(first: null) }",
        "{ needs(first: 1, last: 1) }", "{ needs(first: 1, first: 2) }", "{ found(text: 5) { many } }",
        "{ found(own: 5) { many } }",
        "{ found(id: 1.5) { many } }", '{ found(of: "x") { many } }', "{ found(where: 5) { many } }",
        "{ found(seats: 99999999999) { many } }", "{ needs(first: $x) }", "query ($x: Int) { many }",
        "query ($x: Foo) { many }", "query ($x: Query) { needs(first: $x) }", "query ($x: Int, $x: Int) { many }",
        "fragment F on Query { many } { many }", "{ ...F } fragment F on Query { ...F }", "{ ... on Foo { many } }",
        "{ ... on Int { many } }", "{ ... on Kind { many } }", "{ many @foo }", "{ many @skip }",
        "{ many many: needs(first: 1) }", "query A { many } query A { many }", "{ many } query B { many }",
        "subscription { many }", "type X { a: Int } { many }", "{ many @skip(if: true) @skip(if: false) }",
        "query @skip(if: true) { many }", "{ 5 }", '{ found(text: "abc) { many } }',
    ],
)  # fmt: skip
def test_every_usual_mistake_has_its_chinese(text: str) -> None:
    assert wrong_in(text)
    for error in wrong_in(text):
        assert in_chinese(error.message) != Code.INVALID.zh, error.message


def test_what_the_table_does_not_know_is_told_shortly() -> None:
    assert in_chinese("The moon is full.") == "查询不正确"
    assert (
        in_chinese("Variable '$x' has invalid value at .a: The moon is full.") == "查询不正确：变量 $x 的 .a 的值不正确"
    )


def test_a_value_that_is_cut_off_is_told_without_its_end() -> None:
    [error] = wrong_by("Kind", "HALL" * 500)
    told = shown_invalid(error)
    assert told["extensions"]["zh"] == "查询不正确：变量 $x 的值不正确"
    assert len(told["message"]) == 300
