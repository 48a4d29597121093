"""What this room holds of a person: which proposals they signed, and what they said of the answers."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.orm import Session

from sync.edge.shell.words import say
from tenant_service.exchange import way_out
from tenant_service.proposals import queries
from tenant_service.proposals.models import (
    ProposalProjectRow,
    ProposalRatingRow,
    ProposalRow,
    ProposalSignerRow,
    ProposalSourceRow,
)
from tenant_service.storage.personal import ERASED, Held, HeldTable, Tables, Whom, called, held
from tenant_service.storage.unit_of_work import Unit


def _leads(session: Session, name: str) -> Sequence[str]:
    """Key proposals that somebody of this name leads or supervises."""
    found = or_(ProposalRow.lead_leader == name, ProposalRow.supervising_leader == name)
    return session.scalars(select(ProposalRow.id).where(found).order_by(ProposalRow.id)).all()


def _heads(session: Session, name: str) -> Sequence[str]:
    """Proposals that somebody of this name signed, or signed for a unit or party."""
    found = or_(ProposalSignerRow.name == name, ProposalSignerRow.head == name)
    return session.scalars(select(ProposalSignerRow.proposal_id).where(found).distinct()).all()


def _told_by(session: Session, name: str) -> Sequence[str]:
    """Proposals in whose sources the name stands."""
    found = ProposalSourceRow.told.contains(name, autoescape=True)
    return session.scalars(select(ProposalSourceRow.proposal_id).where(found).distinct()).all()


TABLES: Tables = (
    HeldTable("proposal_signer", say("提案者"), named=_heads),
    HeldTable("proposal_rating", say("对提案答复的评价")),
    HeldTable("proposal_source", say("提案来源"), named=_told_by),
    HeldTable("proposal", say("提案领办督办"), named=_leads),
    HeldTable("proposal_project", say("专题项目领办"), named=called(ProposalProjectRow.leader, ProposalProjectRow.id)),
)


def about(session: Session, whom: Whom) -> list[Held]:
    return [
        *held(session, ProposalSignerRow, ProposalSignerRow.person_id == whom.id, hidden=("entered_by",)),
        *held(session, ProposalRatingRow, _said_by(whom.id), hidden=("entered_by",)),
    ]


def erase(unit: Unit, whom: Whom) -> int:
    """The name is gone, and the words said of an answer; that somebody signed it stays, under the pseudonym. Who was
    told the name is told.
    """
    said = unit.session.scalars(select(ProposalRatingRow).where(_said_by(whom.id))).all()
    for each in said:
        each.because = None
    rows = unit.session.scalars(select(ProposalSignerRow).where(ProposalSignerRow.person_id == whom.id)).all()
    for signer in rows:
        signer.name = ERASED
        row = queries.locked(unit.session, signer.proposal_id)
        unit.session.flush()
        row.names = [each.name for each in queries.signed(unit.session, row.id)]
        way_out.revised(unit, row, queries.channels_of(row))
    return len(said) + len(rows)


def _said_by(person: str) -> ColumnElement[bool]:
    own = select(ProposalSignerRow.proposal_id, ProposalSignerRow.seq).where(ProposalSignerRow.person_id == person)
    return tuple_(ProposalRatingRow.proposal_id, ProposalRatingRow.signer_seq).in_(own)
