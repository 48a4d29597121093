"""Every read of this room's own proposals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from sync.contract.shapes.proposals import ProposalRecord, ProposalState, ProposerKind
from sync.contract.shapes.topics import TopicCategory
from tenant_service.exchange.sharing import choices
from tenant_service.exchange.sharing.at_home import AtHome, to_members, to_person
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.proposals import rules
from tenant_service.proposals.models import ProposalRow, ProposalSignerRow, ProposalSourceRow, SeenProposalRow
from tenant_service.proposals.rules import SignerState
from tenant_service.signing.rules import Approval


@dataclass(frozen=True)
class Wanted:
    """Which proposals; everything given must hold. `signer`: one of our people, by id, in whatever part;
    `written_by`: one of our people whose draft it is, of those that are still in their hands.
    """

    kinds: Sequence[ProposerKind] = ()
    states: Sequence[ProposalState] = ()
    approvals: Sequence[Approval] = ()
    categories: Sequence[TopicCategory] = ()
    year: int | None = None
    text: str | None = None
    is_key: bool | None = None
    signer: str | None = None
    written_by: str | None = None
    project: str | None = None


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, values in (
        (model.kind, wanted.kinds), (model.state, wanted.states), (model.category, wanted.categories),
    ):  # fmt: skip
        if values:
            found.append(column.in_(values))
    if wanted.year:
        found.append(model.year == wanted.year)
    if wanted.text:
        found.append(model.title.contains(wanted.text, autoescape=True))
    if wanted.is_key is not None:
        found.append(model.is_key.is_(wanted.is_key))
    return found + (_of_ours(wanted) if model is ProposalRow else [])


def _of_ours(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What only rows of ours can be asked for."""
    found: list[ColumnElement[bool]] = []
    if wanted.approvals:
        found.append(ProposalRow.approval.in_(wanted.approvals))
    if wanted.signer:
        found.append(_asked_of(wanted.signer))
    if wanted.written_by:
        found += [_first(wanted.written_by), ProposalRow.state.in_(rules.REVISABLE)]
    if wanted.project:
        found.append(ProposalRow.project_id == wanted.project)
    return found


def _asked_of(person: str) -> ColumnElement[bool]:
    """Proposals of a person: the first one's own, and those that they were asked to co-sign."""
    theirs = select(ProposalSignerRow.seq).where(
        ProposalSignerRow.proposal_id == ProposalRow.id, ProposalSignerRow.person_id == person,
        or_(ProposalSignerRow.seq == 1, ProposalSignerRow.invited_at.is_not(None)),
    )  # fmt: skip
    return theirs.exists()


def _first(person: str) -> ColumnElement[bool]:
    """Those whose first proposer a person is."""
    own = select(ProposalSignerRow.seq).where(
        ProposalSignerRow.proposal_id == ProposalRow.id, ProposalSignerRow.person_id == person,
        ProposalSignerRow.seq == 1,
    )  # fmt: skip
    return own.exists()


_READ = and_(
    ProposalRow.state.in_(rules.FILED_STATES),
    ProposalRow.filed_on.is_not(None),
    ProposalRow.is_open.is_(True),
    ProposalRow.approval == Approval.SIGNED,
)
"""公开: filed, and its proposers agreed."""
_HOME = AtHome(ways=(to_person(_asked_of, at_work=True), to_members(_READ)))
"""Until it is filed, a proposal is the office's and its proposers' alone; from then on members read those whose
proposers agreed to it.
"""
PROPOSALS: SharedRepository[ProposalRow, SeenProposalRow, ProposalRecord, Wanted] = SharedRepository(
    ProposalRow, SeenProposalRow, _matching, _HOME
)
listed, reaching, one, at_work = PROPOSALS.listed, PROPOSALS.reaching, PROPOSALS.one, PROPOSALS.at_work
ours, locked, newest_change = PROPOSALS.ours, PROPOSALS.locked, PROPOSALS.newest_change


# ── who proposes it, and from where they have it ──


def signers(session: Session, proposal: str) -> Sequence[ProposalSignerRow]:
    """The first proposer, then those who were asked to co-sign, in order; what they answered stands with them."""
    rows = select(ProposalSignerRow).where(ProposalSignerRow.proposal_id == proposal)
    return session.scalars(rows.order_by(ProposalSignerRow.seq)).all()


def signed(session: Session, proposal: str) -> list[ProposalSignerRow]:
    """Those of them whose proposal it is."""
    return [each for each in signers(session, proposal) if each.state is SignerState.SIGNED]


