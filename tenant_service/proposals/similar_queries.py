"""相似的提案: earlier ones, ours and others' that were shared with us, with like subjects, and what came of them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from sync.contract.shapes.items import ReplyClass
from sync.contract.shapes.proposals import ProposalRecord, ProposalState
from tenant_service.identity.actor import Actor
from tenant_service.proposals import rules
from tenant_service.proposals.models import ProposalRow, SeenProposalRow
from tenant_service.proposals.queries import PROPOSALS

MOST, LOOKED_AT = 5, 2_000


@dataclass(frozen=True)
class Similar:
    """One of them, and what came of it."""

    id: str
    title: str
    year: int
    number: str | None
    state: ProposalState
    reply_class: ReplyClass | None
    committee_id: str


def to(session: Session, actor: Actor, told: ProposalRecord) -> list[Similar]:
    """Those most alike by their subjects that reach the actor, the most alike first."""
    pairs = rules.pairs(told.title)
    if not pairs:
        return []
    ours = PROPOSALS.visible(actor)
    found = [*_of(session, ProposalRow, pairs, told.id, ours), *_of(session, SeenProposalRow, pairs, told.id, [])]
    scored = sorted(((rules.alike(pairs, rules.pairs(row.title)), row) for row in found), key=lambda pair: -pair[0])
    return [
        Similar(row.id, row.title, row.year, row.number, row.state, row.reply_class, row.committee_id)
        for score, row in scored[:MOST] if score >= rules.ALIKE
    ]  # fmt: skip


def _of(
    session: Session, model: type[ProposalRow] | type[SeenProposalRow], pairs: frozenset[str], besides: str,
    where: list[ColumnElement[bool]],
) -> list[ProposalRow | SeenProposalRow]:  # fmt: skip
    any_pair = or_(*(model.title.contains(pair, autoescape=True) for pair in sorted(pairs)))
    wanted = select(model).where(any_pair, model.id != besides, model.filed_on.is_not(None), *where)
    return list(session.scalars(wanted.order_by(model.filed_on.desc()).limit(LOOKED_AT)))
