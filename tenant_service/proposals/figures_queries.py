"""What our proposals come to in figures, by day."""

import datetime as dt

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.shapes.posts import PostOrigin
from tenant_service.counting.rules import Tally
from tenant_service.proposals.models import ProposalRow, ProposalSourceRow
from tenant_service.signing.rules import Approval


def filed(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Proposals that were filed, by that day and whose they are."""
    return _daily(session, since, until)


def sourced(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Those of them that say from where they are."""
    return _daily(session, since, until, _has_source())


def from_sectors(session: Session, since: dt.date, until: dt.date) -> list[Tally]:
    """Those of them that have a source among people of a sector (界别群众)."""
    return _daily(session, since, until, _has_source(ProposalSourceRow.origin == PostOrigin.SECTOR))


def _has_source(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(ProposalSourceRow.seq).where(ProposalSourceRow.proposal_id == ProposalRow.id, *where).exists()


def _daily(session: Session, since: dt.date, until: dt.date, *where: ColumnElement[bool]) -> list[Tally]:
    of = ProposalRow.filed_on, ProposalRow.kind
    wanted = select(*of, func.count()).where(
        ProposalRow.filed_on.between(since, until), ProposalRow.approval == Approval.SIGNED, *where
    )  # fmt: skip
    rows = session.execute(wanted.group_by(*of))
    return [Tally(day, kind.value, None, int(many)) for day, kind, many in rows if day is not None]
