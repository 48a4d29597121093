"""关注: who is told when something becomes of a topic. One function, one use case, one transaction."""

from sqlalchemy import update

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.topics import TopicRecord
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import queries
from tenant_service.topics.entries import followed
from tenant_service.topics.models import TopicFollowRow


def follow(unit: Unit, actor: Actor, id: str) -> TopicRecord:
    """关注: the account finds on its first page what becomes of the topic from now on.

    Raises:
        Refusal: NOT_SIGNED_IN; NOT_FOUND, there is no such topic of ours for the actor.
    """
    told = _shown(unit, actor, id)
    followed(unit, actor, id)
    audit.note(unit, actor, "topic.follow", id)
    return told


def unfollow(unit: Unit, actor: Actor, id: str) -> TopicRecord:
    """取消关注. Raises: Refusal NOT_SIGNED_IN; NOT_FOUND, the account does not follow it."""
    told = _shown(unit, actor, id)
    row = unit.session.get(TopicFollowRow, (id, actor.sub))
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    unit.session.delete(row)
    audit.note(unit, actor, "topic.unfollow", id)
    return told


def look(unit: Unit, actor: Actor) -> int:
    """知道了: the account has seen what became of all that it follows; of how many.

    Raises:
        Refusal: NOT_SIGNED_IN, FORBIDDEN.
    """
    _at_home(actor)
    mine = TopicFollowRow.sub == actor.sub
    seen = unit.session.execute(
        update(TopicFollowRow).where(mine).values(seen_at=unit.now).returning(TopicFollowRow.topic_id)
    )
    audit.note(unit, actor, "topic.look", unit.committee)
    return len(seen.all())


def _shown(unit: Unit, actor: Actor, id: str) -> TopicRecord:
    _at_home(actor)
    told = queries.one(unit.session, actor, id)
    if told is None or told.committee_id != unit.committee:
        raise Refusal(Code.NOT_FOUND)
    return told


def _at_home(actor: Actor) -> None:
    if not actor.iss:
        raise Refusal(Code.NOT_SIGNED_IN)
    if actor.must_change:
        raise Refusal(Code.PASSWORD_CHANGE_NEEDED)
    if not actor.is_home:
        raise Refusal(Code.FORBIDDEN)
