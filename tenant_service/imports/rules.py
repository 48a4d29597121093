"""What becomes of each row of a file. Pure: no clock, no database, no network."""

import msgspec

from tenant_service.spreadsheets.rules import Outcome


class Line(msgspec.Struct, omit_defaults=True):
    """One row of a file and what became of it.

    `fields`: of the room's form; `before`: these as they stood there, once the row was taken; `is_done`: it was.
    """

    number: int
    cells: list[str]
    name: str
    outcome: Outcome = Outcome.ERROR
    reason: str | None = None
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    record: str | None = None
    revision: int | None = None
    before: dict[str, str] | None = None
    is_done: bool = False
