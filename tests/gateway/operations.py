"""Random operations over a joint schema, as a hostile but law-abiding client would write them."""

import json
import random
import zlib
from collections.abc import Callable
from typing import Any

from graphql import GraphQLSchema, get_named_type, is_abstract_type, is_leaf_type, is_required_argument

from sync.contract.asking.cursors import cursor, order_of, order_value

LIKE_THE_GATEWAYS_OWN = {
    "nodes": "cursors", "edges": "pageInfo", "cursors": "totalCount", "pageInfo": "f0", "totalCount": "f1",
    "activities": "r1", "venues": "r0",
}  # fmt: skip
GATEWAY_ONLY = {"fanout", "at", "fan"}


class Operation:
    """One document and its variables. The same response key always stands for the same field and arguments."""

    def __init__(
        self, luck: random.Random, schema: GraphQLSchema, rows: dict[str, list[Any]], ids: list[str],
        filters: tuple[str, str] = ("kind", "title"),
    ) -> None:  # fmt: skip
        """`filters`: names of the kind and of the words in ActivityFilter."""
        self.luck, self.schema, self.rows, self.ids, self.filters = luck, schema, rows, ids, filters
        self.variables: dict[str, Any] = {}
        self._defined: list[str] = []
        self._fragments: dict[str, tuple[str, str]] = {}
        roots = told = [self._root() for _ in range(luck.randint(1, 4))]
        if luck.random() < 0.3:
            roots = [self._fragment("Query", lambda: " ".join(told))]
        defined = f"({', '.join(self._defined)})" if self._defined else ""
        self.text = f"query {defined} {{ {' '.join(roots)} }}\n" + "\n".join(
            text for _, text in self._fragments.values()
        )

    def _root(self) -> str:
        alone = ["committee", "node", "nodes", "__typename", "__type"]
        kind = self.luck.choice(["activities"] * 4 + ["venues"] * 2 + alone)
        if kind == "__typename":
            return self._keyed(kind, "") + self._condition()
        if kind == "__type":
            return f'{self._keyed(kind, "")}(name: "Activity") {{ name fields {{ name }} }}'
        field = self.schema.query_type.fields[kind]  # type: ignore[union-attr]
        if kind == "nodes":
            some = [self.luck.choice(self.ids) for _ in range(self.luck.choice([0, 1, 3, 6]))]
            arguments = f"ids: {self._value('[ID!]!', some)}"
        elif kind in ("committee", "node"):
            arguments = f"id: {self._value('ID!', self.luck.choice(self.ids))}"
        else:
            arguments = self._page(kind)
        below = self._selection(get_named_type(field.type), 3)
        return f"{self._keyed(kind, arguments)}{self._condition()} {{ {below} }}"

    def _page(self, kind: str) -> str:
        orders = {"activities": "ActivityOrder", "venues": "VenueOrder"}
        codes = list(self.schema.type_map[orders[kind]].values)  # type: ignore[attr-defined]
        default = {"activities": "STARTS_AT_DESC", "venues": "SORT_KEY_ASC"}[kind]
        told: list[str] = []
        code = default
        if self.luck.random() < 0.7:
            code = self.luck.choice(codes)
            told.append(f"orderBy: {self._value(orders[kind] + '!', code, enum=True)}")
        if self.luck.random() < 0.7:
            told.append(f"first: {self._value('Int!', self.luck.choice([0, 1, 2, 5, 9, 15] * 6 + [-1, 201]))}")
        if self.luck.random() < 0.5:
            row = self.luck.choice(self.rows[kind])
            place = cursor((order_value(getattr(row, order_of(code)[0])), row.committee_id, row.id))
            told.append(f"after: {self._value('Cursor', self.luck.choice([place] * 20 + [None, 'nonsense']))}")
        if kind == "activities" and self.luck.random() < 0.4:
            told.append(f"where: {self._where()}")
        self.luck.shuffle(told)
        return ", ".join(told)

    def _where(self) -> str:
        kind, (of_kind, words) = self.luck.choice(["HALL_SESSION", "INSPECTION"]), self.filters
        since = self.luck.choice(["2026-03-02T00:00:00+08:00", "2026-03-01T22:00:00Z"] * 5 + ["2026-03-02T00:00:00"])
        match self.luck.randrange(4):
            case 0:
                return self._value("ActivityFilter", {of_kind: kind, "since": since}, literal=False)
            case 1:
                return f'{{{of_kind}: {self._value("ActivityKind", kind, enum=True)}, {words}: "第1期"}}'
            case 2:
                return f'{{since: "{since}"}}'
            case _:
                return "null"

    def _selection(self, type_: Any, depth: int) -> str:
        told = [self._member(type_, depth) for _ in range(self.luck.randint(1, 4))]
        return " ".join(told) + ("" if any(each.strip() for each in told) else " __typename")

    def _member(self, type_: Any, depth: int) -> str:
        chance = self.luck.random()
        if chance < 0.08:
            return f"... {self._condition()} {{ {self._selection(type_, depth - 1)} }}"
        if chance < 0.16 and not is_abstract_type(type_):
            return f"... on {type_.name} {self._condition()} {{ {self._selection(type_, depth - 1)} }}"
        if chance < 0.28:
            return self._fragment(type_.name, lambda: self._selection(type_, depth - 1))
        if is_abstract_type(type_):
            narrowed = self.luck.choice(self.schema.get_possible_types(type_))
            return f"__typename id ... on {narrowed.name} {{ {self._selection(narrowed, depth - 1)} }}"
        names = [
            name for name, field in type_.fields.items()
            if name not in GATEWAY_ONLY and (depth > 0 or is_leaf_type(get_named_type(field.type)))
            and not any(is_required_argument(each) for each in field.args.values())
        ]  # fmt: skip
        name = self.luck.choice([*names, "__typename"])
        if name == "__typename":
            return self._keyed(name, "") + self._condition()
        field, arguments = type_.fields[name], ""
        if "first" in field.args and self.luck.random() < 0.7:
            arguments = f"first: {self._value('Int!', self.luck.randrange(3))}"
        below = get_named_type(field.type)
        inner = "" if is_leaf_type(below) else f" {{ {self._selection(below, depth - 1)} }}"
        return self._keyed(name, arguments) + self._condition() + inner

    def _fragment(self, type_name: str, select: Callable[[], str]) -> str:
        known = [name for name, (on, _) in self._fragments.items() if on == type_name]
        if known and self.luck.random() < 0.5 and type_name != "Query":
            name = self.luck.choice(known)
        else:
            name = f"F{len(self._fragments)}_{self.luck.randrange(1000)}"
            text = f"fragment {name} on {type_name} {{ {select()} }}"
            self._fragments[name] = type_name, text
        return f"...{name}{self._condition()}"

    def _condition(self) -> str:
        if self.luck.random() < 0.85:
            return ""
        return f" @{self.luck.choice(['include', 'skip'])}(if: {self._value('Boolean!', self.luck.random() < 0.5)})"

    def _keyed(self, name: str, arguments: str) -> str:
        """`alias: name(arguments)`; the alias follows from both, so that two of them never quarrel."""
        if arguments:
            key = f"{name}_{zlib.crc32(arguments.encode())}"
        else:
            key = self.luck.choice([name, name, f"my_{name}", LIKE_THE_GATEWAYS_OWN.get(name, name)])
        return f"{key}: {name}({arguments})" if arguments else (name if key == name else f"{key}: {name}")

    def _value(self, type_: str, value: Any, *, enum: bool = False, literal: bool = True) -> str:
        """The value, as a literal or through a variable, which may be left to its default."""
        text = value if enum else json.dumps(value, ensure_ascii=False)
        if literal and self.luck.random() < 0.5:
            return str(text)
        name = self.luck.choice(["v", "g", "g0first", "first"]) + str(len(self._defined))
        if literal and self.luck.random() < 0.3 and value is not None:
            self._defined.append(f"${name}: {type_} = {text}")
        else:
            self._defined.append(f"${name}: {type_}")
            self.variables[name] = value
        return f"${name}"
