"""On whose list an item stands: how the head of each kind of list is read, and what it is told of its list.

A list hangs on a record of another room. That room knows nothing of items; it offers how its record is locked, and
takes what its list comes to. A new kind of list is one line of `LISTS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked, kind_of
from sync.contract.kinds import Kind
from sync.contract.shapes.items import ItemKind
from sync.edge.shell.words import say
from tenant_service.activities import queries as activities
from tenant_service.assignments import proposal_queries, queries
from tenant_service.assignments.rules import Counts
from tenant_service.identity.actor import Actor
from tenant_service.proposals import handling_service as proposal_handling
from tenant_service.proposals import queries as proposals
from tenant_service.storage.unit_of_work import Unit
from tenant_service.supervision import queries as campaigns
from tenant_service.supervision import rules as supervision
from tenant_service.supervision import service as campaign_service
from tenant_service.topics import queries as topics
from tenant_service.topics import service as topic_service


@dataclass(frozen=True)
class Head:
    """What a list needs of the record that it hangs on.

    Attributes:
        takes: Whether items may be added now.
        shares: Whom the record is shared with, which new items are proposed to be as well.
    """

    id: str
    title: str
    state: Kind
    takes: bool
    shares: tuple[str, ...]


class Told(Protocol):
    """What each of those rooms tells of such a record."""

    @property
    def title(self) -> str: ...
    @property
    def state(self) -> Kind: ...
    @property
    def takes(self) -> bool: ...
    @property
    def shares(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class ListKind:
    """One kind of record that has a list.

    Attributes:
        label: What people call such a list's head.
        page: Where the record is shown; its id follows.
        kinds: What may stand on its list.
        lock: Our record stays as it is until the act is over. Raises: Refusal NOT_FOUND.
        reaches: Whether somebody is shown the record.
        told: What our record says to its list. Raises: Refusal NOT_FOUND.
        count: Is told what its list comes to.
    """

    label: str
    page: str
    kinds: tuple[ItemKind, ...]
    lock: Callable[[Session, str], object]
    reaches: Callable[[Session, Actor, str], object]
    told: Callable[[Session, str], Told]
    count: Callable[[Unit, Actor, str, Counts], None]


def _tell_topic(unit: Unit, _actor: Actor, id: str, counts: Counts) -> None:
    topic_service.count_items(unit, id, counts.agreed, counts.done, counts.open, counts.agreed - counts.handed_over)


def _tell_campaign(unit: Unit, _actor: Actor, id: str, counts: Counts) -> None:
    told = supervision.Counts(
        findings=counts.findings, suggestions=counts.suggestions, handed_over=counts.handed_over, done=counts.done,
        set_aside=counts.not_adopted, unsettled=counts.unsettled, fixed=counts.fixed,
        findings_done=counts.findings_done,
    )  # fmt: skip
    campaign_service.count_items(unit, id, told)


def _tell_nothing(_unit: Unit, _actor: Actor, _id: str, _counts: Counts) -> None:
    """An activity tells its own report."""


def _tell_proposal(unit: Unit, actor: Actor, id: str, _counts: Counts) -> None:
    proposal_handling.follow(unit, actor, id, proposal_queries.handled(unit.session, id))


LISTS: Mapping[str, ListKind] = {
    "topic": ListKind(
        say("议题"), "/topics/", (ItemKind.SUGGESTION, ItemKind.COMMITMENT), topics.locked, topics.one,
        topics.list_head, _tell_topic,
    ),
    "activity": ListKind(
        say("活动"), "/activities/", (ItemKind.SUGGESTION, ItemKind.COMMITMENT), activities.locked,
        activities.one, activities.list_head, _tell_nothing,
    ),
    "campaign": ListKind(
        say("监督活动"), "/supervision/", (ItemKind.FINDING, ItemKind.SUGGESTION, ItemKind.COMMITMENT),
        campaigns.locked, campaigns.one, campaigns.list_head, _tell_campaign,
    ),
    "proposal": ListKind(
        say("提案"), "/proposals/", (ItemKind.COMMITMENT,), proposals.locked, proposals.one, proposals.list_head,
        _tell_proposal,
    ),
}  # fmt: skip
"""Kind of record → its list."""


def of(id: str) -> ListKind:
    """Raises: Refusal BAD_ID; NOT_FOUND, records of this kind have no list."""
    found = LISTS.get(kind_of(checked(id)))
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return found


def head(session: Session, id: str) -> Head:
    """Raises: Refusal NOT_FOUND, BAD_ID."""
    told = of(id).told(session, id)
    return Head(id, told.title, told.state, told.takes, told.shares)


def opened(unit: Unit, id: str, kind: ItemKind) -> Head:
    """The head of a list, locked, to which an item of this kind is added.

    Raises:
        Refusal: NOT_FOUND, BAD_ID; LIST_SHUT, nothing is added there now; BAD_VALUE, no such item stands on it.
    """
    its = of(id)
    its.lock(unit.session, id)
    found = head(unit.session, id)
    if not found.takes:
        raise Refusal(Code.LIST_SHUT, title=found.title, now=found.state)
    if kind not in its.kinds:
        raise Refusal(Code.BAD_VALUE, field="kind", why="、".join(each.label for each in its.kinds))
    return found


def lock(unit: Unit, id: str) -> None:
    """Nobody else numbers or counts on this list until the act is over."""
    of(id).lock(unit.session, id)


def count(unit: Unit, actor: Actor, id: str) -> None:
    """Whoever has the list knows what it comes to now, by what the actor did."""
    unit.session.flush()
    lock(unit, id)
    of(id).count(unit, actor, id, queries.counts(unit.session, id))
