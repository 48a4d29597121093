"""Pages of the reviews: what left at once and waits, with files; and on each record's page who did what, and what was
said of it.
"""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.ids import kind_of, owner_of
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.approvals import deputies_pages, listing, queries, service
from tenant_service.approvals.listing import AT
from tenant_service.identity.audit_log import listing as audit_listing
from tenant_service.identity.policy import UseCase
from tenant_service.signing import queries as signing
from tenant_service.signing.queries import Review
from tenant_service.signing.rules import AtOnce, ReviewState
from tenant_service.web.exporting import MOST_EXPORTED
from tenant_service.web.site import Go, Panel, RoomPages, Site, Todo, View, Visit, Waits

SHOWN = 20
_ONE = AT + "/{id}"


def routes(site: Site) -> list[Route]:
    return [
        *deputies_pages.routes(site),
        Route(AT, site.shows(listed), methods=["GET"]),
        Route(AT + ".{suffix:str}", site.shows(exported), methods=["GET"]),
        Route(_ONE, site.shows(one), methods=["GET"]),
        Route(_ONE + "/confirm", site.acts(confirm, one), methods=["POST"]),
        Route(_ONE + "/object", site.acts(object_to, one), methods=["POST"]),
        Route(_ONE + "/settle", site.acts(settle, one), methods=["POST"]),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    wanted = listing.wanted(visit)
    found, more = queries.listed(visit.unit.session, visit.actor, wanted, SHOWN, visit.asked("after") or None)
    return View("reviews.html", {
        "table": listing.table(visit, found), "total": queries.count(visit.unit.session, wanted), "more": more,
        "states": list(ReviewState), "acts_said": list(AtOnce),
        "whose": [("review", visit.say(say("由我复核"))), ("did", visit.say(say("我办理的")))],
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    found, _ = queries.listed(visit.unit.session, visit.actor, listing.wanted(visit), MOST_EXPORTED, None)
    return listing.table(visit, found).file("reviews", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One review by itself, with what may be done about it."""
    found = queries.one(visit.unit.session, visit.actor, visit.id)
    kind = kind_of(found.row.subject)
    about = visit.named(kind, found.row.subject) or Link("", found.row.subject)
    return View("review.html", {"it": _shown(visit, [found]), "about": about, "fields": ("reason",)})


def _shown(visit: Visit, found: list[Review]) -> dict[str, object]:
    return {
        "reviews": found, "names": listing.names_of(visit, found), "looks": listing.LOOKS, "said": listing.SAID,
        "may": queries.may(visit.unit.session, visit.actor, found),
    }  # fmt: skip


def beside(visit: Visit, _kind: str, id: str) -> list[Panel]:
    """Who signed a record of ours, and what left at once of it, for the office."""
    if not visit.actor.sees_work or owner_of(id) != visit.actor.committee:
        return []
    session = visit.unit.session
    signatures, found = signing.signatures(session, id), signing.reviews_of(session, id)
    names = audit_listing.names_of(session, {each.sub for each in signatures})
    signed = {"rows": signatures, "names": names, "behalf": deputies_pages.BEHALF}
    return [
        *([Panel("signatures_panel.html", signed)] if signatures else []),
        *([Panel("reviews_panel.html", _shown(visit, found))] if found else []),
    ]


# ── acting ──


def confirm(visit: Visit) -> Go:
    return _to(visit, service.confirm(visit.unit, visit.actor, visit.id))


def object_to(visit: Visit) -> Go:
    return _to(visit, service.object_to(visit.unit, visit.actor, visit.id, visit.form.get("reason")))


def settle(visit: Visit) -> Go:
    return _to(visit, service.settle(visit.unit, visit.actor, visit.id, visit.form.get("reason")))


def _to(visit: Visit, id: str) -> Go:
    """The record's page, where it has one: there its reviews stand as well."""
    subject = queries.one(visit.unit.session, visit.actor, id).row.subject
    about = visit.named(kind_of(subject), subject)
    return Go(about.href if about and about.href else f"{AT}/{id}")


# ── on the home page ──


def todos(visit: Visit) -> list[Todo]:
    """待事后审核 for whoever signs; 有异议 for whoever did it."""
    if not visit.actor.sees_work:
        return []
    session, actor = visit.unit.session, visit.actor
    found = [Todo(say("审核有异议"), queries.objected(session, actor), f"{AT}?state=OBJECTED&mine=did", Waits.TO_DO)]
    if queries.reviewed_by(actor):
        waiting = queries.waiting(session, actor)
        found.insert(0, Todo(say("待事后审核"), waiting, f"{AT}?state=WAITING&mine=review", Waits.TO_REVIEW))
    return found


def starts(visit: Visit) -> list[Link]:
    """Where a leader looks, also on a day on which nothing waits."""
    found = [Link(AT, say("事后审核"))] if visit.actor.sees_work and queries.reviewed_by(visit.actor) else []
    return found + ([Link(deputies_pages.AT, say("授权代签"))] if visit.may(UseCase.GIVE_SIGNING) else [])


PAGES = RoomPages(routes, Path(__file__).parent / "templates", todos=todos, beside=beside, starts=starts)
