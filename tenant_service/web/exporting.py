"""A list as a whole, for a file."""

from collections.abc import Callable
from typing import Any

from tenant_service.storage.paging import Page

MOST_EXPORTED = 2_000
"""Lines of a file."""
_AT_ONCE = 200


def whole(page: Callable[[int, str | None], Page]) -> list[Any]:
    """The list from its beginning, up to MOST_EXPORTED lines and the rest of a page; `page` takes its size and the
    cursor behind which it begins.
    """
    rows, after = list[Any](), None
    while len(rows) < MOST_EXPORTED:
        found = page(_AT_ONCE, after)
        rows += found.rows
        if found.more is None:
            break
        after = found.more
    return rows
