"""Which changes of a payload a committee with another release understands, and which it does not."""

from collections.abc import Callable
from typing import Any, Literal

import msgspec
import pytest

from deploy.payloads.compatibility import Change, changes
from deploy.payloads.of_messages import of_message
from deploy.payloads.of_records import of_class
from sync.contract.kinds import Kind
from sync.contract.visibility import Visible, record, visible


class Colour(Kind):
    RED = "RED", "红"
    GREEN = "GREEN", "绿"


class MoreColours(Kind):
    RED = "RED", "朱红"
    GREEN = "GREEN", "绿"
    BLUE = "BLUE", "蓝"


class FewerColours(Kind):
    RED = "RED", "红"


@record
class Flag:
    """A flag."""

    id: str = visible(Visible.FEDERATION, "Its id.")
    colour: Colour = visible(Visible.FEDERATION, "Its colour.")
    stripes: int = visible(Visible.FEDERATION, "How many.", default=0)
    motto: str | None = visible(Visible.MECHANISM, "Its motto.")
    price: int | None = visible(Visible.TENANT, "What it cost.", default=None)


def schema(cls: Any) -> dict[str, Any]:
    return of_class("flag/1", cls)


def variant(field: str = "", made: Any = None, *, typed: Any = None) -> dict[str, Any]:
    """The flag's schema with one field declared anew, added, or (with nothing) taken away."""
    names = [*Flag.__annotations__, *([field] if field and field not in Flag.__annotations__ else [])]
    told = Flag.__dataclass_fields__
    body: dict[str, Any] = {"__doc__": Flag.__doc__, "__annotations__": {}}
    for name in names:
        if name == field:
            if made is None:
                continue
            body[name], body["__annotations__"][name] = made, typed or Flag.__annotations__[name]
        else:
            metadata = told[name].metadata
            body[name] = visible(metadata["visible"], metadata["description"], default=told[name].default)
            body["__annotations__"][name] = Flag.__annotations__[name]
    return schema(record(type("Flag", (), body)))


