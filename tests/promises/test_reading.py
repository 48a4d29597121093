"""What the schemas say is what readers take, in this release and across two."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any, get_args, get_origin, get_type_hints

import jsonschema_rs
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.payloads.folder import FOLDER, STRUCTS, payloads
from deploy.payloads.of_messages import of_message
from deploy.payloads.of_records import of_record
from sync.contract import records
from sync.contract.bounds import Bound, bound_of
from sync.contract.channels import CHANNELS_OF
from sync.contract.records import RECORDS, UnknownCode
from sync.contract.trust.directory import Listed, Use
from sync.contract.versions import SCHEMAS, is_readable, schema_of
from sync.contract.visibility import Visible, hidden_from

KINDS = sorted(RECORDS)
CIRCLES = list(CHANNELS_OF)


def checker(schema: dict[str, Any], circle: Visible | None = None) -> Callable[[Any], bool]:
    """Whether a payload fits the schema, or what it says of one circle."""
    top = schema if circle is None else {"$ref": f"{schema['$id']}#/$defs/{circle.value}"}
    registry = jsonschema_rs.Registry([(schema["$id"], schema)])
    return jsonschema_rs.validator_for(top, registry=registry, validate_formats=True).is_valid


CHECKERS = {(kind, circle): checker(of_record(kind), circle) for kind in KINDS for circle in CIRCLES}


MOMENTS = st.datetimes(
    min_value=dt.datetime(1950, 1, 1), max_value=dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)  # noqa: DTZ001
)  # fmt: skip
LISTED = st.builds(Listed, keys=st.dictionaries(st.sampled_from(get_args(Use)), st.just([{"kty": "EC"}])))
DAYS = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2999, 12, 31))


def drawn(kind: str) -> st.SearchStrategy[Any]:
    """Any record of this kind that lies within its bounds."""
    cls = RECORDS[kind]
    hints = get_type_hints(cls)
    told = {
        each.name: _drawn(hints[each.name], bound_of(each))
        for each in dataclasses.fields(cls) if not bound_of(each).part_of
    }  # fmt: skip
    parts = {each.name: st.none() for each in dataclasses.fields(cls) if bound_of(each).part_of}
    return st.builds(cls, **told | parts)


def _drawn(hint: Any, bound: Bound) -> st.SearchStrategy[Any]:
    hint = getattr(hint, "__supertype__", hint)
    inner = [_drawn(each, bound) for each in get_args(hint)]
    match get_origin(hint):
        case None if hint is int:
            return st.integers(bound.least, bound.most)
        case None if hint is str:
            return st.from_regex(bound.form, fullmatch=True) if bound.form else st.text(max_size=bound.longest)
        case None:
            return {dt.datetime: MOMENTS, dt.date: DAYS}.get(hint, st.from_type(hint))
        case origin if origin is list:
            return st.lists(inner[0], max_size=min(bound.items, 40))
        case origin if origin is dict:
            return st.dictionaries(st.text(), inner[1], max_size=4)
        case _:
            return st.one_of(inner)


def example(kind: str, /, **changed: Any) -> dict[str, Any]:
    """A record as the deepest circle is told it: every field that may be null is."""
    made = {
        name: _value(schema, of_record(kind)["$defs"])
        for name, schema in of_record(kind)["properties"].items()
    }  # fmt: skip
    return made | changed


def _value(schema: dict[str, Any], lists: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return next(iter(lists[schema["$ref"].rpartition("/")[2]]["x-codes"]))
    told = schema.get("type", "null")
    if told == "string" and "pattern" in schema:
        return "2026-04"
    if told == "string" and "format" in schema:
        return "2026-04-01T08:00:00Z" if schema["format"] == "date-time" else "2026-04-01"
    least = max(1, schema.get("minimum", 1))  # a year is no 1
    plain = {"string": "x", "integer": least, "boolean": True, "array": [], "object": {}}
    return plain[told] if isinstance(told, str) and told in plain else None


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_written_for_a_circle_fits_its_schema_and_is_read_again(kind: str, data: st.DataObject) -> None:
    made = data.draw(drawn(kind))
    for circle in CIRCLES:
        told = msgspec.json.decode(msgspec.json.encode(records.written(made, circle)))
        assert CHECKERS[kind, circle](told)
        again = records.read(kind, told)
        hidden = hidden_from(RECORDS[kind], circle)
        assert all(
            getattr(again, each.name) == (None if each.name in hidden else getattr(made, each.name))
            for each in dataclasses.fields(made)
            if each.name not in hidden or each.default is dataclasses.MISSING
        )


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_circle_is_not_told_does_not_fit_its_schema(kind: str) -> None:
    for circle in CIRCLES:
        for name in hidden_from(RECORDS[kind], circle):
            assert not CHECKERS[kind, circle](example(kind, **{name: None})), (circle, name)


@pytest.mark.parametrize("kind", KINDS)
def test_the_least_that_a_schema_asks_for_is_enough_to_be_read(kind: str) -> None:
    schema = of_record(kind)
    least = {name: value for name, value in example(kind).items() if name in schema["required"]}
    assert checker(schema)(least)
    records.read(kind, least)
    for name in least:
        rest = {each: value for each, value in least.items() if each != name}
        assert not checker(schema)(rest)
        with pytest.raises(msgspec.ValidationError):
            records.read(kind, rest)


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_drops_the_fields_of_tomorrow(kind: str) -> None:
    today = records.read(kind, example(kind))
    assert records.read(kind, example(kind, of_tomorrow={"deep": [1]})) == today
    assert CHECKERS[kind, Visible.PARENT](example(kind, of_tomorrow={"deep": [1]}))


def _as_deep(part: dict[str, Any], code: str) -> Any:
    """The code where the field has its codes: in lists, where it is one of lists."""
    return [_as_deep(part["items"], code)] if "items" in part else code


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_of_tomorrow_fits_the_schema_and_is_told_apart_from_nonsense(kind: str) -> None:
    schema = of_record(kind)
    lists = {name for name, part in schema["properties"].items() if "$defs" in str(part)}
    for name in lists:
        of_tomorrow = example(kind, **{name: _as_deep(schema["properties"][name], "OF_TOMORROW")})
        assert checker(schema)(of_tomorrow)
        with pytest.raises(UnknownCode):
            records.read(kind, of_tomorrow)
        assert not checker(schema)(example(kind, **{name: 7}))
        with pytest.raises(msgspec.ValidationError) as refused:
            records.read(kind, example(kind, **{name: 7}))
        assert not isinstance(refused.value, UnknownCode)


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_takes_its_own_number_and_older_ones_and_no_other(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    assert is_readable(schema_of(kind))
    assert not is_readable(f"{kind}/{SCHEMAS[kind] + 1}")
    assert not any(is_readable(each) for each in (kind, f"{kind}/", f"{kind}/x", f"{kind}/-1", "stranger/1", ""))
    monkeypatch.setitem(SCHEMAS, kind, 3)
    assert is_readable(f"{kind}/2")


def test_every_schema_is_one() -> None:
    for payload in payloads():
        jsonschema_rs.meta.validate(payload.schema)
        assert (FOLDER / payload.file).exists()


@pytest.mark.parametrize("name", sorted(STRUCTS))
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_message_fits_its_schema(name: str, data: st.DataObject) -> None:
    made = data.draw(st.builds(STRUCTS[name]))
    told = msgspec.json.decode(msgspec.json.encode(made))
    assert checker(of_message(name, STRUCTS[name]))(told)
