"""Registers that keep their rows for a while: how many are older than a moment, and the oldest gone, slice by slice."""

import datetime as dt
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

AT_ONCE = 500
"""Rows of one slice that is dropped."""


def count_before(session: Session, register: Any, moment: dt.datetime) -> int:
    """How many rows of `register`, a table with `id` and `at`, are older."""
    return session.scalar(select(func.count()).select_from(register).where(register.at < moment)) or 0


def forget_before(session: Session, register: Any, moment: dt.datetime) -> int:
    """The oldest of them are gone, at most AT_ONCE; how many."""
    old = select(register.id).where(register.at < moment).order_by(register.at).limit(AT_ONCE)
    ids = list(session.scalars(old))
    session.execute(delete(register).where(register.id.in_(ids)))
    return len(ids)
