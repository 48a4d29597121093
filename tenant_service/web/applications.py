"""接入应用: the applications that people sign in to through this committee, as the system administrator sees them."""

from pathlib import Path

from starlette.routing import Route

from sync.contract.errors import Code
from tenant_service.identity import clients
from tenant_service.identity.clients import Access, Draft
from tenant_service.identity.policy import UseCase
from tenant_service.web.site import Go, Panel, RoomPages, Site, View, Visit

AT = "/applications"
_FIELDS = ("name", "redirects", "keys", "own", "scopes")


def routes(site: Site) -> list[Route]:
    return [
        Route(AT, site.shows(listed), methods=["GET"]),
        Route(AT, site.acts(register, listed), methods=["POST"]),
        Route(AT + "/remove", site.acts(remove, listed), methods=["POST"]),
    ]


def listed(visit: Visit) -> View:
    """Each application, and a form for another one."""
    form = visit.form
    values = {name: form.get(name) for name in _FIELDS} | {each.value: form.tells(each.value) for each in Access}
    return View("applications.html", {
        "applications": clients.listed(visit.unit, visit.actor), "fields": _FIELDS, "values": values,
        "scopes": list(Access),
    })  # fmt: skip


def register(visit: Visit) -> Go:
    """登记: the form says what it is."""
    form = visit.form
    scopes = tuple(each for each in Access if form.tells(each.value))
    draft = Draft(form.get("name"), form.lines("redirects"), scopes, form.text("keys"), form.tells("own"))
    clients.register(visit.unit, visit.actor, draft)
    return Go(AT)


def remove(visit: Visit) -> Go:
    """注销: nobody signs in to it through us any more."""
    clients.remove(visit.unit, visit.actor, visit.form.get("id"))
    return Go(AT)


def panels(visit: Visit) -> list[Panel]:
    """The way there, for whom it concerns."""
    return [Panel("applications_panel.html", None)] if visit.may(UseCase.MANAGE_CLIENTS) else []


PAGES = RoomPages(routes, Path(__file__).parent / "templates", panels=panels, beside_fields={
    Code.BAD_REDIRECT: ("redirects",), Code.BAD_CLIENT_KEY: ("keys",),
})  # fmt: skip
