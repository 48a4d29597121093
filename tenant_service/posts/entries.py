"""How a post comes to stand where it stands, who may do that, and who is told of a change."""

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.posts import PostRecord
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.posts import queries, rules
from tenant_service.posts.models import PostRow
from tenant_service.posts.rules import STATES, Act
from tenant_service.storage.unit_of_work import Unit


def writes(actor: Actor) -> None:
    """Raises: Refusal NOT_SIGNED_IN, FORBIDDEN: neither of the office nor a member who writes."""
    if not actor.may(UseCase.WRITE_POSTS):
        actor.require(UseCase.EDIT_POSTS)


def stepped(unit: Unit, actor: Actor, id: str, act: Act, because: str | None = None) -> PostRow:
    """Our post, locked, where this act leads it; its history says so.

    Raises:
        Refusal: NOT_FOUND, also where it is another member's; OUT_OF_TURN.
    """
    row = queries.locked(unit.session, id)
    if act in rules.OF_THE_AUTHOR and not actor.may(UseCase.EDIT_POSTS) and row.drafted_by != actor.sub:
        raise Refusal(Code.NOT_FOUND)
    row.approval = rules.approval_after(act, row.standing())
    taken.take(unit, actor, row, STATES, act, because)
    return row


def changed(unit: Unit, actor: Actor, row: PostRow, act: str) -> PostRecord:
    """A new revision, told to whom it is shared with if it may leave, and noted."""
    return way_out.changed(unit, actor, row, act, channels_of(row))


def channels_of(row: PostRow) -> set[str]:
    return choices.channels(row.shares) if row.may_be_told() else set()
