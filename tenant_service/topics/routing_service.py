"""分办: who looks after a topic, by its area and category or by name. One function, one use case, one transaction."""

from sqlalchemy.exc import IntegrityError

from sync.contract.errors import Code, Refusal
from sync.contract.ids import checked, owner_of
from sync.contract.shapes.topics import TopicCategory, TopicRecord
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import UseCase
from tenant_service.storage.unit_of_work import Unit
from tenant_service.topics import descriptions, routing_queries
from tenant_service.topics.entries import changed, standing
from tenant_service.topics.models import TopicRouteRow, TopicRow
from tenant_service.topics.rules import Act

MOST_ROUTES = 500
"""Of one committee: every category of every town would be fewer."""


def add_route(
    unit: Unit, actor: Actor, category: TopicCategory | None, area_id: str | None, target: str
) -> TopicRouteRow:  # fmt: skip
    """分派规则: topics of this category and area go to that unit, body or person when they are accepted; what names
    both goes before what names one. Said again of the same, another target takes the place of the former.

    Raises:
        Refusal: FORBIDDEN, BAD_ID; NOT_FOUND, there is no such area or target of ours; TOO_MANY_ROWS.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    if area_id:
        descriptions.area(unit, actor, area_id)
    target = _target(unit, target)
    row = routing_queries.route(unit.session, category, area_id) or _route(unit, category, area_id, target)
    row.target_id, row.changed_at = target, unit.now
    unit.session.flush()
    audit.note(unit, actor, "topic.add_route", row.id)
    return row


def remove_route(unit: Unit, actor: Actor, id: str) -> TopicRouteRow:
    """The rule is not there any more; what went by it stays where it is.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = routing_queries.ROUTES.locked(unit.session, id)
    unit.session.delete(row)
    audit.note(unit, actor, "topic.remove_route", id)
    return row


def entrust(unit: Unit, actor: Actor, id: str, target: str | None) -> TopicRecord:
    """确定责任单位（人）: this unit, body or person looks after the topic; None: nobody in particular.

    Raises:
        Refusal: FORBIDDEN, OUT_OF_TURN, BAD_ID; NOT_FOUND, there is no such topic or target of ours.
    """
    actor.require(UseCase.HANDLE_TOPICS)
    row = standing(unit, id, Act.ENTRUST)
    row.in_charge_id = _target(unit, target) if target else None
    return changed(unit, actor, row, "topic.entrust")


def routed(unit: Unit, row: TopicRow, before: tuple[TopicCategory | None, str | None] | None = None) -> None:
    """A topic of which nobody said who looks after it is looked after by whom the rules name; `before`: category and
    area by which they named somebody already.
    """
    named = routing_queries.target_for(unit.session, *before) if before else None
    if row.in_charge_id in (None, named):
        row.in_charge_id = routing_queries.target_for(unit.session, row.category, row.area_id) or row.in_charge_id


def _route(unit: Unit, category: TopicCategory | None, area_id: str | None, target: str) -> TopicRouteRow:
    """The rule of these, new; or that of another clerk who made one at the same moment."""
    if len(routing_queries.routes(unit.session)) >= MOST_ROUTES:
        raise Refusal(Code.TOO_MANY_ROWS, most=MOST_ROUTES)
    covers = routing_queries.covers(category, area_id)
    given = {"category": category, "area_id": area_id, "target_id": target, "changed_at": unit.now, "covers": covers}
    try:
        with unit.attempt():
            row = TopicRouteRow(id=unit.new_id("route"), **given)
            unit.session.add(row)
            unit.session.flush()
            return row
    except IntegrityError:
        found = routing_queries.route(unit.session, category, area_id)
        if found is None:
            raise
        return found


def _target(unit: Unit, id: str) -> str:
    found = str(checked(id))
    if owner_of(found) != unit.committee or routing_queries.called(unit.session, [found]).get(found) is None:
        raise Refusal(Code.NOT_FOUND)
    return found
