"""What other pages show of the ledger: a member's page leads to that member's lines."""

from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.performance import queries
from tenant_service.performance.listing import AT, keeps
from tenant_service.performance.queries import Wanted
from tenant_service.web.site import Panel, Visit


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """履职台账 on a person's page, for the office and for the member."""
    if kind != "person" or not (keeps(visit) or (visit.actor.is_home and visit.actor.person == id)):
        return []
    year = visit.site.today().year
    return [Panel("ledger_beside.html", {
        "person": id, "year": year, "keeps": keeps(visit),
        "count": queries.count(visit.unit.session, visit.actor, Wanted(id, year, stands=True)),
    })]  # fmt: skip


def starts(visit: Visit) -> list[Link]:
    """登记履职, for the office."""
    return [Link(f"{AT}/new", say("登记履职"))] if keeps(visit) else []
