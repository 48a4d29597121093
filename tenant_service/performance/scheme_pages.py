"""Pages of the schemes: the list with what comes with the product, one version, its form."""

from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from tenant_service.graph import idempotency
from tenant_service.history import taken
from tenant_service.identity.policy import UseCase
from tenant_service.performance import scheme_queries as queries
from tenant_service.performance import scheme_rules as rules
from tenant_service.performance import scheme_service as service
from tenant_service.performance.listing import AT, SCHEME_ACTS
from tenant_service.performance.models import SchemeRow
from tenant_service.performance.rules import Deed
from tenant_service.performance.scheme_rules import (
    ROLES,
    SCHEMES,
    DeedPoints,
    RoleExtra,
    SchemeAct,
    SchemeRules,
    SchemeState,
)
from tenant_service.performance.scheme_service import SchemeDraft
from tenant_service.performance.shipped import TEMPLATES
from tenant_service.signing import acts as signing
from tenant_service.web import history
from tenant_service.web.forms import Form
from tenant_service.web.site import Go, Site, View, Visit

_ALL, _ONE = f"{AT}/schemes", f"{AT}/schemes/{{id}}"
_WHOLE = ("base", "cap", "excellent", "competent", "basic", "warnBelow")
FIELDS = ("name", "year", "note", "sample", "isOnce", "showsPlace", *_WHOLE)
LOOKS = {SchemeState.IN_FORCE: "good", SchemeState.DRAFT: "warn", SchemeState.CLOSED: ""}
_OF_THE_SIGNER = frozenset({SchemeAct.ENACT, SchemeAct.CLOSE})


