"""The table of steps that were taken; private to this package."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from tenant_service.storage.columns import Ascii, Row


class StepTakenRow(Row):
    """One step of one record. `seq` counts the steps of that record from 1, without a gap.

    `was`: the state before; null of the first step. `iss`, `sub`: who, as in the audit log; both empty: somebody
    without an account, who is never named here. `because`: the reason as it was typed.
    """

    __tablename__ = "step_taken"
    subject: Mapped[str] = mapped_column(Ascii, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime]
    act: Mapped[str] = mapped_column(Ascii)
    was: Mapped[str | None] = mapped_column(Ascii)
    now: Mapped[str] = mapped_column(Ascii)
    iss: Mapped[str] = mapped_column(Ascii)
    sub: Mapped[str] = mapped_column(Ascii, index=True)
    because: Mapped[str | None]
