"""Who may see a field: declared once, on the record, and read by GraphQL, the gateway and the outbox.

Circles lie in one another: whoever belongs to a narrower one sees what is shown to the wider ones as well. A record's
channel reaches a reader with one circle (`sync.contract.channels`); a field is told to that reader if it lies in that
circle or a wider one. Fields narrower than FEDERATION may be left out of a copy, so they must allow None; where a
record shows anything to everybody, so must all that it does not.
"""

from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import Any, TypeVar, dataclass_transform, get_args

from sync.contract.bounds import Bound
from sync.contract.kinds import Kind

T = TypeVar("T")


class Visible(Kind):
    """Widest circle a field is shown to."""

    PUBLIC = "PUBLIC", "公众"
    FEDERATION = "FEDERATION", "各级政协"
    MECHANISM = "MECHANISM", "联动成员"
    PARENT = "PARENT", "上级政协"
    TENANT = "TENANT", "本会"
    SUBJECT = "SUBJECT", "本人"

    def within(self, circle: "Visible") -> bool:
        """Whether somebody in `circle` sees what is shown to this one."""
        return self.depth <= circle.depth

    @property
    def depth(self) -> int:
        """0 for what everybody sees; the narrower the circle, the deeper."""
        return _DEPTH[self]


_DEPTH = {circle: depth for depth, circle in enumerate(Visible)}


class Undeclared(Exception):
    """A field says nothing about who may see it, so nobody may: the program does not start."""


def visible(
    to: Visible, description: str, *, default: Any = MISSING, default_factory: Any = MISSING,
    bound: Bound | None = None, personal: bool = False,
) -> Any:  # fmt: skip
    """A field, what it means and who may see it; `bound`: how far it may go, where not as all of its type may;
    `personal`: it says something of a person, so it is never told to everybody.
    """
    told = {"visible": to, "description": description, "bound": bound, "personal": personal}
    if default_factory is not MISSING:
        return field(metadata=told, default_factory=default_factory)
    return field(metadata=told, default=default)


@dataclass_transform(kw_only_default=True, field_specifiers=(visible,))
def record(cls: type[T]) -> type[T]:
    """A public shape that committees exchange: a plain dataclass, every field declared with `visible`.

    Raises:
        Undeclared: a field without a circle, a personal one that is told to everybody, or one that somebody who is
            told of the record is not shown, and that cannot be left out.
    """
    made = dataclass(kw_only=True)(cls)
    widest = Visible.FEDERATION
    if any(each.metadata.get("visible") is Visible.PUBLIC for each in fields(made)):  # type: ignore[arg-type]
        widest = Visible.PUBLIC
    for each in fields(made):  # type: ignore[arg-type]
        if "visible" not in each.metadata:
            raise Undeclared(f"{cls.__name__}.{each.name}")
        if not each.metadata["visible"].within(widest) and type(None) not in get_args(each.type):
            raise Undeclared(f"{cls.__name__}.{each.name} is not shown to all who see the record: it must allow None")
        if each.metadata.get("personal") and each.metadata["visible"].within(Visible.FEDERATION):
            raise Undeclared(f"{cls.__name__}.{each.name} is personal data, and would be told to everybody")
    return made


@cache
def hidden_from(cls: Any, circle: Visible) -> frozenset[str]:
    """Names of the record's fields that a reader in `circle` is not told."""
    return frozenset(each.name for each in fields(cls) if not each.metadata["visible"].within(circle))


def told_to(circle: Visible, record: T) -> T:
    """The record as a reader in `circle` sees it: what lies deeper is None."""
    shape: Any = type(record)  # a type of its own would not count as hashable to the cache
    hidden = hidden_from(shape, circle)
    if not hidden:
        return record
    made = object.__new__(type(record))
    made.__dict__.update(vars(record))
    for name in hidden:
        setattr(made, name, None)
    return made
