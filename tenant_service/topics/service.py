"""How topics come in, and with whom they are shared. One function, one use case, one transaction."""

from sync.contract.channels import Share
from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked
from sync.contract.instants import day_of
from sync.contract.shapes.topics import TopicChannel, TopicRecord, TopicSource
from sync.contract.trust.directory import Directory
from tenant_service.exchange.sharing import choices, copies_shown
from tenant_service.files import queries as files
from tenant_service.history import taken
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.signing import acts as signing
from tenant_service.signing.rules import Approval, shared_with_more
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import queries, receiving_queries, stands
from tenant_service.topics.descriptions import Described, Report, describe, heard_at, reported
from tenant_service.topics.entries import changed, followed, fresh, recounted, revised, standing
from tenant_service.topics.models import SeenTopicRow, TopicRow
from tenant_service.topics.routing_service import routed
from tenant_service.topics.rules import NOTICE_WORKDAYS, OFFLINE_STATES, Act, Listed

__all__ = ["Described", "Report"]


def register(
    unit: Unit, actor: Actor, source: TopicSource, told: Described, report: Report, venue: str | None = None,
    within: int = NOTICE_WORKDAYS,
) -> TopicRecord:  # fmt: skip
    """窗口登记: the office writes down what somebody came with, by word of mouth, phone, letter or minutes. `within`:
    workdays in which it says whether it is accepted.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, CLASSIFIED, BAD_ID; NOT_FOUND, there is no such area or venue of ours.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = fresh(unit, actor, source, TopicChannel.DESK, within)
    describe(unit, actor, row, told)
    return raised(unit, actor, row, report, "topic.register", venue)


def recommend(
    unit: Unit, actor: Actor, told: Described, words: str, within: int = NOTICE_WORKDAYS
) -> TopicRecord:  # fmt: skip
    """委员荐题: a member raises something, and is told what becomes of it; the office screens it like any other.

    Raises:
        Refusal: FORBIDDEN, BAD_VALUE, CLASSIFIED, BAD_ID; NOT_FOUND, there is no such area of ours.
    """
    actor.require(UseCase.RECOMMEND_TOPICS)
    row = fresh(unit, actor, TopicSource.MEMBER, TopicChannel.MEMBER, within)
    describe(unit, actor, row, told)
    made = raised(unit, actor, row, Report(words), "topic.recommend", person=actor.person)
    followed(unit, actor, row.id)
    return made


def redescribe(unit: Unit, actor: Actor, id: str, told: Described) -> TopicRecord:
    """The topic is as the office describes it now; once it has a category, it is under one.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_VALUE, CLASSIFIED, BAD_ID; NOT_SIGNED_OFF, it is shared: what
            others read is worded anew only by who may sign.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = standing(unit, id, Act.REDESCRIBE)
    if row.shares and not signing.may_widen(actor, UseCase.SIGN_OFF_TOPICS, actor.sub):
        raise Refusal(Code.NOT_SIGNED_OFF)
    describe(unit, actor, row, told, is_screened=row.category is not None)
    return changed(unit, actor, row, "topic.redescribe")


