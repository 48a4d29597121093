"""Pages of the reports: the list, one report with what may be done with it, its forms; and what was sent up to us."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.shapes.reports import ReportKind, ReportOutcome, ReportState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.history import taken
from tenant_service.identity.policy import UseCase
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.reports import acts, listing, queries, recognition_pages, rules
from tenant_service.reports import intake_queries as intakes
from tenant_service.reports.drafts import FIELDS, filled, written
from tenant_service.reports.models import ReportRow
from tenant_service.reports.panels import beside, starts, todos
from tenant_service.signing.rules import Approval
from tenant_service.web import history, sharing
from tenant_service.web.exporting import whole
from tenant_service.web.site import RoomPages, Site, View, Visit

SHOWN = 20
_ONE = "/reports/{id}"


def routes(site: Site) -> list[Route]:
    def get(path: str, show: object) -> Route:
        return Route(path, site.shows(show), methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, act: object, again: object = None) -> Route:
        return Route(path, site.acts(act, again), methods=["POST"])  # type: ignore[arg-type]

    buttons = {
        "discard": acts.discard, "hand-in": acts.hand_in, "give-back": acts.give_back, "take-on": acts.take_on,
        "decline": acts.decline, "merge": acts.merge, "submit": acts.submit, "send-back": acts.send_back,
        "sign-off": acts.sign_off, "send": acts.send, "take-back": acts.take_back, "archive": acts.archive,
        "receive": acts.receive, "work-in": acts.work_in, "adopt": acts.adopt, "turn-down": acts.turn_down,
    }  # fmt: skip
    return [
        get("/reports", listed),
        get("/reports.{suffix:str}", exported),
        get("/reports/new", form),
        post("/reports/new", acts.write, form),
        get("/reports/incoming", incoming),
        get("/reports/incoming.{suffix:str}", incoming_exported),
        get(_ONE, one),
        get(f"{_ONE}/redraft", form),
        post(f"{_ONE}/redraft", acts.redraft, form),
        get(f"{_ONE}/edit", form),
        post(f"{_ONE}/edit", acts.edit, form),
        *(post(f"{_ONE}/{name}", act, one) for name, act in buttons.items()),
        get(f"{_ONE}/share", share_form),
        post(f"{_ONE}/share", acts.share, share_form),
        *recognition_pages.routes(site),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    found = listing.page(visit, SHOWN, visit.asked("after") or None)
    return View("reports.html", {
        "table": listing.table(visit, found.rows), "total": found.count(), "more": found.more,
        "may_write": visit.may(UseCase.WRITE_REPORTS), "is_home": visit.actor.is_inside,
        "is_person": visit.actor.person is not None, "sees_work": visit.actor.sees_work, "kinds": list(ReportKind),
        "states": list(ReportState), "approvals": list(Approval),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: listing.page(visit, first, after))
    return listing.table(visit, rows).file("reports", visit.request.path_params["suffix"])


def incoming(visit: Visit) -> View:
    visit.actor.require(UseCase.SEE_WORK)
    rows = listing.incoming(visit)
    states = [
        (listing.WAITING, visit.say(say("待收"))),
        *((each.value, visit.say(each.label)) for each in ReportOutcome),
    ]
    return View("reports_incoming.html", {
        "table": listing.incoming_table(visit, rows), "total": len(rows), "states": states, "most": intakes.MOST,
    })  # fmt: skip


def incoming_exported(visit: Visit) -> Response:
    visit.actor.require(UseCase.SEE_WORK)
    table = listing.incoming_table(visit, listing.incoming(visit))
    return table.file("reports-incoming", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One report; for who works on it with its 审签, its history and what may be done now; of another committee's that
    was sent to us with what we made of it.
    """
    session, actor = visit.unit.session, visit.actor
    told = queries.one(session, actor, visit.id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    row, is_own = queries.at_work(session, actor, visit.id), owner_of(told.id) == actor.committee
    sees_work, entries = actor.sees_work, visit.directory.entries
    sources = links.targets(session, told.id, Relation.DERIVED_FROM) if row else ()
    may = _may(visit, row) | _may_take(visit, told.id)
    return View("report_page.html", {
        "it": told, "row": row, "may": may, "does": may - {"share"}, "looks": listing.LOOKS,
        "fields": ("reason", "bulletin", "unclassified", "intoId"),
        "owner": None if is_own else visit.directory.get(told.committee_id).name,
        "sent_to": entries[told.sent_to].name if told.sent_to in entries else told.sent_to,
        "steps": history.told(visit, taken.of(session, told.id)) if row else (), "labels": listing.ACTS,
        "sources": [link for each in sources if (link := visit.named(each.split(".")[1], each))],
        "intake": _intake(visit, told.id) if sees_work and not is_own else None,
        "others": _to_merge_into(visit, row) if sees_work else (),
        "sharing": sharing.sharing(visit.directory, actor.committee, row.shares) if row and sees_work else None,
        "panels": visit.beside("report", told.id),
    })  # fmt: skip


# ── forms ──


def form(visit: Visit) -> View:
    """The form of a new report, of a draft that is written anew, or of what is edited."""
    visit.actor.require(UseCase.WRITE_REPORTS)
    session, id = visit.unit.session, visit.request.path_params.get("id")
    row = queries.at_work(session, visit.actor, id) if id else None
    if id and row is None:
        raise Refusal(Code.NOT_FOUND)
    kept = filled(row, queries.authors(session, row.id)) if row else {"sourceId": visit.asked("of")}
    act = visit.request.url.path.rpartition("/")[2] if row else "new"
    return View("report_form.html", {
        "row": row, "values": written(visit.form, FIELDS) or kept, "fields": FIELDS, "key": visit.key,
        "kinds": list(ReportKind), "act": act, "writes_own": not visit.may(UseCase.EDIT_REPORTS),
    })  # fmt: skip


def share_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_REPORTS)
    row = queries.ours(visit.unit.session, visit.id)
    return sharing.form(visit, f"/reports/{row.id}", row.title, row.shares)


