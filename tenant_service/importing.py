"""What a room gives so that its list comes in from a spreadsheet: its columns, and what a row of it does.

A row becomes the fields of the room's own form, so it is checked as whatever somebody types is, by the same act.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from sync.contract.kinds import Kind
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.spreadsheets import cells
from tenant_service.spreadsheets.cells import Cell, Unreadable
from tenant_service.storage.unit_of_work import Unit

InHands = Callable[[Session, str], Sequence[str]]
"""Titles of what a body has in hands, in all rooms."""
Fields = Mapping[str, str]
"""Field of the room's form → what it holds; one that is not there is not told."""
K = TypeVar("K", bound=Kind)
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?::\d{2})?")
_YES = frozenset({"是", "√", "✓", "有", "可", "Y", "y", "yes", "1"})
_NO = frozenset({"否", "×", "N", "n", "no", "0"})


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        field: Of the form.
        heads: How lists head it, the best first, with blanks between.
        read: What the form holds for a cell; "" for an empty one. Raises: Unreadable.
        needed: A sheet without it is not this list.
        example: What the template says below the head.
    """

    field: str
    heads: str
    read: Callable[[Cell], str]
    needed: bool = False
    example: str = ""

    @property
    def head(self) -> str:
        return self.heads.split()[0]


@dataclass(frozen=True)
class Sheet:
    """导入: one list that comes in from a spreadsheet.

    Attributes:
        code: In addresses.
        label: What people call it.
        use: Who may bring it in.
        columns: The first says what a row is called; by that it is found, and it does not change what is there.
        called: By what two rows of a file are the same.
        find: Our record that a row means, with its revision; None: there is none yet.
        add: A record of what the row says; its id.
        filled: The form of a record as it stands; None: what is there is left as it is.
        change: The record says what the fields say.
        revision: Of one of ours; it tells whether somebody changed it meanwhile.
        remove: Takes back what `add` made; it is told what bodies have in hands.
        help: What to know before, in Chinese.
    """

    code: str
    label: str
    use: UseCase
    columns: tuple[Column, ...]
    called: Callable[[Fields], str]
    find: Callable[[Session, Fields], tuple[str, int] | None]
    add: Callable[[Unit, Actor, Fields], str]
    revision: Callable[[Session, str], int]
    remove: Callable[[Unit, Actor, str, InHands], Any]
    filled: Callable[[Session, str], Fields] | None = None
    change: Callable[[Unit, Actor, str, Fields], Any] | None = None
    help: str = ""


# ── how cells are read ──


def plain(cell: Cell) -> str:
    """The text on one line."""
    return " ".join((cells.said(cell) or "").split())


def lines(cell: Cell) -> str:
    """The text with its line breaks."""
    return cells.said(cell) or ""


def number(cell: Cell) -> str:
    """A whole number, exactly. Raises: Unreadable."""
    told = plain(cell).replace(",", "")
    if told and not (told.isascii() and told.isdecimal()):
        raise Unreadable(f"“{told[:20]}”不是整数，请写准确数字，不写“余”“多”")
    return told


def day(cell: Cell) -> str:
    """YYYY-MM-DD. Raises: Unreadable."""
    told = cells.day(cell)
    return told.isoformat() if told else ""


def clock(cell: Cell) -> str:
    """HH:MM of 9:30, 09：30 or a spreadsheet's part of a day. Raises: Unreadable."""
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 24 * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    told = plain(cell)
    found = _CLOCK.fullmatch(told)
    if told and not (found and int(found[1]) < 24 and int(found[2]) < 60):  # noqa: PLR2004 — a day and an hour
        raise Unreadable(f"“{told[:20]}”不是时间，请写成19:30")
    return f"{int(found[1]):02}:{found[2]}" if found else ""


def yes(cell: Cell) -> str:
    """`yes`, `no` or nothing. Raises: Unreadable."""
    told = plain(cell)
    if told and told not in _YES | _NO:
        raise Unreadable(f"“{told[:10]}”应为是或否")
    return "" if not told else "yes" if told in _YES else "no"


def coded(kind: type[K], aliases: Mapping[K, str] | None = None) -> Callable[[Cell], str]:
    """Of a closed list, by label, by code, or by another name it goes by."""
    more = {name: each for each, names in (aliases or {}).items() for name in names.split()}
    known = {name: each for each in kind for name in (each.label, each.value)} | more

    def read(cell: Cell) -> str:
        told = cells.said(cell)
        if told is None:
            return ""
        if told not in known:
            raise Unreadable(f"“{told[:20]}”应为{'、'.join(each.label for each in kind)}之一")
        return known[told].value

    return read