RECORD_CHANGES: dict[str, tuple[Callable[[], dict[str, Any]], list[tuple[str, str, bool]]]] = {
    "nothing": (variant, []),
    "words": (lambda: variant("stripes", visible(Visible.FEDERATION, "Stripes.", default=0)), []),
    "an added field that may be left out": (
        lambda: variant("pole", visible(Visible.FEDERATION, "Its pole.", default=None), typed=str | None),
        [("pole", "added", True)],
    ),
    "an added field for fewer readers": (
        lambda: variant("pole", visible(Visible.PARENT, "Its pole."), typed=str | None), [("pole", "added", True)]
    ),
    "an added field that readers need": (
        lambda: variant("pole", visible(Visible.FEDERATION, "Its pole."), typed=str),
        [("pole", "added, and older releases do not send it", False)],
    ),
    "a field taken away": (lambda: variant("stripes"), [("stripes", "removed or renamed", False)]),
    "a field of another type": (
        lambda: variant("stripes", visible(Visible.FEDERATION, "How many.", default=0), typed=str),
        [
            ("stripes", "longest text None → 100000", False), ("stripes", "maximum 2147483647 → None", False),
            ("stripes", "minimum -2147483647 → None", False), ("stripes", "type integer → string", False),
        ],
    ),
    "a field that may be null now": (
        lambda: variant("stripes", visible(Visible.FEDERATION, "How many.", default=0), typed=int | None),
        [("stripes", "type integer → ['integer', 'null']", False)],
    ),
    "another default": (
        lambda: variant("stripes", visible(Visible.FEDERATION, "How many.", default=3)),
        [("stripes", "what it means to leave it out: 0 → 3", False)],
    ),
    "made required": (
        lambda: variant("stripes", visible(Visible.FEDERATION, "How many.")),
        [("", "stripes became required, and older releases may leave it out", False)],
    ),
    "no longer required": (
        lambda: variant("id", visible(Visible.FEDERATION, "Its id.", default="")),
        [("", "id may be left out, and older releases need it", False)],
    ),
    "shown to more": (
        lambda: variant("motto", visible(Visible.FEDERATION, "Its motto.", default=None)),
        [("motto", "shown to FEDERATION, was MECHANISM only: records written before would leak", False)],
    ),
    "shown to fewer": (
        lambda: variant("motto", visible(Visible.PARENT, "Its motto.")),
        [("motto", "shown to PARENT, was MECHANISM: readers lose it", False)],
    ),
    "shown to nobody any more": (
        lambda: variant("motto", visible(Visible.TENANT, "Its motto.")),
        [("motto", "removed or renamed", False), ("", "motto is kept at home", True)],
    ),
    "what never travelled": (
        lambda: variant("price", visible(Visible.PARENT, "What it cost.", default=None)),
        [("price", "added", True), ("", "price travels, and never did: it would leak", False)],
    ),
    "a longer list of codes": (
        lambda: variant("colour", visible(Visible.FEDERATION, "Its colour."), typed=MoreColours),
        [("colour", "code BLUE added", True)],
    ),
    "a shorter list of codes": (
        lambda: variant("colour", visible(Visible.FEDERATION, "Its colour."), typed=FewerColours),
        [("colour", "code GREEN removed", False)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("made", "expected"), RECORD_CHANGES.values(), ids=RECORD_CHANGES)
def test_a_change_of_a_record(
    made: Callable[[], dict[str, Any]], expected: list[tuple[str, str, bool]]
) -> None:  # fmt: skip
    assert changes(schema(Flag), made()) == [Change(*each) for each in expected]


def test_a_field_that_was_renamed_is_gone_and_another_one_came() -> None:
    was, now = schema(Flag), schema(Flag)
    now["properties"]["strips"] = now["properties"].pop("stripes")
    assert [(each.where, each.is_compatible) for each in changes(was, now)] == [("stripes", False), ("strips", True)]


@pytest.mark.parametrize(
    ("was", "now", "is_compatible"), [(120, 200, True), (120, None, True), (120, 80, False), (None, 120, False)]
)
def test_a_text_may_grow_and_not_shrink(was: int | None, now: int | None, *, is_compatible: bool) -> None:
    def limited(most: int | None) -> dict[str, Any]:
        limit = {} if most is None else {"maxLength": most}
        return {"type": "object", "properties": {"name": {"type": "string", **limit}}}

    assert [each.is_compatible for each in changes(limited(was), limited(now))] == [is_compatible]


def test_what_nobody_thought_of_is_not_understood() -> None:
    assert not changes({"type": "string"}, {"type": "string", "pattern": "a+"})[0].is_compatible


class Inner(msgspec.Struct):
    use: Literal["a", "b"]
    by: dict[Literal["x", "y"], int] = {}


class WiderInner(msgspec.Struct):
    use: Literal["a", "b", "c"]
    by: dict[Literal["x", "y", "z"], int] = {}


class Told(msgspec.Struct):
    inner: list[Inner]


class ToldMore(msgspec.Struct):
    inner: list[WiderInner]


class Placed(msgspec.Struct, array_like=True):
    first: str
    second: int = 0


class PlacedMore(msgspec.Struct, array_like=True):
    first: str
    second: int = 0
    third: int = 0


class PlacedOtherwise(msgspec.Struct, array_like=True):
    second: int
    first: str


def test_a_closed_list_of_a_message_stays_as_it_is() -> None:
    found = changes(of_message("told/1", Told), of_message("told/1", ToldMore))
    assert [(each.where, each.what, each.is_compatible) for each in found] == [
        ("inner.[].use", "value c added, and older readers refuse it", False),
        ("inner.[].by.names", "value z added, and older readers refuse it", False),
    ]


def test_an_array_may_grow_at_its_end_only() -> None:
    was = of_message("placed/1", Placed)
    assert changes(was, of_message("placed/1", PlacedMore)) == [Change("third", "added", is_compatible=True)]
    assert not all(each.is_compatible for each in changes(was, of_message("placed/1", PlacedOtherwise)))


def test_a_message_with_a_name_that_its_reader_does_not_know_is_refused_by_the_reader() -> None:
    """Why a longer closed list is no compatible change."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(ToldMore([WiderInner("c")])), type=Told)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(ToldMore([WiderInner("a", {"z": 1})])), type=Told)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(PlacedMore("a", 1, 2)), type=Placed) == Placed("a", 1)
