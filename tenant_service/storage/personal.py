"""个人信息: which columns say something of a person, declared where the column is.

What is declared is masked, counted, exported to its subject and erased; a test walks all tables and names each column
that looks like one of these and says nothing.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, MetaData, false, func, inspect, select
from sqlalchemy.orm import Session, mapped_column

from sync.contract.kinds import Kind


class Personal(Kind):
    """个人信息类别: what a column tells of a person."""

    WHO = "WHO", "人员编号"  # the pseudonym, which says nothing by itself
    NAME = "NAME", "姓名"
    PHONE = "PHONE", "电话"
    BIRTH = "BIRTH", "出生年月"
    GENDER = "GENDER", "性别"
    WORK = "WORK", "工作单位及职务"
    NUMBER = "NUMBER", "编号、用户名"
    PARTY = "PARTY", "党派"
    TEXT = "TEXT", "文字"  # written about somebody, or by somebody about themselves


_INFO = "personal"


def personal(kind: Personal, *types: Any, **more: Any) -> Any:
    """A mapped column that is personal data."""
    return mapped_column(*types, info={_INFO: kind}, **more)


def declared(tables: MetaData) -> Iterator[tuple[str, str, Personal]]:
    """Table, column and kind of everything that is declared."""
    for table in tables.sorted_tables:
        for column in table.columns:
            if _INFO in column.info:
                yield table.name, column.name, column.info[_INFO]


# ── what is held of one person ──

ERASED = "（已删除）"
"""Stands where a name stood."""


@dataclass(frozen=True)
class Whom:
    """Of whom is asked. The name alone finds nothing of theirs, because strangers have it, too; `others`: so does
    somebody else of ours.
    """

    id: str
    name: str
    phone: str | None = None
    birth_month: str | None = None
    others: bool = False


@dataclass(frozen=True)
class Held:
    """One row that says something of a person: its table, its key, and its columns by name."""

    table: str
    key: str
    values: dict[str, Any]


Named = Callable[[Session, str], Sequence[str]]
"""Records in which a name stands: perhaps this person's, perhaps a stranger's."""


@dataclass(frozen=True)
class HeldTable:
    """A table that holds something of people, and what people call its rows.

    Attributes:
        for_office: The office sees it row by row; of all others it sees how many rows there are.
        shows_phones: The phone of a row is shown whole to whoever calls it, each time written down under the row's key.
        named: Records of it that have a name and may be anybody's of that name: the office looks through them, nobody
            is shown them as their own, and nothing is erased by it.
    """

    name: str
    label: str
    for_office: bool = False
    shows_phones: bool = False
    named: Named | None = None


Tables = Sequence[HeldTable]


class Holder(Protocol):
    """A room's `personal.py`: what it holds of a person, and how that is taken out.

    Attributes:
        TABLES: Those that `about` reads, in the order in which they are shown.
    """

    TABLES: Tables

    def about(self, session: Session, whom: Whom) -> list[Held]:
        """Every row of this room that says something of the person; nothing secret, such as hashes of passwords."""

    def erase(self, unit: Any, whom: Whom) -> int:
        """What says who it was is gone; what figures are counted from stays, under the pseudonym. How many rows."""


def held(
    session: Session, model: Any, *where: ColumnElement[bool], only: Sequence[str] = (), hidden: Sequence[str] = ()
) -> list[Held]:  # fmt: skip
    """Rows of a table as they stand, without its `hidden` columns, or with `only` these."""
    mapper = inspect(model)
    names = [each.key for each in mapper.column_attrs if each.key not in hidden and (not only or each.key in only)]
    keys = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
    found = session.scalars(select(model).where(*where)).all()
    return [
        Held(model.__tablename__, "/".join(str(getattr(row, key)) for key in keys),
             {name: getattr(row, name) for name in names})
        for row in found
    ]  # fmt: skip


def called(name: Any, key: Any) -> Named:
    """Records in whose column exactly this name stands, by a column that says which they are."""

    def named(session: Session, wanted: str) -> Sequence[str]:
        return session.scalars(select(key).where(name == wanted).distinct().order_by(key)).all()

    return named


# ── phones ──

_MOBILE = 11
"""Digits of a mobile number without the country's."""
_WHOLE = 7
"""Digits of the shortest number that is one person's; what is shorter is an extension."""


def number(phone: str) -> str:
    """A phone as it is kept and looked for: without blanks, dashes and the country's code, however it was written."""
    bare = "".join(each for each in unicodedata.normalize("NFKC", phone) if each.isalnum())
    bare = bare.removeprefix("00") if bare.startswith("0086") else bare
    return bare.removeprefix("86") if bare.isdecimal() and len(bare) > _MOBILE else bare


def has_phone(column: Any, phone: str | None) -> ColumnElement[bool]:
    """Rows with this whole number, with or without blanks and dashes in it."""
    wanted = number(phone or "")
    if not wanted.isdecimal() or len(wanted) < _WHOLE:
        return false()
    bare = func.replace(func.replace(column, "-", ""), " ", "")
    found: ColumnElement[bool] = bare.in_((wanted, f"+86{wanted}", f"86{wanted}"))
    return found
