"""What proposers, co-signers and the office are told of a proposal, in which words."""

from collections.abc import Iterable

from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.notifications import service as notifications
from tenant_service.notifications.rules import NotificationKind
from tenant_service.proposals import queries
from tenant_service.proposals.models import ProposalRow
from tenant_service.proposals.rules import SignerState
from tenant_service.storage.unit_of_work import Unit


def asked(unit: Unit, actor: Actor, row: ProposalRow, people: Iterable[str]) -> None:
    """Whoever is asked to co-sign knows until when."""
    title = f"请您附议提案：{row.title}"
    notifications.tell(unit, people, NotificationKind.PROPOSAL, row.id, title, f"截止 {row.sign_until}", by=actor)


def answered(unit: Unit, actor: Actor, row: ProposalRow, name: str, state: SignerState) -> None:
    """The first proposer knows who signed and who did not."""
    first = [each.person_id for each in queries.signers(unit.session, row.id)[:1] if each.person_id]
    title = f"{name}{state.label}：{row.title}"
    notifications.tell(unit, first, NotificationKind.PROPOSAL, row.id, title, by=actor)


def proposers(unit: Unit, actor: Actor, row: ProposalRow, words: str, because: str = "") -> None:
    """Whoever's proposal it is knows what became of it."""
    to = [each.person_id for each in queries.signed(unit.session, row.id) if each.person_id]
    notifications.tell(unit, to, NotificationKind.PROPOSAL, row.id, f"{words}：{row.title}", because, by=actor)


def to_sign(unit: Unit, actor: Actor, row: ProposalRow) -> None:
    """Whoever signs knows that it waits to be filed."""
    notifications.tell_signers(unit, UseCase.SIGN_OFF_PROPOSALS, row.id, f"提案待立案签发：{row.title}", by=actor)


def sent_back(unit: Unit, actor: Actor, row: ProposalRow) -> None:
    """Whoever reviewed it last knows why it came back."""
    title, because = f"提案复审退回：{row.title}", row.returned_because or ""
    notifications.tell(unit, [row.drafted_by], NotificationKind.SENT_BACK, row.id, title, because, by=actor)
