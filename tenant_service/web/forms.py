"""What a browser sent by a form, read strictly; and what was refused, put beside the field it is about."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import SHANGHAI, day, instant
from sync.contract.kinds import Kind
from sync.edge.shell.words import Language

MOST_BYTES = 200_000
MOST_FIELDS = 600
FORM = "application/x-www-form-urlencoded"
K = TypeVar("K", bound=Kind)


@dataclass(frozen=True)
class Upload:
    """A file as a browser sent it, under the name that it has there."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Form:
    """One form as it was filled in. A field that was left empty is not there.

    Attributes:
        files: By the field's name: uploads, or what the act's `ready` has made of them.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, body: bytes) -> "Form":
        """Raises: Refusal BAD_REQUEST, not a form, one of too many fields, or with NUL in a field."""
        try:
            pairs = parse_qsl(body.decode("ascii"), encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS)
        except ValueError:
            raise Refusal(Code.BAD_REQUEST) from None
        told: dict[str, tuple[str, ...]] = {}
        for name, value in pairs:
            if "\0" in value:
                raise Refusal(Code.BAD_REQUEST)
            told[name] = (*told.get(name, ()), value)
        return cls(told)

    def all(self, name: str) -> tuple[str, ...]:
        return self.values.get(name, ())

    def get(self, name: str, default: str = "") -> str:
        return (self.values.get(name) or (default,))[0].strip()

    def text(self, name: str) -> str | None:
        return self.get(name) or None

    def tells(self, name: str) -> bool:
        """Whether this box is ticked, or this button was pressed."""
        return name in self.values

    def lines(self, name: str) -> tuple[str, ...]:
        """The lines of a text area that say something."""
        return tuple(line.strip() for line in self.get(name).splitlines() if line.strip())

    def number(self, name: str) -> int | None:
        """Raises: Refusal BAD_VALUE."""
        told = self.get(name)
        if not told:
            return None
        if not told.isdecimal() or len(told) > len("1000000000"):
            raise Refusal(Code.BAD_VALUE, field=name, why=Said("请填写数字", "a number"))
        return int(told)

    def needed_number(self, name: str) -> int:
        """Raises: Refusal BAD_VALUE, also where nothing was written."""
        told = self.number(name)
        if told is None:
            raise Refusal(Code.BAD_VALUE, field=name, why=Said("必填", "it is needed"))
        return told

    def kind(self, name: str, kinds: type[K]) -> K | None:
        """Raises: Refusal BAD_VALUE, a code that is not of this list."""
        told = self.get(name)
        found = kinds.known(told) if told else None
        if told and found is None:
            raise Refusal(Code.BAD_VALUE, field=name, why=Said("请从列表选择", "choose from the list"))
        return found

    def needed_kind(self, name: str, kinds: type[K]) -> K:
        """Raises: Refusal BAD_VALUE, also where nothing was chosen."""
        found = self.kind(name, kinds)
        if found is None:
            raise Refusal(Code.BAD_VALUE, field=name, why=Said("必选", "choose one"))
        return found

    def day(self, name: str) -> dt.date | None:
        """Raises: Refusal BAD_VALUE."""
        told = self.get(name)
        try:
            return day(told) if told else None
        except ValueError:
            raise Refusal(Code.BAD_VALUE, field=name, why=Said("日期写作 2026-12-03", "YYYY-MM-DD")) from None

    def needed_day(self, name: str) -> dt.date:
        """Raises: Refusal BAD_VALUE, also where nothing was written."""
        told = self.day(name)
        if told is None:
            raise Refusal(Code.BAD_VALUE, field=name, why=Said("必填", "it is needed"))
        return told

    def moment(self, name: str) -> dt.datetime | None:
        """What a `datetime-local` field holds: the clock on the wall in Asia/Shanghai. Raises: Refusal BAD_VALUE."""
        told = self.get(name)
        try:
            return instant(dt.datetime.fromisoformat(told).replace(tzinfo=SHANGHAI).isoformat()) if told else None
        except ValueError:
            raise Refusal(
                Code.BAD_VALUE, field=name, why=Said("时间写作 2026-12-03T08:00", "YYYY-MM-DDTHH:MM")
            ) from None

    def needed_moment(self, name: str) -> dt.datetime:
        """Raises: Refusal BAD_VALUE, also where nothing was written."""
        told = self.moment(name)
        if told is None:
            raise Refusal(Code.BAD_VALUE, field=name, why=Said("必填", "it is needed"))
        return told


def wall_clock(moment: dt.datetime | None) -> str:
    """A moment as a `datetime-local` field holds it."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" if moment else ""


@dataclass(frozen=True)
class Wrong:
    """What was refused: beside which field, or above the form."""

    fields: Mapping[str, str] = field(default_factory=dict)
    above: str = ""


BESIDE = {Code.NEEDS_REASON: ("reason", "note"), Code.SECRECY_UNCONFIRMED: ("unclassified",)}
"""Code of a refusal that names no field → fields of any room's form that it is about."""


def wrong(refusal: Refusal, fields: Iterable[str], language: Language, beside: Iterable[str] = ()) -> Wrong:
    """Where the refusal is shown, in the reader's language, on a form that has these fields; `beside`: which of them it
    is about, if it names none itself.
    """
    known = set(fields)
    said = refusal.en if language == "en" else refusal.zh
    if refusal.field in known:
        return Wrong({refusal.field: refusal.why.en if language == "en" else refusal.why.zh})
    belongs = next((each for each in beside if each in known), None)
    return Wrong({belongs: said}) if belongs else Wrong(above=said)
