"""Days and numbers that an address asks for, read strictly: a page shows what was asked for, or says why not."""

import datetime as dt
from collections.abc import Mapping

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day

MOST_NUMBER = 2**63 - 1
"""What a database keeps, and what a cursor may hold."""
_DAY = Said("日期写作 2026-12-03，在 1900 至 2999 年间", "YYYY-MM-DD, in the years 1900 to 2999")


def day_in(query: Mapping[str, str], name: str) -> dt.date | None:
    """The day, in Asia/Shanghai, that `?name=` says; None where it says nothing.

    Raises:
        Refusal: BAD_VALUE, no day, or in a year that no record may have.
    """
    told = query.get(name, "").strip()
    try:
        return day(told) if told else None
    except ValueError:
        raise Refusal(Code.BAD_VALUE, field=name, why=_DAY) from None


def number_in(query: Mapping[str, str], name: str, most: int = MOST_NUMBER) -> int | None:
    """The number of the line behind which a page begins; None where the address says nothing.

    Raises:
        Refusal: BAD_CURSOR, no page leads there: not a number, or one over `most`.
    """
    told = query.get(name, "").strip()
    if not told:
        return None
    if not (told.isascii() and told.isdecimal() and len(told) <= len(str(most)) and int(told) <= most):
        raise Refusal(Code.BAD_CURSOR)
    return int(told)
