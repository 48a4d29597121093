"""Pages of the procedures: the list and the templates, one version with its chart, its forms, two versions compared."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.shapes.procedures import Need, ProcedureRecord, ProcedureState, ProcedureUse
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.history import taken
from tenant_service.identity.policy import Role, UseCase
from tenant_service.procedures import acts, listing, queries, rules, shipped
from tenant_service.procedures.drafts import FIELDS, STEP_FIELDS, again, fields_of, filled
from tenant_service.procedures.models import ProcedureRow
from tenant_service.procedures.rules import Act
from tenant_service.signing import acts as signing
from tenant_service.web import history, sharing
from tenant_service.web.exporting import whole
from tenant_service.web.site import RoomPages, Site, Todo, View, Visit, Waits

SHOWN = 20
LEAVING = (
    Role.CLERK, Role.STREET, Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.CHAIR, Role.CONVENER, Role.COORDINATOR,
    Role.SUPERVISOR,
)  # fmt: skip
"""Roles that a step may name."""
_ONE = "/procedures/{id}"
_OF_THE_SIGNER = frozenset({Act.ENACT, Act.RETIRE})


def routes(site: Site) -> list[Route]:
    def get(path: str, show: object) -> Route:
        return Route(path, site.shows(show), methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, act: object, again: object = None) -> Route:
        return Route(path, site.acts(act, again), methods=["POST"])  # type: ignore[arg-type]

    return [
        get("/procedures", listed),
        get("/procedures.{suffix:str}", exported),
        get("/procedures/new", new),
        post("/procedures/new", acts.draft, new),
        get("/procedures/templates", templates),
        post("/procedures/templates/{code}", acts.adopt_shipped, templates),
        get(_ONE, one),
        get(f"{_ONE}/redraft", form),
        post(f"{_ONE}/redraft", acts.redraft, form),
        get(f"{_ONE}/compare", compare),
        post(f"{_ONE}/renew", acts.renew, one),
        post(f"{_ONE}/adopt", acts.adopt, one),
        post(f"{_ONE}/discard", acts.discard, one),
        post(f"{_ONE}/enact", acts.enact, one),
        post(f"{_ONE}/retire", acts.retire, one),
        get(f"{_ONE}/share", share_form),
        post(f"{_ONE}/share", acts.share, share_form),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    found = listing.page(visit, SHOWN, visit.asked("after") or None)
    return View("procedures.html", {
        "table": listing.table(visit, found.rows), "total": found.count(), "more": found.more,
        "sort": listing.order(visit).value, "may_edit": visit.may(UseCase.EDIT_PROCEDURES),
        "may_see_shared": visit.actor.is_inside, "uses": list(ProcedureUse), "states": list(ProcedureState),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: listing.page(visit, first, after))
    return listing.table(visit, rows).file("procedures", visit.request.path_params["suffix"])


def templates(visit: Visit) -> View:
    """What comes with the product, each to be adopted by one button."""
    visit.actor.require(UseCase.EDIT_PROCEDURES)
    return View("procedure_templates.html", {"templates": shipped.TEMPLATES, "key": visit.key, "fields": ()})


_LABELS = {state.value: state.label for state in ProcedureState}


def one(visit: Visit) -> View:
    """One version; for our office with its versions, its history, and what may be done now."""
    told = _told(visit, visit.id)
    row = queries.at_work(visit.unit.session, visit.actor, told.id)
    is_own = owner_of(told.id) == visit.actor.committee
    walked = taken.of(visit.unit.session, told.id) if row else []
    versions = queries.of_code(visit.unit.session, told.code) if visit.actor.sees_work else []
    return View("procedure.html", {
        "it": told, "steps": queries.steps_of(told), "row": row, "is_own": is_own, "may": _may(visit, row),
        "may_adopt": not is_own and visit.may(UseCase.EDIT_PROCEDURES), "key": visit.key, "looks": listing.LOOKS,
        "owner": visit.directory.get(owner_of(told.id)), "roles": {role.value: role.label for role in Role},
        "others": [each for each in versions if each.id != told.id], "fields": ("reason", "unclassified"),
        "origin": queries.one(visit.unit.session, visit.actor, told.origin_id) if told.origin_id else None,
        "sharing": sharing.sharing(visit.directory, visit.actor.committee, row.shares) if row else None,
        "history": history.told(visit, walked), "labels": {each.act: _LABELS[each.now] for each in walked},
        "panels": visit.beside("procedure", told.id),
    })  # fmt: skip


def compare(visit: Visit) -> View:
    """Two versions side by side, step by step: the one that `with` names, and this one."""
    after, before = _told(visit, visit.id), _told(visit, visit.asked("with"))
    steps = rules.compared(queries.steps_of(before), queries.steps_of(after))
    return View("procedure_compared.html", {
        "before": before, "after": after, "steps": steps, "roles": {role.value: role.label for role in Role}
    })  # fmt: skip


# ── forms ──


def new(visit: Visit) -> View:
    """The form of a new procedure; its steps are filled in on the next one."""
    visit.actor.require(UseCase.EDIT_PROCEDURES)
    chosen = visit.form.all(sharing.FIELD)
    return View("procedure_new.html", {
        "values": {name: visit.form.get(name) for name in FIELDS}, "fields": FIELDS, "uses": list(ProcedureUse),
        "key": visit.key, "sharing": sharing.sharing(visit.directory, visit.actor.committee, chosen),
    })  # fmt: skip


def form(visit: Visit) -> View:
    """The form of a draft; filled with what was just written, if anything."""
    visit.actor.require(UseCase.EDIT_PROCEDURES)
    row = queries.ours(visit.unit.session, visit.id)
    written = bool(visit.form.values)
    return View("procedure_form.html", {
        "row": row, "fields": (*FIELDS, *STEP_FIELDS), "uses": list(ProcedureUse), "needs": list(Need),
        "roles": LEAVING,
        "values": {name: visit.form.get(name) for name in FIELDS} if written else filled(row),
        "steps": again(visit.form) if written else fields_of(queries.steps_of(row)),
    })  # fmt: skip


def share_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_PROCEDURES)
    row = queries.ours(visit.unit.session, visit.id)
    return sharing.form(visit, f"/procedures/{row.id}", row.name, row.shares)


# ── parts ──


def _told(visit: Visit, id: str) -> ProcedureRecord:
    found = queries.one(visit.unit.session, visit.actor, id)
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return found


def _may(visit: Visit, row: ProcedureRow | None) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    if row is None:
        return frozenset()
    possible = set(rules.STATES.possible(row.state))
    found: set[str] = set()
    if visit.may(UseCase.EDIT_PROCEDURES):
        found |= {"share", *(possible - _OF_THE_SIGNER)}
        found |= set() if row.state is ProcedureState.DRAFT else {"renew"}
    if visit.may(UseCase.ENACT_PROCEDURES):
        found |= possible & _OF_THE_SIGNER
    if not signing.may_sign(visit.actor, UseCase.ENACT_PROCEDURES, row.drafted_by):
        found -= {Act.ENACT}
    return frozenset(found)


def todos(visit: Visit) -> list[Todo]:
    if not visit.actor.sees_work:
        return []
    waiting, waits = queries.drafts(visit.unit.session), visit.waits(Waits.TO_REVIEW, UseCase.ENACT_PROCEDURES)
    return [Todo(say("规程草案"), waiting, "/procedures?state=DRAFT", waits)]


def named(visit: Visit, kind: str, id: str) -> Link | None:
    found = queries.one(visit.unit.session, visit.actor, id) if kind == "procedure" else None
    return Link(f"/procedures/{id}", found.name) if found else None


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", inside=(Link("/procedures", say("规程")),), todos=todos, named=named
)  # fmt: skip
