"""Every read of this room."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from sync.contract.shapes.supervision import CampaignKind, CampaignRecord, CampaignState
from tenant_service.exchange.sharing.at_home import AtHome, to_person
from tenant_service.exchange.sharing.shared_repository import SharedRepository
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role, UseCase
from tenant_service.members import posting_queries as postings
from tenant_service.signing.rules import Approval
from tenant_service.supervision import rules
from tenant_service.supervision.models import CampaignBodyRow, CampaignLineRow, CampaignRow, SeenCampaignRow
from tenant_service.supervision.rules import LineKind


@dataclass(frozen=True)
class Wanted:
    """Which campaigns; everything given must hold."""

    kinds: Sequence[CampaignKind] = ()
    states: Sequence[CampaignState] = ()
    approvals: Sequence[Approval] = ()
    year: int | None = None
    text: str | None = None


def _matching(model: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, values in ((model.kind, wanted.kinds), (model.state, wanted.states)):
        if values:
            found.append(column.in_(values))
    if wanted.approvals and model is CampaignRow:
        found.append(model.approval.in_(wanted.approvals))
    if wanted.year:
        found.append(model.year == wanted.year)
    if wanted.text:
        found.append(model.title.contains(wanted.text, autoescape=True))
    return found


def _supervised_by(person: str) -> ColumnElement[bool]:
    """Whether it was signed and the person is posted to a body of the campaign."""
    of_it = select(CampaignBodyRow.body_id).where(
        CampaignBodyRow.campaign_id == CampaignRow.id, CampaignBodyRow.body_id.in_(postings.bodies_of(person))
    )
    return (CampaignRow.approval == Approval.SIGNED) & of_it.exists()


_HOME = AtHome(members=[CampaignRow.approval == Approval.SIGNED], ways=(to_person(_supervised_by, Role.SUPERVISOR),))
"""Members see what was signed; a supervisor what was signed of the bodies that he is posted to."""
CAMPAIGNS: SharedRepository[CampaignRow, SeenCampaignRow, CampaignRecord, Wanted] = SharedRepository(
    CampaignRow, SeenCampaignRow, _matching, _HOME
)
listed, reaching, one, at_work = CAMPAIGNS.listed, CAMPAIGNS.reaching, CAMPAIGNS.one, CAMPAIGNS.at_work
ours, locked, newest_change = CAMPAIGNS.ours, CAMPAIGNS.locked, CAMPAIGNS.newest_change


@dataclass(frozen=True)
class Line:
    """One measure or work, as the plan has it."""

    kind: LineKind
    number: int
    text: str


def lines(session: Session, campaign: str) -> list[Line]:
    """Measures first, then works, each in order."""
    rows = select(CampaignLineRow).where(CampaignLineRow.campaign_id == campaign)
    found = session.scalars(rows.order_by(CampaignLineRow.kind, CampaignLineRow.number))
    return [Line(row.kind, row.number, row.text) for row in found]


def bodies(session: Session, campaign: str) -> dict[str, str]:
    """Id → name of each body that it supervises, by name."""
    rows = select(CampaignBodyRow.body_id, CampaignBodyRow.name).where(CampaignBodyRow.campaign_id == campaign)
    return dict(session.execute(rows.order_by(CampaignBodyRow.name, CampaignBodyRow.body_id)).all())


@dataclass(frozen=True)
class ListHead:
    """What the list of a campaign needs of it.

    Attributes:
        takes: Whether something may be put on the list now.
        shares: Whom the campaign is shared with.
    """

    title: str
    state: CampaignState
    takes: bool
    shares: tuple[str, ...]


def list_head(session: Session, id: str) -> ListHead:
    """Of a campaign of ours. Raises: Refusal NOT_FOUND."""
    row = ours(session, id)
    return ListHead(row.title, row.state, rules.takes_findings(row.standing()), tuple(row.shares))


def may_find(session: Session, actor: Actor, campaign_id: str, body_id: str | None, day: dt.date) -> bool:
    """Whether the actor may say what was found in this campaign about this body: the office about anything, a posted
    supervisor about those bodies that the campaign supervises and the supervisor is posted to on that day. Whether the
    campaign takes findings now is another question.
    """
    if not actor.may(UseCase.ADD_FINDINGS):
        return False
    if actor.is_staff:
        return True
    of_it = body_id is not None and body_id in bodies(session, campaign_id)
    return of_it and postings.is_posted(session, actor.person, str(body_id), day) and (
        one(session, actor, campaign_id) is not None
    )  # fmt: skip


def count(session: Session, state: CampaignState) -> int:
    """How many of our campaigns stand there."""
    return session.scalar(select(func.count()).where(CampaignRow.state == state)) or 0
