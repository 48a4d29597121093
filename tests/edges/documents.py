"""Documents that are made to cost more than they look: each just below what a body may hold, or just below a limit.

All are over fields that gateway and committee both have.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

MOST = 99_000
"""Characters of a document that still fits a body, with its envelope."""


def _filled(before: str, piece: str, after: str, most: int = MOST) -> str:
    """`piece` as often as fits into a body, in which it may be longer than it is."""
    return before + piece * ((most - 2 * len(before + after)) // _size(piece)) + after


def _size(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode()) - 2


def _numbered(before: str, piece: Callable[[int], str], after: str, count: int) -> str:
    return before + "".join(map(piece, range(count))) + after


def _fragments(count: int, body: Callable[[int], str], on: str = "Query") -> str:
    return " ".join(f"fragment f{n} on {on} {{ {body(n)} }}" for n in range(count))


def _spread(*numbers: int) -> str:
    return " ".join(f"...f{n}" for n in numbers)


def _doubling(count: int, aliases: int = 2) -> str:
    """Each fragment is spread twice in the next: 2ⁿ fields after expansion."""
    bodies = _fragments(count - 1, lambda n: f"...f{n + 1} " * aliases)
    return f"{{ ...f0 }} {bodies} fragment f{count - 1} on Query {{ __typename }}"


def _overlapping(count: int) -> str:
    """Fragments that all say the same response keys: every pair of them has to be compared."""
    said = "id title kind venue { id name kind }"
    return (
        f"{{ activities {{ nodes {{ {_spread(*range(count))} }} }} }} {_fragments(count, lambda _: said, 'Activity')}"
    )


def _all_spread_everywhere(count: int) -> str:
    """Each fragment spreads all that follow it: a diamond on every edge."""
    bodies = _fragments(count, lambda n: " ".join(f"...f{m}" for m in range(n + 1, count)) + " __typename")
    return f"{{ {_spread(*range(count))} }} {bodies}"


def _nested_the_same(depth: int, times: int) -> str:
    return f'{{ unit(id: "x") {{ {_same(depth, times)} }} }}'


def _same(depth: int, times: int, key: str = "children", last: str = "id") -> str:
    """One key many times on every level, so that what is below it is joined and compared again and again."""
    said = last
    for _ in range(depth):
        said = f"{key} {{ {said} }} " * times
    return said


def _schema_through_fragments() -> str:
    """Each level of types below the schema is spread twice in the one above."""
    bodies = [
        f"fragment a{n} on __Type {{ ofType {{ ...a{n + 1} }} possibleTypes {{ ...a{n + 1} }} }} " for n in range(28)
    ]
    return "".join(bodies) + "fragment a28 on __Type { name }"


INTROSPECTION = "{ __schema { types { name fields { name args { name type { ...T } } type { ...T } } } } }"
T = "fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }"

DOCUMENTS: dict[str, str] = {
    "deep": _filled("", "{a", ""),
    "deep and closed": "{a" * 2_000 + "}" * 2_000,
    "deep lists": "{ node(id: " + "[" * 45_000 + "]" * 45_000 + ") { id } }",
    "deep objects": "{ node(id: " + "{a:" * 24_000 + "1" + "}" * 24_000 + ") { id } }",
    "deep inline fragments": "{" + "...{" * 20_000,
    "deep list types": "query ($a: " + "[" * 30_000 + "Int" + "]" * 30_000 + ") { __typename }",
    "wide": _filled("{ ", "a ", "}"),
    "wide below the limit": "{ activities { nodes { " + "id " * 9 + " } } }",
    "one field 900 times": "{" + " __typename" * 900 + "}",
    "tokens just below the limit": "{" + " title" * 990 + "}",
    "one field with 300 arguments": _numbered("{ node(", lambda n: f"a{n}: 1 ", ") { id } }", 300),
    "one argument 300 times": "{ node(" + "id: 1 " * 300 + ") { id } }",
    "aliases": _numbered("{ ", lambda n: f"a{n}: __typename ", "}", 300),
    "unknown fields": _numbered("{ ", lambda n: f"unknown{n} ", "}", 480),
    "unknown fields of rows": _numbered("{ activities { nodes { ", lambda n: f"unknown{n} ", "} } }", 480),
    "fragment cycle": f"{{ ...f0 }} {_fragments(30, lambda n: f'...f{(n + 1) % 30} __typename')}",
    "fragment into itself": "{ ...f0 } fragment f0 on Query { ...f0 ...f0 ...f0 }",
    "fragment doubling": _doubling(30),
    "fragment times ten": _doubling(30, 9),
    "fragments spread everywhere": _all_spread_everywhere(24),
    "30 fragments spread everywhere": _all_spread_everywhere(30),
    "each fragment spreads every other": f"{{ ...f0 }} {_fragments(28, lambda _: _spread(*range(28)))}",
    "many unused fragments": _fragments(200, lambda _: "__typename"),
    "overlapping fragments": _overlapping(29),
    "fewer overlapping fragments": _overlapping(20),
    **{
        f"the same {times} times on {depth} levels": _nested_the_same(depth, times)
        for depth, times in ((7, 2), (3, 6), (2, 10), (1, 10), (2, 8))
    },
    "the same in 110 inline fragments": "{ activities { nodes { " + "... { id title } " * 110 + "} } }",
    "the same in fewer inline fragments": "{ activities { nodes { " + "... { venue { id } } " * 60 + "} } }",
    "the same in a fragment that nobody spreads": "{ __typename } fragment f on Unit { " + _same(3, 6) + "}",
    "the same in many fragments that nobody spreads": "{ __typename } "
    + " ".join(f"fragment f{n} on Unit {{ {_same(2, 4)} }}" for n in range(25)),
    "the same below the schema": "{ __schema { queryType { " + _same(3, 6, "ofType", "name") + "} } }",
    "conflicts": "{ activities { nodes { " + " ".join("k: id k: title" for _ in range(4)) + " } } }",
    "conflicts of inline fragments": "{ activities { nodes { " + "... { k: id } ... { k: title } " * 70 + " } } }",
    "inline fragments": "{" + "... { __typename } " * 190 + "}",
    "many inline fragments in one another": "{" + "... { __typename " * 100 + "}" * 100 + "}",
    "inline fragments in one another": "{" + "... { __typename " * 150 + "}" * 150 + "}",
    "directives": "{ __typename " + "@skip(if: false) " * 160 + "}",
    "unknown directives": "{ __typename " + "@a " * 490 + "}",
    "directives on the operation": "query " + "@a " * 480 + "{ __typename }",
    "directives by the thousand": _filled("{ __typename ", "@a", "}"),
    "large list": _filled("{ node(id: [", "1 ", "]) { id } }"),
    "list just below the limit": "{ node(id: [" + "1 " * 980 + "]) { id } }",
    "large object": "{ activities(where: {" + " ".join(f"a{n}: 1" for n in range(310)) + "}) { nodes { id } } }",
    "one name of an object 300 times": "{ activities(where: {" + "kind: 1 " * 300 + "}) { nodes { id } } }",
    "large string": _filled('{ node(id: "', "x", '") { id } }'),
    "large string of escapes": _filled('{ node(id: "', "\\u4e2d", '") { id } }'),
    "large string of braced escapes": _filled('{ node(id: "', "\\u{1F600}", '") { id } }'),
    "large string of Chinese": _filled('{ node(id: "', "政", '") { id } }'),
    "many small strings": "{ node(id: [" + '"" ' * 980 + "]) { id } }",
    "large block string": _filled('{ node(id: """', "\n x", '""") { id } }'),
    "block string of quotes": _filled('{ node(id: """', '\\"""', '""") { id } }'),
    "block string of lines": _filled('{ node(id: """', "\n", '""") { id } }'),
    "unclosed string": _filled('{ node(id: "', "x", ""),
    "unclosed block string": _filled('{ node(id: """', "\n x", ""),
    "many unclosed strings": _filled("{ ", '"\n', ""),
    "large number": _filled("{ activities(first: ", "9", ") { nodes { id } } }"),
    "large fraction": _filled("{ activities(first: 0.", "9", ") { nodes { id } } }"),
    "large exponent": "{ activities(first: 1e999999999) { nodes { id } } }",
    "large name": _filled("{ ", "a", " }"),
    "many large names": _filled("{ ", "a" * 198 + " ", "}"),
    "comments only": _filled("", "#\n", ""),
    "one comment": _filled("#", "x", ""),
    "comments between": _filled("{ ", "#\n", "__typename }"),
    "commas": _filled("{ ", ",", "__typename }"),
    "white space": _filled("{ ", " ", "__typename }"),
    "lines": _filled("{ ", "\n", "__typename }"),
    "lines before an error": _filled("", "\r\n", "}"),
    "lines before many errors": "\n" * 48_000 + "{ " + " ".join(f"a{n}" for n in range(200)) + "}",
    "byte order marks": _filled("", "\ufeff", "{ __typename }"),
    "many operations": _numbered("", lambda n: f"query q{n} {{ __typename }} ", "", 160),
    "many operations of one name": "query q { __typename } " * 160,
    "many anonymous operations": "{ __typename } " * 240,
    "operations that share fragments": _numbered("", lambda n: f"query q{n} {{ {_spread(*range(5))} }} ", "", 30)
    + _fragments(29, lambda n: f"...f{n + 1}" if n < 28 else "__typename"),
    "operations with fragments and variables": _numbered(
        "", lambda n: f"query q{n}($a: Boolean!) {{ ...f0 }} ", "", 60
    ) + _fragments(29, lambda n: f"...f{n + 1} @skip(if: $a)" if n < 28 else "__typename @skip(if: $b)"),
    "many variables": _numbered("query (", lambda n: f"$a{n}: Int ", ") { __typename }", 240),
    "one variable many times": "query (" + "$a: Int " * 240 + ") { __typename }",
    "variables with defaults": _numbered("query (", lambda n: f"$a{n}: [Int] = [{n}] ", ") { __typename }", 90),
    "one large default": "query ($a: [Int] = [" + "1 " * 970 + "]) { __typename }",
    "undefined variables": _numbered("{ node(id: [", lambda n: f"$a{n} ", "]) { id } }", 480),
    "undefined variables in fragments": "{ ...f0 ...f1 } " + _fragments(
        2, lambda n: "node(id: [" + " ".join(f"$a{n}{m}" for m in range(200)) + "]) { id }"
    ),
    "unknown types": _numbered("query (", lambda n: f"$a{n}: T{n} ", ") { __typename }", 240),
    "fragments on unknown types": "{ __typename " + " ".join(f"... on T{n} {{ a }}" for n in range(140)) + " }",
    "impossible fragments": "{ activities { nodes {" + " ... on Venue { id }" * 140 + " } } }",
    "type definitions": _filled("", "type A{a:A}", ""),
    "descriptions": _filled("", '""', "", 1_800) + "{ __typename }",
    "introspection": INTROSPECTION + T,
    "introspection, ten times": "{" + " ".join(f"a{n}: __schema {{ types {{ ...X }} }}" for n in range(40))
    + "} fragment X on __Type { fields { type { name } } inputFields { type { name } } }",
    "circular introspection": "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
    "introspection through fragments, ten times": _numbered(
        "", lambda n: f"query q{n} {{ __schema {{ types {{ ...a0 }} }} }} ", _schema_through_fragments(), 10
    ),
    "introspection through fragments": "{ __schema { types { ...a0 } } } " + _schema_through_fragments(),
    "all root fields": "{" + " ".join(f"a{n}: activities {{ nodes {{ id }} }}" for n in range(49)) + "}",
    "page sizes in one another": '{ committee(id: "330421") { activities(first: 200) { venue { spaces { name } } } } }',
}  # fmt: skip

