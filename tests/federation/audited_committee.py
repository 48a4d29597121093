"""A whole committee as a process, with a clock that tests move: `python -m tests.federation.audited_committee FOLDER`.

The folder has its `tenant.toml`, and in `hours` how far the clock is ahead. Into `looks` it writes a letter after each
look whether a head is to be told, so that a test can wait until it has looked instead of for a while.
"""

import asyncio
import datetime as dt
import logging
import sys
from pathlib import Path

from tenant_service import working
from tenant_service.committee import open_committee
from tenant_service.settings import read
from tenant_service.storage.unit_of_work import utc_now


def ahead(folder: Path) -> dt.timedelta:
    return dt.timedelta(hours=float((folder / "hours").read_text()))


class Looks(logging.Handler):
    """Each look that ended well, as the service's log has it, is one byte more in `looks`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(logging.DEBUG)
        self._into = folder / "looks"

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith("heads of the audit log of") and record.levelno == logging.DEBUG:
            with self._into.open("a") as looks:
                looks.write("x")


def main(folder: Path) -> None:
    working.HEAD_LOOK_AFTER = 0.3
    working.log.setLevel(logging.DEBUG)
    working.log.addHandler(Looks(folder))
    committee = open_committee(read(folder / "tenant.toml", {}), lambda: utc_now() + ahead(folder))
    asyncio.run(committee.run())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
