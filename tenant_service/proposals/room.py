"""How this room hangs in the service."""

from sync.contract.shapes.values import IndicatorCode
from sync.edge.shell.words import say
from tenant_service.counting.figures import Flow
from tenant_service.proposals import crediting, figures_queries, listing, personal, queries, service
from tenant_service.proposals.graphql import ProposalMutation, ProposalQuery
from tenant_service.proposals.pages import PAGES
from tenant_service.proposals.recovery import recover
from tenant_service.proposals.sheets import PAST
from tenant_service.room import Room, RoomKind
from tenant_service.services import Opens

ROOM = Room(
    "proposals",
    kinds=(
        RoomKind(
            "proposal", service.project, recover, queries.one, queries.reaching, after=("unit", "activity", "post"),
            opens=Opens(queries.PROPOSALS.is_at_work, queries.may_attach),
        ),
    ),
    pages=PAGES, query=ProposalQuery, mutation=ProposalMutation, personal=personal, credits=crediting.catch_up,
    acts={"project": say("专题项目")},
    does={"proposal": listing.ACTS, "project": listing.PROJECT_ACTS},
    flows={
        IndicatorCode.PROPOSALS_FILED: Flow(figures_queries.filed),
        IndicatorCode.PROPOSALS_SOURCED: Flow(figures_queries.sourced),
        IndicatorCode.PROPOSALS_FROM_SECTORS: Flow(figures_queries.from_sectors),
    },
    newest_change=queries.newest_change, sheets=(PAST,),
)  # fmt: skip
