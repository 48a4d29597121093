"""How this room hangs in the service."""

from functools import partial

from sync.contract.shapes.values import IndicatorCode
from tenant_service.assignments import (
    adoption_service,
    answering_service,
    call_pages,
    call_queries,
    call_service,
    figures_queries,
    handling_queries,
    handling_service,
    inbox_queries,
    inbox_service,
    listing,
    personal,
    queries,
    service,
)
from tenant_service.assignments.graphql import AssignmentMutation, AssignmentQuery
from tenant_service.assignments.pages import PAGES
from tenant_service.assignments.recovery import recover_assignment, recover_call, recover_handover, recover_item
from tenant_service.counting.figures import Flow, Stock
from tenant_service.identity.policy import UseCase
from tenant_service.room import ByDirectory, Masked, Room, RoomKind, Without
from tenant_service.services import Opens

ROOM = Room(
    "assignments",
    kinds=(
        RoomKind(
            "item", service.project, recover_item, queries.one, queries.reaching,
            after=("campaign", "activity", "topic"), is_open=True,
        ),
        RoomKind(
            "assignment", handling_service.project, recover_assignment, handling_queries.one,
            handling_queries.reaching, after=("item",), is_open=True,
            masked=Masked(("contact_phone",), UseCase.REVEAL_CONTACTS, handling_queries.ours, has_contact=True),
            opens=Opens(
                handling_queries.ASSIGNMENTS.is_at_work, handling_queries.may_attach, handling_service.count_files,
            ),
        ),
        RoomKind(
            "call", call_service.project, recover_call, call_queries.one, call_queries.reaching,
            after=("campaign", "activity", "topic"), is_open=True,
        ),
        RoomKind(
            "handover", ByDirectory(inbox_service.projection), recover_handover, inbox_queries.found,
            Without("an inbox is short, and is looked through by box"),
            after=("assignment", "body", "request", "answer"),
            opens=Opens(
                lambda session, actor, id: inbox_queries.row_of(session, actor, id) is not None,
                inbox_queries.may_attach,
            ),
        ),
    ),
    in_hands=lambda session, body: [
        *handling_queries.in_hands(session, body), *call_queries.in_hands(session, body)
    ],
    pages=PAGES, query=AssignmentQuery, mutation=AssignmentMutation, personal=personal,
    does={
        "item": listing.ACTS, "assignment": listing.ACTS, "handover": listing.ACTS, "call": call_pages.ACTS,
    },
    handlers={**adoption_service.HANDLERS, **answering_service.HANDLERS},
    follows={"request": answering_service.follow_request},
    flows={
        IndicatorCode.ITEMS_AGREED: Flow(figures_queries.agreed), IndicatorCode.ITEMS_DONE: Flow(figures_queries.done),
        IndicatorCode.REPLIES: Flow(figures_queries.replied),
        IndicatorCode.REPLIES_ON_TIME: Flow(partial(figures_queries.replied, on_time=True)),
    },
    stocks={IndicatorCode.ASSIGNMENTS_LATE: Stock(figures_queries.late)},
    newest_change=queries.newest_of_both,
)  # fmt: skip
