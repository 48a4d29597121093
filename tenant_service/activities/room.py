"""How this room hangs in the service."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session

from sync.contract.shapes.values import IndicatorCode
from tenant_service.activities import figures_queries, personal, queries, service
from tenant_service.activities.graphql import ActivitiesOfCommittee, ActivityMutation, ActivityQuery
from tenant_service.activities.pages import PAGES
from tenant_service.activities.recovery import recover
from tenant_service.activities.sheets import SESSIONS
from tenant_service.counting.figures import Flow
from tenant_service.counting.rules import Joint, Tally
from tenant_service.identity.policy import UseCase
from tenant_service.room import Masked, Room, RoomKind
from tenant_service.services import Opens

_HOSTED: dict[IndicatorCode, Callable[[Session, str, dt.date, dt.date], list[Joint]]] = {
    IndicatorCode.ACTIVITIES_HELD: figures_queries.joint,
    IndicatorCode.LEADER_ATTENDED: partial(figures_queries.joint, led=True),
}  # fmt: skip
"""Each host counts a joint activity; people and suggestions are counted by its owner alone."""


def _daily(code: IndicatorCode) -> Callable[[Session, dt.date, dt.date], list[Tally]]:
    return lambda session, since, until: figures_queries.daily(session, code, since, until)


ROOM = Room(
    "activities",
    kinds=(
        RoomKind(
            "activity", service.project, recover, queries.one, queries.reaching, after=("venue",),
            is_open=True,
            masked=Masked(("contact_phone",), UseCase.REVEAL_CONTACTS, queries.ours, has_contact=True),
            opens=Opens(
                lambda session, actor, id: (
                    queries.ACTIVITIES.is_at_work(session, actor, id) or queries.opens_papers(session, actor, id)
                ),
                lambda _session, actor, _id: actor.may(UseCase.DRAFT_ACTIVITY),
            ),
        ),
    ),
    pages=PAGES, query=ActivityQuery, mutation=ActivityMutation, of_committee=ActivitiesOfCommittee, personal=personal,
    flows={code: Flow(_daily(code), _HOSTED.get(code)) for code in figures_queries.COUNTS},
    newest_change=queries.newest_change, sheets=(SESSIONS,),
)  # fmt: skip
