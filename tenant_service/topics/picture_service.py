"""Pictures that reporters send: each door, network and device has a share of the day, so that none takes all.

It is counted in the database: what was sent today counts after a restart, too.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Date, bindparam, delete, select, text

from sync.contract.errors import Code, Refusal
from sync.contract.instants import day_of
from tenant_service.files import service as files
from tenant_service.files.inspecting import Inspected
from tenant_service.files.rules import MB
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import service
from tenant_service.topics.models import TopicPictureShareRow

_AT_ONCE = 500
"""Rows of one slice."""
_BEGINNING = text(
    "INSERT INTO topic_picture_share (day, came_by, files, bytes) VALUES (:day, :came_by, 0, 0) ON CONFLICT DO NOTHING"
).bindparams(bindparam("day", type_=Date()))


@dataclass(frozen=True)
class Share:
    """What comes in by one of a kind in a day."""

    files: int
    bytes: int


DOOR, NETWORK, DEVICE = Share(250, 125 * MB), Share(250, 125 * MB), Share(30, 60 * MB)
"""A fourth of what all reporters send together for one venue's code, or the general form, and for one network, which
may be a village's; a device has more than its reports of a day would need.
"""


def attach(unit: Unit, actor: Actor, id: str, photos: Sequence[Inspected], came_by: dict[str, Share]) -> int:
    """How many were kept: what somebody has to say does not wait until pictures are taken again. `came_by`: what it
    came by and from → the share of that.
    """
    kept = 0
    try:
        for each in photos:
            if not _taken(unit, came_by, len(each.data)):
                break
            files.attach(unit, actor, id, each.name, each, by_reporter=True)
            kept += 1
    except Refusal as refusal:
        if refusal.code is not Code.FILES_OF_THE_DAY:
            raise
    if kept:
        service.count_files(unit, id, kept)
    return kept


def _taken(unit: Unit, came_by: dict[str, Share], size: int) -> bool:
    """One more of so many bytes counts, if there is room for it everywhere."""
    today = day_of(unit.now)
    rows = [_row(unit, today, each) for each in sorted(came_by)]
    if any(
        row.files >= came_by[row.came_by].files or row.bytes + size > came_by[row.came_by].bytes for row in rows
    ):  # fmt: skip
        return False
    for row in rows:
        row.files, row.bytes = row.files + 1, row.bytes + size
    unit.session.flush()
    return True


def _row(unit: Unit, day: dt.date, came_by: str) -> TopicPictureShareRow:
    """Locked, the first of a day as well: two that come at one moment count one after the other."""
    unit.session.execute(_BEGINNING, {"day": day, "came_by": came_by})
    return unit.session.get_one(TopicPictureShareRow, (day, came_by), with_for_update=True, populate_existing=True)


def forget(unit: Unit) -> int:
    """Counts of days that are over are dropped; how many."""
    over = select(TopicPictureShareRow.day, TopicPictureShareRow.came_by).where(
        TopicPictureShareRow.day < day_of(unit.now)
    )
    keys = unit.session.execute(over.limit(_AT_ONCE)).all()
    for day, came_by in keys:
        unit.session.execute(
            delete(TopicPictureShareRow).where(TopicPictureShareRow.day == day, TopicPictureShareRow.came_by == came_by)
        )
    return len(keys)
