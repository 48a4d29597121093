"""A whole committee as a process, with a clock that tests move: `python -m tests.federation.audited_committee FOLDER`.

The folder has its `tenant.toml`, and in `hours` how far the clock is ahead. Into `looks` it writes a letter after each
look whether a head is to be told, so that a test can wait until it has looked instead of for a while.
"""

import asyncio
import datetime as dt
import sys
from pathlib import Path

from tenant_service import working
from tenant_service.committee import open_committee
from tenant_service.settings import read
from tenant_service.storage.unit_of_work import utc_now


def ahead(folder: Path) -> dt.timedelta:
    return dt.timedelta(hours=float((folder / "hours").read_text()))


def counting_looks(folder: Path) -> None:
    """Each look that ended well is one byte more in `looks`."""
    tell = working.Working._tell_head

    def look(self: working.Working) -> None:
        tell(self)
        with (folder / "looks").open("a") as looks:
            looks.write("x")

    working.Working._tell_head = look  # type: ignore[method-assign]


def main(folder: Path) -> None:
    working.HEAD_LOOK_AFTER = 0.3
    counting_looks(folder)
    committee = open_committee(read(folder / "tenant.toml", {}), lambda: utc_now() + ahead(folder))
    asyncio.run(committee.run())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
