"""Who looks after which topics."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from sync.contract.ids import kind_of
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.topics import TopicCategory
from tenant_service.members import posting_queries as bodies
from tenant_service.members import queries as members
from tenant_service.storage.repository import Repository
from tenant_service.topics.models import TopicRouteRow

ROUTES: Repository[TopicRouteRow] = Repository(TopicRouteRow)


def routes(session: Session) -> list[TopicRouteRow]:
    """Every rule: those that name an area first, then by category."""
    found = session.scalars(select(TopicRouteRow)).all()
    return sorted(found, key=lambda each: (each.area_id is None, each.area_id or "", each.category or "", each.id))


def route(session: Session, category: TopicCategory | None, area_id: str | None) -> TopicRouteRow | None:
    """The rule of exactly these."""
    return session.scalars(select(TopicRouteRow).where(TopicRouteRow.covers == covers(category, area_id))).first()


def covers(category: TopicCategory | None, area_id: str | None) -> str:
    """Both in one word."""
    return f"{category.value if category else '*'}/{area_id or '*'}"


def target_for(session: Session, category: TopicCategory | None, area_id: str | None) -> str | None:
    """Whom the rules name: the rule of both, else of the area, else of the category, else the one for all."""
    targets = {(each.category, each.area_id): each.target_id for each in routes(session)}
    wanted = ((category, area_id), (None, area_id), (category, None), (None, None))
    return next((targets[each] for each in wanted if each in targets), None)


def called(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Id → name of these units, bodies and people of ours; one that is none of them is left out."""
    by_kind: dict[str, list[str]] = {}
    for id in ids:
        by_kind.setdefault(kind_of(id), []).append(id)
    found = members.persons_named(session, by_kind.get("person", ()))
    found |= members.units_named(session, by_kind.get("unit", ()))
    for id in by_kind.get("body", ()):
        body = members.body(session, id)
        found |= {id: body.name} if body else {}
    return found


def targets(session: Session, today: dt.date) -> list[tuple[str, str]]:
    """Id and name of whoever may be named: our units, the bodies on our list, members who have a seat."""
    units = [(each.id, each.name) for each in members.open_units(session, tuple(UnitKind))]
    listed = [(each.id, each.name) for each in bodies.listed_bodies(session, today)]
    seated = members.persons_named(session, members.seat_holders(session, today))
    return [*units, *listed, *sorted(seated.items(), key=lambda each: (each[1], each[0]))]