def share(unit: Unit, actor: Actor, directory: Directory, id: str, shares: list[Share]) -> TopicRecord:
    """The topic is shared with exactly these; from everybody else it is retracted.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, UNKNOWN_COMMITTEE, UNKNOWN_MECHANISM, BAD_VALUE; OUT_OF_TURN, it was not
            screened; NOT_SIGNED_OFF, it is shared with more only by who may sign.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = standing(unit, id, Act.SHARE)
    stored = choices.check(shares, directory, unit.committee)
    handled = {each.sub for each in taken.of(unit.session, id)}
    shared_with_more(
        Approval.SIGNED, row.shares, stored, signs=signing.may_widen(actor, UseCase.SIGN_OFF_TOPICS, *handled)
    )
    row.shares = stored
    return changed(unit, actor, row, "topic.share")


def relate(unit: Unit, actor: Actor, id: str, kind: Relation, other: str) -> TopicRecord:
    """关联: the topic takes up another one again (续办), or is the class of matters that the other one belongs to
    (由一件事到一类事). What is handled on paper is linked to nothing: a link would say what it is about.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND, OUT_OF_TURN, BAD_ID, LINK_CYCLE, TOO_MANY_LINKS; ALREADY_DONE, it takes up
            another one; BAD_VALUE, another kind of link.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = standing(unit, id, Act.RELATE)
    target = queries.ours(unit.session, str(checked(other)))
    if target.state in OFFLINE_STATES:
        raise Refusal(Code.OUT_OF_TURN, now=target.state)
    if kind is Relation.FOLLOWS_UP and row.follows_up_id not in (None, target.id):
        raise Refusal(Code.ALREADY_DONE)
    if kind not in (Relation.FOLLOWS_UP, Relation.GENERALISES):
        raise Refusal(Code.BAD_VALUE, field="kind", why=f"{Relation.FOLLOWS_UP}, {Relation.GENERALISES}")
    links.lay(unit, actor, row.id, kind, target.id)
    _tell_links(unit, row)
    return changed(unit, actor, row, "topic.relate")


def unrelate(unit: Unit, actor: Actor, id: str, kind: Relation, other: str) -> TopicRecord:
    """The link is not there any more.

    Raises:
        Refusal: FORBIDDEN, OUT_OF_TURN; NOT_FOUND, there is no such topic or link.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = standing(unit, id, Act.RELATE)
    mine = kind in (Relation.FOLLOWS_UP, Relation.GENERALISES)
    if not mine or not links.take_away(unit, row.id, kind, str(checked(other))):
        raise Refusal(Code.NOT_FOUND)
    _tell_links(unit, row)
    return changed(unit, actor, row, "topic.unrelate")


# ── what other rooms build on ──


def count_items(unit: Unit, id: str, agreed: int, done: int, open: int, unassigned: int | None = None) -> None:
    """The topic says what its list comes to; where that is told to others, they are told anew.

    Called by the room of the items, in its transaction. `agreed`, `done`, `open`, `unassigned` as in `rules.Listed`.

    Raises:
        Refusal: NOT_FOUND.
    """
    row = queries.locked(unit.session, id)
    was = Listed(row.items_agreed or 0, row.items_done or 0, row.items_open or 0, row.items_unassigned)
    row.items_agreed, row.items_done, row.items_open, row.items_unassigned = agreed, done, open, unassigned
    if was != Listed(agreed, done, open, unassigned):
        revised(unit, row)


def count_files(unit: Unit, id: str, count: int) -> None:
    """As many pictures and papers are attached to it. Called by the room of the files, in its transaction."""
    row = queries.locked(unit.session, id)
    row.photos = sum(each.kind.is_picture for each in files.of(unit.session, id)) if count else 0
    revised(unit, row)


def raised(
    unit: Unit, actor: Actor, row: TopicRow, report: Report, act: str, venue: str | None = None,
    person: str | None = None, digest: str | None = None,
) -> TopicRecord:  # fmt: skip
    """A topic that was just described is there, with what was reported. `digest`: of the reporter's tracking code.

    Raises:
        Refusal: BAD_VALUE, CLASSIFIED, BAD_ID; NOT_FOUND, there is no such venue of ours.
    """
    if venue:
        heard_at(unit, row, venue)
    routed(unit, row)
    row.receiver_id = receiving_queries.first(unit.session, row, day_of(unit.now))
    unit.session.add(row)
    unit.session.flush()
    stands.stand(unit, row.id)
    reported(unit, row, report, person, digest)
    recounted(unit, row)
    taken.write(unit, actor, row.id, "raise", None, row.state)
    return changed(unit, actor, row, act)


def _tell_links(unit: Unit, row: TopicRow) -> None:
    follows = links.targets(unit.session, row.id, Relation.FOLLOWS_UP)
    row.follows_up_id = follows[0] if follows else None
    row.generalises_ids = list(links.targets(unit.session, row.id, Relation.GENERALISES)) or None


project = copies_shown.projection(SeenTopicRow)
"""What others tell us of theirs is kept as a copy."""
