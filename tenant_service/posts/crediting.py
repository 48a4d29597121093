"""履职台账: a member who read something of the library, a lecture or a case is credited with it once."""

from sqlalchemy import select

from sync.contract.instants import day_of
from tenant_service.performance import ledger_service as ledger
from tenant_service.performance import queries as ledger_queries
from tenant_service.performance.ledger_service import Credit
from tenant_service.performance.rules import READ, Deed
from tenant_service.posts.models import PostReadingRow, PostRow
from tenant_service.storage.unit_of_work import Unit

_AT_ONCE = 200
"""Readings of one slice."""


def credited(unit: Unit, row: PostRow, reading: PostReadingRow) -> bool:
    """Whoever read it has a line on the day of the reading, whatever becomes of the post; False: it was there."""
    if reading.person_id is None or row.kind not in READ:
        return False
    credit = Credit(Deed.ONLINE_READING, day_of(reading.at), row.title)
    return ledger.append(unit, reading.person_id, row.id, row.revision, credit)


def catch_up(unit: Unit) -> int:
    """What was read before it was credited is credited as well; how many lines."""
    wanted = select(PostRow, PostReadingRow).join(PostReadingRow, PostReadingRow.post_id == PostRow.id).where(
        PostRow.kind.in_(READ), PostReadingRow.person_id.startswith(f"{unit.committee}.", autoescape=True),
        ~ledger_queries.has_lines(PostRow.id, PostReadingRow.person_id),
    )  # fmt: skip
    return sum(credited(unit, row, reading) for row, reading in unit.session.execute(wanted.limit(_AT_ONCE)).all())
