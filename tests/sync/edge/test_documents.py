"""What one document may ask for is counted before anything else looks at it, in no time."""

import pytest
from graphql import build_schema

from sync.contract.errors import Code, Refusal
from sync.edge.budget import Limits, afford, check_items
from sync.edge.documents import Documents, Unfit
from tests.work import lines_of

MOST_LINES = 250_000
"""Some ten milliseconds of a core; without remembering fragments it would be a hundred times that, and more."""

SDL = """
type Query { people(first: Int! = 20, name: String): People!  person(id: ID!): Person  tags: [String!]! }
type People { nodes: [Person!]!  pageInfo: PageInfo! }
type PageInfo { hasNextPage: Boolean! }
type Person { id: ID!  name: String!  friends(first: Int = 20): [Person!]!  tags: [Tag!]! }
type Tag { text: String!  person: Person! }
"""


def documents(**limits: int) -> Documents:
    return Documents(build_schema(SDL), Limits(**limits))


def codes(text: str, variables: dict[str, object] | None = None, **limits: int) -> list[str]:
    """Codes of what is wrong with a document; nothing when it may be answered."""
    of = documents(**limits)
    try:
        prepared = of.of(text)
        afford(of.schema, prepared.operation, prepared.fragments, of.limits, variables or {})
    except Unfit as unfit:
        return [each["extensions"]["code"] for each in unfit.errors]
    except Exception as refused:  # noqa: BLE001 — whatever it is, the comparison shows it
        return [str(getattr(refused, "code", refused))]
    return []


def doubling(levels: int) -> str:
    """Each fragment spreads the next one twice: 2^levels fields in a few bytes a level."""
    steps = [
        f"fragment F{n} on Person {{ a: friends {{ ...F{n + 1} }} b: friends {{ ...F{n + 1} }} }}"
        for n in range(levels)
    ]
    return "{ person(id: 1) { ...F0 } } " + " ".join(steps) + f" fragment F{levels} on Person {{ id }}"


def flat(levels: int) -> str:
    steps = [f"fragment F{n} on Person {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)]
    return "{ person(id: 1) { ...F0 } } " + " ".join(steps) + f" fragment F{levels} on Person {{ id name }}"


@pytest.mark.parametrize("bomb", [doubling(18), flat(28), doubling(28)], ids=["nested", "flat", "deep"])
def test_a_bomb_of_fragments_is_refused_at_once(bomb: str) -> None:
    assert len(bomb) < 2_600
    count, told = lines_of(lambda: codes(bomb))
    assert told == [Code.TOO_COMPLEX]
    assert count < MOST_LINES


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("{ person(id: 1) { friends { friends { id } } } }", {"depth": 3}),
        ("{ person(id: 1) { id name } }", {"fields": 2}),
        ("{ person(id: 1) { a: id b: id } }", {"aliases": 1}),
        ("{ person(id: 1) { id id id } }", {"repeated": 2}),
        ("{ person(id: 1) { ...A ...B } } fragment A on Person { id } fragment B on Person { id }", {"fragments": 1}),
        ("query A { person(id: 1) { id } } query B { person(id: 1) { id } }", {"fields": 3}),
        ("{ people(first: 200) { nodes { friends(first: 200) { friends(first: 200) { id } } } } }", {}),
        ("{ people { nodes { friends { friends { friends { id } } } } } }", {"cost": 100_000}),
    ],
)
def test_each_limit_is_kept(text: str, limits: dict[str, int]) -> None:
    assert codes(text, None, **limits) == [Code.TOO_COMPLEX]


def test_a_document_of_too_many_words_is_not_even_read() -> None:
    assert codes("{ person(id: 1) { " + "id " * 1_000 + "} }") == [Code.INVALID]


def test_a_very_deep_document_is_refused_without_breaking_the_reader() -> None:
    for levels, code in ((50, Code.TOO_COMPLEX), (300, Code.INVALID)):
        assert codes("{ person(id: 1) " + "{ friends " * levels + "{ id }" + " }" * levels + "}") == [code]
    assert codes("{ people(name: " + "[" * 900) == [Code.INVALID]


def test_a_page_size_counts_wherever_it_is_said() -> None:
    text = "query ($n: Int!) { people(first: $n) { nodes { friends(first: $n) { id name } } } }"
    assert codes(text, {"n": 10}) == []
    assert codes(text, {"n": 1_000}) == [Code.TOO_COMPLEX]
    assert codes(text, {"n": "a thousand"}) == []  # coercion refuses it when the values are read
    assert codes(text) == []  # 200 × 200 × 2 is within 200,000
    assert codes(text, cost=50_000) == [Code.TOO_COMPLEX]


def test_an_ordinary_question_passes() -> None:
    assert codes("{ people(first: 50) { nodes { id name tags { text } } pageInfo { hasNextPage } } tags }") == []


@pytest.mark.parametrize(
    "text",
    ["{", "{ }", "{ nothing }", "{ ...A }", "{ ...A } fragment A on Query { ...A }", "fragment A on Query { tags }"],
)
def test_what_is_not_valid_says_why_and_nothing_of_ours(text: str) -> None:
    of = documents()
    with pytest.raises(Unfit) as unfit:
        of.of(text)
    for error in unfit.value.errors:
        assert error["extensions"]["code"] in (Code.INVALID, Code.TOO_COMPLEX)
        assert "Traceback" not in error["message"]
        assert "Did you mean" not in error["message"]


def test_at_most_five_errors_are_told() -> None:
    with pytest.raises(Unfit) as unfit:
        documents().of("{ a b c d e f g h i }")
    assert len(unfit.value.errors) == 5


def test_a_document_is_looked_at_once_and_a_long_one_is_not_kept() -> None:
    of = documents()
    assert of.of("{ tags }") is of.of("{ tags }")
    long = "{ tags }" + " " * 20_000
    assert of.of(long) is not of.of(long)


def test_the_operation_that_is_named_is_meant() -> None:
    of, text = documents(), "query A { tags } query B { person(id: 1) { id } }"
    named = of.of(text, "B").operation.name
    assert named is not None
    assert named.value == "B"
    for name in (None, "C"):
        with pytest.raises(Unfit):
            of.of(text, name)


def test_a_look_at_the_schema_is_noticed_inside_fragments_too() -> None:
    of = documents()
    assert of.of("{ ...A } fragment A on Query { x: __schema { types { name } } }").asks_schema
    assert not of.of("{ __typename tags }").asks_schema


def test_items_of_variables_are_counted_in_depth() -> None:
    held = {"a": [1, 2, {"b": 3}]}
    check_items(held, Limits(items=5))
    with pytest.raises(Refusal):
        check_items(held, Limits(items=4))


@pytest.mark.parametrize("line", ["#\n", "\n", "\r"])
def test_lines_are_counted_though_comments_are_no_words(line: str) -> None:
    assert codes(line * 1_999 + "{ tags }") == []
    assert codes(line * 2_001 + "{ tags }") == ["TOO_COMPLEX"]


def test_fields_that_are_compared_in_pairs_are_counted_in_pairs() -> None:
    """Also in a fragment that nobody spreads, which is validated all the same."""
    inline = "... { tags { text } } " * 12
    assert codes(f"{{ person(id: 1) {{ {inline} }} }}") == []
    assert codes(f"{{ person(id: 1) {{ {inline} }} }}", fields=60, repeated=2) == ["TOO_COMPLEX"]
    unused = f"{{ tags }} fragment A on Person {{ {inline} }}"
    assert codes(unused) == ["INVALID"]
    assert codes(unused, fields=60, repeated=2) == ["TOO_COMPLEX"]