def sources(session: Session, proposal: str) -> Sequence[ProposalSourceRow]:
    """来源, in the order in which they were told."""
    rows = select(ProposalSourceRow).where(ProposalSourceRow.proposal_id == proposal)
    return session.scalars(rows.order_by(ProposalSourceRow.seq)).all()


def part_of(session: Session, actor: Actor, proposal: str) -> ProposalSignerRow | None:
    """What the person behind the account has to do with it; None: nothing, or nobody asked them yet."""
    if not actor.is_inside or actor.person is None:
        return None
    own = [each for each in signers(session, proposal) if each.person_id == actor.person]
    return next((each for each in own if each.seq == 1 or each.invited_at), None)


def is_first(session: Session, actor: Actor, proposal: str) -> bool:
    """Whether it is the person behind the account whose proposal it is first of all (第一提案人)."""
    part = part_of(session, actor, proposal)
    return part is not None and part.seq == 1


def may_attach(session: Session, actor: Actor, proposal: str) -> bool:
    """Whether somebody who sees its files may attach more: the first proposer while they have it in hand, the office
    until it is archived.
    """
    row = session.get(ProposalRow, proposal)
    if row is None or row.approval is Approval.IN_REVIEW:
        return False
    if actor.may(UseCase.EDIT_PROPOSALS):
        return row.state is not ProposalState.ARCHIVED
    return row.state in rules.REVISABLE and is_first(session, actor, proposal)


# ── counts ──


def last_number(session: Session, year: int) -> int:
    """The number (案号) of the year's last proposal that was filed; 0: there is none yet."""
    return session.scalar(select(func.max(ProposalRow.seq)).where(ProposalRow.year == year)) or 0


def has_number(session: Session, year: int, seq: int, besides: str) -> bool:
    """Whether another proposal of that year has the number."""
    where = (ProposalRow.year == year, ProposalRow.seq == seq, ProposalRow.id != besides)
    return session.scalar(select(ProposalRow.id).where(*where).limit(1)) is not None


def by_state(session: Session, year: int | None = None) -> dict[ProposalState, int]:
    wanted = select(ProposalRow.state, func.count()).group_by(ProposalRow.state)
    counted = session.execute(wanted.where(ProposalRow.year == year) if year else wanted)
    return dict(counted.all())


def mine(session: Session, person: str) -> int:
    """How many of a person's own proposals are still in their hands."""
    where = (ProposalRow.state.in_(rules.REVISABLE), _first(person))
    return session.scalar(select(func.count()).select_from(ProposalRow).where(*where)) or 0


def to_sign(session: Session, person: str) -> list[ProposalRow]:
    """Proposals that wait for what a person says to them, what ends first before what ends later."""
    asked = select(ProposalSignerRow.proposal_id).where(
        ProposalSignerRow.person_id == person, ProposalSignerRow.invited_at.is_not(None),
        ProposalSignerRow.state.in_((SignerState.INVITED, SignerState.TO_CONFIRM)),
    )  # fmt: skip
    wanted = select(ProposalRow).where(ProposalRow.id.in_(asked), ProposalRow.state == ProposalState.CO_SIGNING)
    return list(session.scalars(wanted.order_by(ProposalRow.sign_until, ProposalRow.id)))


def under_review(session: Session, besides: str) -> list[tuple[str, str]]:
    """Id and title of what another one may be merged into, by change."""
    wanted = select(ProposalRow.id, ProposalRow.title).where(
        ProposalRow.state.in_((ProposalState.SUBMITTED, ProposalState.FIRST_REVIEWED)), ProposalRow.id != besides
    )
    return [(id, title) for id, title in session.execute(wanted.order_by(ProposalRow.changed_at.desc()).limit(50))]


def channels_of(row: ProposalRow) -> set[str]:
    """Nobody is told of what is not filed."""
    return choices.channels(row.shares) if rules.may_be_told(row.approval) else set()


# ── what the room of the items builds on ──


@dataclass(frozen=True)
class ListHead:
    """What the items on a proposal's list are told of it. `takes`: whether items may be added now."""

    title: str
    state: ProposalState
    takes: bool
    shares: tuple[str, ...]


def list_head(session: Session, id: str) -> ListHead:
    """Raises: Refusal NOT_FOUND."""
    row = ours(session, id)
    takes = row.filed_on is not None and row.state is not ProposalState.ARCHIVED
    return ListHead(row.title, row.state, takes, tuple(row.shares))