def routes(site: Site) -> list[Route]:
    return [
        Route(_ALL, site.shows(listed), methods=["GET"]),
        Route(f"{_ALL}/new", site.shows(new), methods=["GET"]),
        Route(f"{_ALL}/new", site.acts(draft, new), methods=["POST"]),
        Route(f"{_ALL}/adopt", site.acts(adopt, listed), methods=["POST"]),
        Route(_ONE, site.shows(one), methods=["GET"]),
        Route(f"{_ONE}/redraft", site.shows(form), methods=["GET"]),
        Route(f"{_ONE}/redraft", site.acts(redraft, form), methods=["POST"]),
        Route(f"{_ONE}/renew", site.acts(renew, one), methods=["POST"]),
        Route(f"{_ONE}/discard", site.acts(discard, one), methods=["POST"]),
        Route(f"{_ONE}/enact", site.acts(enact, one), methods=["POST"]),
        Route(f"{_ONE}/close", site.acts(close, one), methods=["POST"]),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    _inside(visit)
    state = SchemeState.known(visit.asked("state"))
    rows = [each for each in queries.listed(visit.unit.session, visit.actor) if state in (None, each.state)]
    return View("schemes.html", {
        "rows": rows, "states": list(SchemeState), "looks": LOOKS, "templates": TEMPLATES,
        "may_edit": visit.may(UseCase.KEEP_LEDGER), "year": visit.site.today().year, "key": visit.key,
        "values": {"year": visit.form.get("year", str(visit.site.today().year))}, "fields": ("year",),
    })  # fmt: skip


def one(visit: Visit) -> View:
    """One version, what it says, and what may be done with it now."""
    _inside(visit)
    row = queries.one(visit.unit.session, visit.actor, visit.id)
    return View("scheme.html", {
        "row": row, "rules": row.rules, "shown": rules.shown, "roles": ROLES, "looks": LOOKS, "may": _may(visit, row),
        "steps": history.told(visit, taken.of(visit.unit.session, row.id)) if visit.actor.sees_work else [],
        "labels": SCHEME_ACTS, "origin": _origin(visit, row), "key": visit.key,
        "values": {"year": visit.form.get("year", str(row.year))}, "fields": ("year", "reason", "unclassified"),
    })  # fmt: skip


def new(visit: Visit) -> View:
    visit.actor.require(UseCase.KEEP_LEDGER)
    first = {"year": str(visit.site.today().year), "sample": "5", "isOnce": "yes", "base": "0"}
    return _form(visit, None, {name: visit.form.get(name) for name in _names()} if visit.form.values else first)


def form(visit: Visit) -> View:
    """The form of a draft; filled with what was just written, if anything."""
    visit.actor.require(UseCase.KEEP_LEDGER)
    row = queries.one(visit.unit.session, visit.actor, visit.id)
    return _form(visit, row, {name: visit.form.get(name) for name in _names()} if visit.form.values else _filled(row))


# ── buttons ──


def draft(visit: Visit) -> Go:
    told = {name: visit.form.get(name) for name in _names()}
    draft = _read(visit.form)
    made = idempotency.once(
        visit.unit, visit.actor, "page.scheme.draft", visit.key, told,
        lambda unit: str(service.draft(unit, visit.actor, draft).id), kept_as=str,
    )  # fmt: skip
    return Go(f"{_ALL}/{made}")


def adopt(visit: Visit) -> Go:
    template, year = visit.form.get("template"), visit.form.needed_number("year")
    made = idempotency.once(
        visit.unit, visit.actor, "page.scheme.adopt", visit.key, {"template": template, "year": year},
        lambda unit: str(service.adopt(unit, visit.actor, template, year).id), kept_as=str,
    )  # fmt: skip
    return Go(f"{_ALL}/{made}/redraft")


def redraft(visit: Visit) -> Go:
    service.redraft(visit.unit, visit.actor, visit.id, _read(visit.form))
    return Go(f"{_ALL}/{visit.id}")


def renew(visit: Visit) -> Go:
    year = visit.form.needed_number("year")
    made = idempotency.once(
        visit.unit, visit.actor, "page.scheme.renew", visit.key, {"id": visit.id, "year": year},
        lambda unit: str(service.renew(unit, visit.actor, visit.id, year).id), kept_as=str,
    )  # fmt: skip
    return Go(f"{_ALL}/{made}/redraft")


def discard(visit: Visit) -> Go:
    service.discard(visit.unit, visit.actor, visit.id)
    return Go(_ALL)


def enact(visit: Visit) -> Go:
    service.enact(visit.unit, visit.actor, visit.id, unclassified=visit.form.tells("unclassified"))
    return Go(f"{_ALL}/{visit.id}")


def close(visit: Visit) -> Go:
    service.close(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return Go(f"{_ALL}/{visit.id}")


# ── parts ──


def _inside(visit: Visit) -> None:
    """Raises: Refusal NOT_SIGNED_IN, NOT_FOUND."""
    if not visit.actor.iss:
        raise Refusal(Code.NOT_SIGNED_IN)
    if not visit.actor.is_inside:
        raise Refusal(Code.NOT_FOUND)


def _may(visit: Visit, row: SchemeRow) -> set[str]:
    """Acts that fit where it stands and are the visitor's."""
    signs = signing.may_sign(visit.actor, UseCase.SIGN_OFF_PERFORMANCE, row.drafted_by)
    edits, closes = visit.may(UseCase.KEEP_LEDGER), visit.may(UseCase.SIGN_OFF_PERFORMANCE)
    if queries.is_settled(visit.unit.session, row.year):
        signs = False
    allowed = {SchemeAct.ENACT: signs, SchemeAct.CLOSE: closes}
    return {each.value for each in SCHEMES.possible(row.state) if allowed.get(each, edits)}


def _origin(visit: Visit, row: SchemeRow) -> SchemeRow | None:
    return visit.unit.session.get(SchemeRow, row.origin) if row.origin else None


def _form(visit: Visit, row: SchemeRow | None, values: dict[str, str]) -> View:
    return View("scheme_form.html", {
        "row": row, "values": values, "fields": (*_names(), "points", "extras"), "deeds": list(Deed), "roles": ROLES,
        "key": visit.key,
    })  # fmt: skip


def _names() -> list[str]:
    of_deeds = [f"{part}-{deed.value}" for deed in Deed for part in ("each", "cap", "least", "short")]
    return [*FIELDS, *of_deeds, *(f"extra-{role}" for role in ROLES)]


def _filled(row: SchemeRow) -> dict[str, str]:
    told, figure = row.rules, rules.shown
    values = {
        "name": row.name, "year": str(row.year), "note": row.note or "", "sample": str(told.sample),
        "isOnce": "yes" if told.is_once else "", "showsPlace": "yes" if told.shows_place else "",
        "base": figure(told.base), "cap": _maybe(told.cap), "excellent": figure(told.excellent),
        "competent": figure(told.competent), "basic": figure(told.basic), "warnBelow": _maybe(told.warn_below),
    }  # fmt: skip
    for each in told.deeds:
        code = each.deed.value
        values |= {f"each-{code}": figure(each.each), f"cap-{code}": _maybe(each.cap)}
        values |= {f"least-{code}": str(each.least), f"short-{code}": figure(each.short)} if each.short else {}
    return values | {f"extra-{each.role}": figure(each.extra) for each in told.extras}


def _maybe(hundredths: int | None) -> str:
    return "" if hundredths is None else rules.shown(hundredths)


def _read(told: Form) -> SchemeDraft:
    """Raises: Refusal BAD_VALUE, beside the field."""

    def figure(name: str) -> int | None:
        return rules.read(name, told.get(name))

    def needed(name: str) -> int:
        found = figure(name)
        if found is None:
            raise Refusal(Code.BAD_VALUE, field=name, why="0–")
        return found

    deeds = [
        DeedPoints(
            deed, each or 0, figure(f"cap-{deed.value}"), told.number(f"least-{deed.value}") or 0,
            figure(f"short-{deed.value}") or 0,
        )
        for deed in Deed
        if (each := figure(f"each-{deed.value}")) is not None or told.get(f"short-{deed.value}")
    ]  # fmt: skip
    extras = [RoleExtra(role, extra) for role in ROLES if (extra := figure(f"extra-{role}"))]
    return SchemeDraft(told.get("name"), told.needed_number("year"), SchemeRules(
        deeds, extras, needed("excellent"), needed("competent"), needed("basic"), figure("base") or 0, figure("cap"),
        told.tells("isOnce"), figure("warnBelow"), told.needed_number("sample"), told.tells("showsPlace"),
    ), told.text("note"))  # fmt: skip
