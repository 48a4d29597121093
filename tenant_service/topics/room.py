"""How this room hangs in the service."""

from sync.contract.shapes.values import IndicatorCode
from sync.edge.shell.words import say
from tenant_service.counting.figures import Flow
from tenant_service.identity.policy import UseCase
from tenant_service.room import Retention, Room, RoomKind, days_before
from tenant_service.services import Opens
from tenant_service.topics import (
    crediting,
    figures_queries,
    listing,
    personal,
    picture_service,
    queries,
    rating_service,
    service,
)
from tenant_service.topics.graphql import TopicMutation, TopicQuery
from tenant_service.topics.pages import PAGES
from tenant_service.topics.recovery import recover

ROOM = Room(
    "topics",
    kinds=(
        RoomKind(
            "topic", service.project, recover, queries.one, queries.reaching, after=("unit", "venue", "procedure"),
            opens=Opens(
                queries.TOPICS.is_at_work,  # the office alone: they are citizens' photos
                lambda session, actor, id: actor.may(UseCase.HANDLE_TOPICS) and queries.takes_files(session, id),
                service.count_files,
            ),
        ),
    ),
    pages=PAGES, query=TopicQuery, mutation=TopicMutation, personal=personal, in_use=queries.any_of,
    does={"topic": listing.ACTS}, credits=crediting.catch_up,
    flows={
        IndicatorCode.TOPICS_RAISED: Flow(figures_queries.raised),
        IndicatorCode.TOPICS_ACCEPTED: Flow(figures_queries.accepted),
        IndicatorCode.TOPICS_ANSWERED: Flow(figures_queries.answered),
        IndicatorCode.TOPICS_PLANNED: Flow(figures_queries.planned, told=figures_queries.planned_as_told),
    },
    newest_change=queries.newest_change, forgets=(picture_service.forget, rating_service.take_over),
    keeps=(
        Retention(
            "reporters", "reporter_days", "names and phones of who reported something", "{} days after it was over",
            say("反映人的姓名、电话：议题办结后 %(n)s 天"),
            lambda session, now, days: personal.count_contacts(session, days_before(now, days)),
            lambda unit, days: personal.forget_contacts(unit, days_before(unit.now, days)),
        ),
    ),
)  # fmt: skip