OF_VARIABLES = "query ($ids: [ID!]!, $id: ID!) { node(id: $id) { id } activities(at: {ids: $ids}) { nodes { id } } }"
VARIABLES: dict[str, Any] = {
    "a large list": list(range(14_000)),
    "a list below the limit": [str(n) for n in range(3_900)],
    "one id many times": ["330421"] * 3_900,
    "an object of many names": {f"a{n}": n for n in range(6_000)},
    "an object below the limit": {f"a{n}": n for n in range(1_900)},
    "deep lists": json.loads("[" * 29 + "]" * 29),
    "lists of lists": [[[]] * 3_000] * 10,
    "one large text": "政" * 32_000,
    "large numbers": [2**62 + n for n in range(3_900)],
    "what is no id": "x" * 90_000,
}
"""Values of a variable; each fits a body with its document."""


BODIES: dict[str, bytes] = {
    "escapes": b'{"query": "' + b"\\u4e2d" * 16_000 + b'"}',
    "escaped surrogates": b'{"query": "' + b"\\ud83d\\ude00" * 8_200 + b'"}',
    "lone surrogates": b'{"query": "{a}", "variables": {"a": "' + b"\\ud800" * 16_000 + b'"}}',
    "lists in one another": b'{"query": "{a}", "variables": ' + b"[" * 98_000,
    "objects in one another": b'{"query": "{a}", "variables": ' + b'{"a":' * 19_000,
    "unclosed strings": b'{"query": "{a}", "variables": ' + b'"\\' * 33_000,
    "quotes": b'"' * 99_990,
    "many names": b'{"query": "{a}", ' + b",".join(b'"%d": 1' % n for n in range(9_000)) + b"}",
    "one name many times": b'{"query": "{a}"' + b', "query": ""' * 7_600 + b"}",
    "many numbers": b'{"query": "{a}", "variables": {"a": [' + b"1," * 49_000 + b"1]}}",
    "many fractions": b'{"query": "{a}", "variables": {"a": [' + b"1e9," * 24_000 + b"1]}}",
    "one long number": b'{"query": "{a}", "variables": {"a": ' + b"9" * 99_900 + b"}}",
    "one long fraction": b'{"query": "{a}", "variables": {"a": 0.' + b"9" * 99_900 + b"}}",
    "white space": b'{"query": "{a}"' + b" " * 99_900 + b"}",
    "no text": b'{"query": "' + b"\xff" * 99_900 + b'"}',
    "nul": b'{"query": "' + b"\\u0000" * 16_000 + b'"}',
    "small lists": b'{"query": "{a}", "variables": {"a": [' + b"[]," * 33_000 + b"1]}}",
}
"""Bodies that are made to be read slowly."""


def bodies() -> Iterator[tuple[str, bytes]]:
    """Every body by its name; none is over what a body may hold, so none is refused for that alone."""
    for name, text in DOCUMENTS.items():
        yield name, json.dumps({"query": text}, ensure_ascii=False).encode()
    for name, value in VARIABLES.items():
        told = {"query": OF_VARIABLES, "variables": {"id": "x", "ids": value}}
        yield f"variables: {name}", json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    for name, body in BODIES.items():
        yield f"body: {name}", body
