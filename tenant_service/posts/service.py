"""What people do with posts. One function, one use case, one transaction."""

from sync.contract.channels import Share
from sync.contract.instants import day_of
from sync.contract.shapes.posts import PostOrigin, PostRecord, PostState
from sync.contract.trust.directory import Directory
from tenant_service import wording
from tenant_service.exchange import way_out
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.posts import queries, rules
from tenant_service.posts.descriptions import Draft, describe
from tenant_service.posts.entries import changed, stepped, writes
from tenant_service.posts.models import PostRow, SeenPostRow
from tenant_service.posts.rules import STATES, Act
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.signing import acts as signing
from tenant_service.signing import reviews
from tenant_service.signing.rules import AtOnce, shared_with_more
from tenant_service.storage.unit_of_work import Unit

__all__ = ["Draft"]


def draft(unit: Unit, actor: Actor, directory: Directory, told: Draft, shares: list[Share]) -> PostRecord:
    """拟稿: the post is written down; nobody but the office and its author sees it before it is published. A member
    writes threads, lectures and columns, which bear the member's name.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, and what `describe` refuses.
    """
    writes(actor)
    if not actor.may(UseCase.EDIT_POSTS):
        rules.written_by_a_member(told.kind)
    is_members = actor.may(UseCase.WRITE_POSTS) and actor.person is not None
    row = PostRow(
        id=unit.new_id("post"), committee_id=unit.committee, state=PostState.DRAFT, revision=0, changed_at=unit.now,
        **signing.drafted(actor), shares=choices.check(shares, directory, unit.committee), published_on=None,
        withdrawn_because=None, comments=0, converted_on=None, author=actor.name if is_members else None,
        author_id=actor.person if is_members else None,
    )  # fmt: skip
    describe(row, told)
    unit.session.add(row)
    unit.session.flush()
    taken.write(unit, actor, row.id, "draft", None, row.state)
    return changed(unit, actor, row, "post.draft")


def redraft(
    unit: Unit, actor: Actor, directory: Directory, id: str, told: Draft, shares: list[Share]
) -> PostRecord:  # fmt: skip
    """The post is as described now. What is signed is not rewritten.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN, and what `draft` refuses.
    """
    writes(actor)
    if not actor.may(UseCase.EDIT_POSTS):
        rules.written_by_a_member(told.kind)
    row = stepped(unit, actor, id, Act.REDRAFT)
    row.drafted_by = row.drafted_by if row.author_id else actor.sub
    row.shares = choices.check(shares, directory, unit.committee)
    describe(row, told)
    return changed(unit, actor, row, "post.redraft")


def discard(unit: Unit, actor: Actor, id: str) -> PostRecord:
    """作废: what was never signed, so never shown to anybody, is not there any more; returns what it was.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    writes(actor)
    return way_out.discarded(unit, actor, stepped(unit, actor, id, Act.DISCARD), "post.discard")


def submit(unit: Unit, actor: Actor, id: str) -> PostRecord:
    """送审: it waits for whoever signs. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND, OUT_OF_TURN."""
    writes(actor)
    return changed(unit, actor, stepped(unit, actor, id, Act.SUBMIT), "post.submit")


def send_back(unit: Unit, actor: Actor, id: str, why: str) -> PostRecord:
    """退回: whoever wrote it has it again, with the reason.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.SIGN_OFF_POSTS)
    row = stepped(unit, actor, id, Act.SEND_BACK, wording.reason(why))
    signing.sent_back(row, why)
    return changed(unit, actor, row, "post.send_back")


def sign_off(unit: Unit, actor: Actor, id: str, *, unclassified: bool) -> PostRecord:
    """签发: it may be published now. The signer confirms 已经保密审查，不涉密.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN; SECRECY_UNCONFIRMED, OWN_DRAFT.
    """
    actor.require(UseCase.SIGN_OFF_POSTS)
    row = stepped(unit, actor, id, Act.SIGN_OFF)
    signing.signed(unit, row, actor, UseCase.SIGN_OFF_POSTS, unclassified=unclassified)
    return changed(unit, actor, row, "post.sign_off")


def publish(unit: Unit, actor: Actor, id: str) -> PostRecord:
    """发布: members are shown it, and so is whoever else it is shared with.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND, OUT_OF_TURN.
    """
    writes(actor)
    row = stepped(unit, actor, id, Act.PUBLISH)
    row.published_on = day_of(unit.now)
    return changed(unit, actor, row, "post.publish")


def withdraw(unit: Unit, actor: Actor, id: str, why: str) -> PostRecord:
    """撤下: it stands as withdrawn, and whoever was shown it reads why, at once; it is reviewed after.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, OUT_OF_TURN, NEEDS_REASON, BAD_VALUE, CLASSIFIED.
    """
    actor.require(UseCase.EDIT_POSTS)
    row = stepped(unit, actor, id, Act.WITHDRAW, wording.reason(why))
    row.withdrawn_because = wording.reason(why)
    if row.published_on is not None:
        reviews.left_at_once(unit, actor, id, AtOnce.POST_WITHDRAW)
    return changed(unit, actor, row, "post.withdraw")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> PostRecord:
    """The post is shared with exactly these, once it is published; from everybody else it is retracted.

    Raises:
        Refusal: NOT_FOUND, FORBIDDEN, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE; NOT_SIGNED_OFF, a signed record
            is widened only by who may sign.
    """
    actor.require(UseCase.EDIT_POSTS)
    row = queries.locked(unit.session, id)
    stored = choices.check(shares, directory, unit.committee)
    signs = signing.may_widen(actor, UseCase.SIGN_OFF_POSTS, row.drafted_by)
    shared_with_more(row.approval, row.shares, stored, signs=signs)
    row.shares = stored
    return changed(unit, actor, row, "post.share")


# ── what the room of proposals builds on ──


def converted(unit: Unit, actor: Actor, id: str, proposal: str) -> queries.Thread:
    """A thread became this proposal, which is derived from it; called by the room of the proposals, in its transaction,
    with the proposal locked. Returns the thread with everybody who had a part in it.

    Raises:
        Refusal: NOT_FOUND, OUT_OF_TURN; BAD_ID, LINK_CYCLE, TOO_MANY_LINKS.
    """
    row = queries.locked(unit.session, id)
    STATES.after(Act.CONVERT, row.state)
    if links.lay(unit, actor, id, Relation.CONVERTED_TO, proposal):
        taken.take(unit, actor, row, STATES, Act.CONVERT)
        row.converted_on = row.converted_on or day_of(unit.now)
        changed(unit, actor, row, "post.convert")
    links.lay(unit, actor, proposal, Relation.DERIVED_FROM, id)
    return queries.thread_of(unit.session, id)


def from_sectors(thread: queries.Thread) -> list[queries.Voice]:
    """Those voices that speak for people of a sector (界别群众): whom a proposal names as its source."""
    return [each for each in thread.voices if each.origin is PostOrigin.SECTOR]


project = copies_shown.projection(SeenPostRow)
"""What others tell us of theirs is kept as a copy."""