# ── parts ──


def _may(visit: Visit, row: ReportRow | None) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    if row is None:
        return frozenset()
    found: set[str] = set()
    possible = rules.possible(row.standing())
    if visit.may(UseCase.EDIT_REPORTS):
        found |= {"share", *(possible - rules.OF_THE_SIGNER)}
    elif visit.may(UseCase.WRITE_REPORTS) and queries.is_author(visit.unit.session, visit.actor, row.id):
        found |= possible & rules.OF_THE_AUTHORS
    if visit.may(UseCase.SIGN_OFF_REPORTS):
        found |= possible & rules.OF_THE_SIGNER
    return frozenset(found)


def _may_take(visit: Visit, id: str) -> frozenset[str]:
    """What the visitor may do now with what was sent up to us."""
    session, committee = visit.unit.session, visit.unit.committee
    if not visit.actor.sees_work or owner_of(id) == committee:
        return frozenset()
    row, edits = intakes.of_report(session, id), visit.may(UseCase.EDIT_REPORTS)
    if row is None:
        waits = intakes.sent_to_us(session, committee, id) is not None
        return frozenset({"receive"}) if waits and edits else frozenset()
    signs = visit.may(UseCase.SIGN_OFF_REPORTS)
    return frozenset(act for act in rules.INTAKE.possible(row.state) if (signs if act in rules.DECISIONS else edits))


def _intake(visit: Visit, id: str) -> dict[str, object] | None:
    session = visit.unit.session
    row, is_ours = intakes.of_report(session, id), intakes.sent_to_us(session, visit.unit.committee, id) is not None
    if row is None:
        return {"row": None, "state": visit.say(say("待收")), "steps": (), "labels": {}} if is_ours else None
    steps = history.told(visit, taken.of(session, row.id))
    return {"row": row, "state": visit.say(row.state.label), "steps": steps, "labels": listing.INTAKE_ACTS}


def _to_merge_into(visit: Visit, row: ReportRow | None) -> list[tuple[str, str]]:
    """Others that are being edited, which a report may go on as a part of."""
    if row is None or not visit.may(UseCase.EDIT_REPORTS):
        return []
    return queries.being_edited(visit.unit.session, row.id)


def named(visit: Visit, kind: str, id: str) -> Link | None:
    if kind == "recognition":
        return recognition_pages.named(visit, id)
    found = queries.one(visit.unit.session, visit.actor, id) if kind == "report" else None
    return Link(f"/reports/{id}", found.title) if found else None


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates",
    (Link("/reports", say("报送成果")), Link("/recognitions", say("成果认定"))), todos, starts=starts, named=named,
    beside=beside,
)  # fmt: skip
