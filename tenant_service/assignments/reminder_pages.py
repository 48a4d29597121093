"""Pages of 催办: whom it reaches, and in which words, before it is done."""

from collections.abc import Callable
from dataclasses import replace

from starlette.routing import Route

from sync.contract.shapes.items import AssignmentOrder
from tenant_service.assignments import handling_queries as handling
from tenant_service.assignments import listing
from tenant_service.assignments import reminder_queries as reminders
from tenant_service.assignments import reminder_service as service
from tenant_service.assignments.models import AssignmentRow
from tenant_service.assignments.reminder_rules import MOST_AT_ONCE, WORDS
from tenant_service.identity import accounts
from tenant_service.identity.policy import Role, UseCase
from tenant_service.web.site import Go, View, Visit

BOXES = ("late", "soon")
"""What is urged of: 逾期, and 即将到期."""


def routes(get: Callable[[str, object], Route], post: Callable[..., Route]) -> list[Route]:
    """`get` and `post` make the routes of the site."""
    return [get("/assignments/urge", form), post("/assignments/urge", urge, form)]


def may(visit: Visit) -> bool:
    """Whether the visitor urges anybody."""
    return visit.may(UseCase.EDIT_ITEMS) or visit.may(UseCase.HAND_OVER)


def form(visit: Visit) -> View:
    """Everybody whom it would reach, to be narrowed to one body or box; printed, what goes to who has no account."""
    if not visit.may(UseCase.HAND_OVER):
        visit.actor.require(UseCase.EDIT_ITEMS)
    session, today, found = visit.unit.session, visit.site.today(), _found(visit)
    ids = [row.id for row in found]
    its, was = handling.items_of(session, ids), reminders.urged(session, ids)
    reached = accounts.bodies_with(session, Role.DEPARTMENT)
    chosen = set(visit.form.all("id")) if visit.form.values else set(ids)
    return View("urge.html", {
        "lines": [
            (row, its[row.id].text, listing.due(visit, row), listing.late(visit, row, today),
             listing.urged(visit, was.get(row.id)), row.body_id in reached,
             bool(row.id in was and was[row.id].last == today), row.id in chosen)
            for row in found
        ],
        "bodies": sorted({(row.body_id or "", row.body or "") for row in _found(visit, of_all=True)}),
        "boxes": [(code, visit.say(listing.BOXES[code][0])) for code in BOXES],
        "words": visit.form.get("words") or WORDS, "fields": ("words",), "most": MOST_AT_ONCE,
        "query": visit.request.url.query,
    })  # fmt: skip


def urge(visit: Visit) -> Go:
    service.urge(visit.unit, visit.actor, visit.form.all("id"), visit.form.text("words"))
    return Go("/assignments?box=urged")


def _found(visit: Visit, *, of_all: bool = False) -> list[AssignmentRow]:
    """Assignments of the box and the body that the address names, at most so many."""
    body, code = visit.asked("body") or None, visit.asked("box")
    boxes = [code] if code in BOXES and not of_all else BOXES
    found: list[AssignmentRow] = []
    for each in boxes:
        wanted = replace(listing.box(visit, each), body_id=None if of_all else body)
        page = handling.listed(visit.unit.session, visit.actor, wanted, AssignmentOrder.DUE_ON_ASC, MOST_AT_ONCE, None)
        found += page.rows
    return found[:MOST_AT_ONCE]
