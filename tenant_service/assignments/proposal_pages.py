"""交办提案 on pages: on a proposal's page how it is handed over and answered; its letters to print."""

from collections.abc import Callable
from typing import Any

from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.proposals import ProposalRecord, ProposalState
from tenant_service.assignments import acts, listing
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments import proposal_queries as queries
from tenant_service.identity import accounts
from tenant_service.identity.policy import Role, UseCase
from tenant_service.members import contacts
from tenant_service.members import posting_queries as postings
from tenant_service.proposals import queries as records
from tenant_service.proposals import rating_queries as ratings
from tenant_service.proposals import rules
from tenant_service.web.site import Panel, View, Visit

_ONE = "/proposals/{id}"


def routes(get: Callable[[str, object], Route], post: Callable[..., Route]) -> list[Route]:
    """`get` and `post` make the routes of the site."""
    return [
        get(f"{_ONE}/letters", letters),
        get(f"{_ONE}/hand-over", form),
        post(f"{_ONE}/hand-over", acts.hand_over_proposal, form),
        post(f"{_ONE}/begin-second", acts.begin_second, form),
    ]


def panel(visit: Visit, id: str) -> list[Panel]:
    """Who handles it, the letters that answered it, and what may be done; for the office and its proposers."""
    session, actor = visit.unit.session, visit.actor
    row = records.at_work(session, actor, id)
    if row is None or row.filed_on is None:
        return []
    item, may_hand_over = queries.item_of(session, id), _may_hand_over(visit, row.record())
    rows = handling.of_item(session, item) if item else []
    told = {
        "parts": [each for each in rows if actor.sees_work and each.body], "looks": listing.LOOKS, "of": id,
        "state": row.state,
        "letters": queries.told_letters(session, id), "phone": lambda phone: _phone(visit, phone), "item": item,
        "may_hand_over": may_hand_over, "may_begin_second": _may_begin_second(visit, row.record()),
        "offices": _offices(visit) if may_hand_over else [],
    }  # fmt: skip
    return [Panel("proposal_handling_panel.html", told)]


def form(visit: Visit) -> View:
    """To whom a filed proposal is handed over; shown again where that is refused. Raises: Refusal NOT_FOUND."""
    row = records.ours(visit.unit.session, visit.id)
    return View("proposal_hand_over.html", {
        "it": row, "offices": _offices(visit), "fields": ("officeId", "reason"),
        "may": visit.may(UseCase.EDIT_ITEMS), "may_begin_second": _may_begin_second(visit, row.record()),
    })  # fmt: skip


def letters(visit: Visit) -> View:
    """答复函, to read and to print. Raises: Refusal NOT_FOUND."""
    session, actor = visit.unit.session, visit.actor
    row = records.at_work(session, actor, visit.id)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return View("proposal_letters.html", {
        "it": row, "letters": queries.told_letters(session, visit.id), "phone": lambda phone: _phone(visit, phone),
    })  # fmt: skip


# ── parts ──


def _may_hand_over(visit: Visit, told: ProposalRecord) -> bool:
    return visit.may(UseCase.EDIT_ITEMS) and told.state is ProposalState.FILED


def _may_begin_second(visit: Visit, told: ProposalRecord) -> bool:
    if not visit.may(UseCase.SIGN_OFF_PROPOSALS) or told.state is not ProposalState.RATED:
        return False
    said = [each for each in ratings.of(visit.unit.session, told.id) if each.round == told.round]
    bad = [Satisfaction.DISSATISFIED in (each.attitude, each.result) for each in said]
    return rules.second_round(told.round or 1, bad)


def _offices(visit: Visit) -> list[tuple[str, str]]:
    """Bodies to which it may be handed over: who has nobody to assign it could not even see it."""
    assigning = accounts.bodies_with(visit.unit.session, Role.COORDINATOR)
    listed = postings.listed_bodies(visit.unit.session, visit.site.today())
    return [(each.id, each.name) for each in listed if each.id in assigning]


def _phone(visit: Visit, phone: str | None) -> Any:
    return contacts.phone(visit.unit, visit.actor, phone)
