"""What single cells of a spreadsheet say, however they are written. Pure."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

Cell = str | int | float | dt.date
"""What a spreadsheet has in a cell; an empty one is an empty text."""

NOTHING = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "空", "不详", "null", "None"})
"""How lists write that there is nothing to say."""

_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(3_654, 73_415)
"""Days since the epoch of spreadsheets: 1910 to 2100. What is smaller is a year."""
_POINT = re.compile(r"(\d{4})\.(\d{1,2})")
_WRITTEN = re.compile(r"(\d{4})[年./\-](\d{1,2})(?:月|(?:[月./\-](\d{1,2})日?))?")
_FORMULA = frozenset("=+-@")
_TAGS = re.compile(r"[、,，;；|/\s]+")
_PHONE = re.compile(r"[0-9+\-()（）/、,;转 ]{3,40}")
_TERM = re.compile(r"第?([0-9]{1,2}|[一二三四五六七八九十]{1,3})届?")
_DIGITS = {character: value for value, character in enumerate("一二三四五六七八九", 1)}


class Unreadable(Exception):
    """The cell does not say what its column asks for. Says why, in Chinese, to whoever made the file."""


def text(cell: Cell) -> str:
    """The cell as a person reads it: 12.0 is 12, a day is YYYY-MM-DD, full width is half width."""
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    plain = unicodedata.normalize("NFKC", str(cell)).strip()
    return plain[1:] if plain[:1] == "'" and plain[1:2] in _FORMULA else plain  # our own CSV quotes these


def raw(cell: Cell) -> str:
    """The cell as it stands in the file, for giving it back."""
    return cell if isinstance(cell, str) else text(cell)


def said(cell: Cell) -> str | None:
    """The text, or None where it says that there is nothing."""
    plain = text(cell)
    return None if plain in NOTHING else plain


def is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


@dataclass(frozen=True)
class MonthStyle:
    """How a column writes months behind a point. A spreadsheet makes 1968.1 of 1968.10 when it takes it for a number,
    so 1968.1 alone does not say whether it is January or October.
    """

    two_digits: bool = False  # 1968.05 occurs
    one_digit: bool = False  # 1968.5 occurs
    keeps_zeros: bool = False  # 1968.10 occurs, so nothing was taken for a number

    def first(self) -> int | None:
        """The month of `.1`, or None where nobody can tell."""
        if self.two_digits and not self.one_digit:
            return 10
        return 1 if self.one_digit and not self.two_digits and self.keeps_zeros else None


def style(cells: Iterable[Cell]) -> MonthStyle:
    ends = {found[2] for cell in cells if (found := _POINT.fullmatch(_squeezed(cell)))}
    return MonthStyle(
        two_digits=any(end.startswith("0") for end in ends),
        one_digit=any(len(end) == 1 and end not in "01" for end in ends),
        keeps_zeros="10" in ends,
    )


def month(cell: Cell, how: MonthStyle) -> str | None:
    """YYYY-MM of 1968.05, 1968年5月, 196805, a day or a spreadsheet's day number.

    Raises:
        Unreadable: not a month, or one that could be two.
    """
    plain = said(cell)
    if plain is None:
        return None
    year, number = _pointed(plain, how) or _year_and_month(cell, plain)
    if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= number <= 12):  # noqa: PLR2004 — a year has twelve months
        raise Unreadable(f"“{plain[:20]}”不是年月")
    return f"{year:04}-{number:02}"


def day(cell: Cell) -> dt.date | None:
    """A day; of a month alone, its first.

    Raises:
        Unreadable: neither.
    """
    plain = said(cell)
    if plain is None or isinstance(cell, dt.date):
        return cell if isinstance(cell, dt.date) else None
    if plain.isdecimal() and len(plain) <= 5 and int(plain) in _SERIALS:  # noqa: PLR2004 — digits of a day number
        return _EPOCH + dt.timedelta(days=int(plain))
    if found := _WRITTEN.fullmatch(_squeezed(plain)):
        try:
            return dt.date(int(found[1]), int(found[2]), int(found[3] or 1))
        except ValueError:
            pass
    raise Unreadable(f"“{plain[:20]}”不是日期")


def _pointed(plain: str, how: MonthStyle) -> tuple[int, int] | None:
    found = _POINT.fullmatch(_squeezed(plain))
    if found is None:
        return None
    if found[2] != "1":
        return int(found[1]), int(found[2])
    first = how.first()
    if first is None:
        raise Unreadable(f"“{plain}”分不清是1月还是10月，请写成{found[1]}.01或{found[1]}.10")
    return int(found[1]), first


def _year_and_month(cell: Cell, plain: str) -> tuple[int, int]:
    if isinstance(cell, dt.date):
        return cell.year, cell.month
    if found := _WRITTEN.fullmatch(_squeezed(plain)):
        return int(found[1]), int(found[2])
    whole = plain.partition(".")[0]
    if whole.isdecimal() and len(whole) in (6, 8):
        return int(whole[:4]), int(whole[4:6])
    if whole.isdecimal() and len(whole) == 4 and _FIRST_YEAR <= int(whole) <= _LAST_YEAR:  # noqa: PLR2004 — a year
        raise Unreadable(f"“{plain}”只有年份，缺月份")
    if whole.isdecimal() and len(whole) <= 5 and int(whole) in _SERIALS:  # noqa: PLR2004 — digits of a day number
        there = _EPOCH + dt.timedelta(days=int(whole))
        return there.year, there.month
    raise Unreadable(f"“{plain[:20]}”不是年月")


def _squeezed(cell: Cell) -> str:
    return "".join(text(cell).split())


def phone(cell: Cell) -> str | None:
    """Raises: Unreadable."""
    plain = said(cell)
    if plain is not None and not _PHONE.fullmatch(plain):
        raise Unreadable(f"电话“{plain[:20]}”中有无法识别的字符")
    return plain


def term(cell: Cell) -> int | None:
    """15 of 十五届, 第十五届, 15.

    Raises:
        Unreadable.
    """
    plain = said(cell)
    if plain is None:
        return None
    found = _TERM.fullmatch(_squeezed(plain))
    number = _number(found[1]) if found else None
    if not number:
        raise Unreadable(f"届次“{plain[:10]}”应写成“十五届”或15")
    return number


def _number(written: str) -> int | None:
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return _DIGITS.get(written)
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return None
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def tags(cell: Cell) -> list[str] | None:
    plain = said(cell)
    return [each for each in _TAGS.split(plain) if each] if plain else None
