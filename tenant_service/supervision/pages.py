"""Pages of supervision: the list, one campaign with what may be done with it, its forms, and who is posted where."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.shapes.supervision import CampaignKind, CampaignState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.history import taken
from tenant_service.identity.policy import UseCase
from tenant_service.members import posting_queries as postings
from tenant_service.signing import acts as signing
from tenant_service.signing.rules import Approval
from tenant_service.supervision import acts, listing, queries, rules
from tenant_service.supervision.drafts import FIELDS, filled, written
from tenant_service.supervision.models import CampaignRow
from tenant_service.supervision.panels import starts, todos
from tenant_service.web import history, sharing
from tenant_service.web.exporting import whole
from tenant_service.web.site import RoomPages, Site, View, Visit

SHOWN = 20
_ONE = "/supervision/{id}"


def routes(site: Site) -> list[Route]:
    def get(path: str, show: object) -> Route:
        return Route(path, site.shows(show), methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, act: object, again: object = None) -> Route:
        return Route(path, site.acts(act, again), methods=["POST"])  # type: ignore[arg-type]

    return [
        get("/supervision", listed),
        get("/supervision.{suffix:str}", exported),
        get("/supervision/new", form),
        post("/supervision/new", acts.plan, form),
        get("/supervision/postings", posted),
        get("/supervision/postings.{suffix:str}", posted_exported),
        get(_ONE, one),
        get(f"{_ONE}/redraft", form),
        post(f"{_ONE}/redraft", acts.redraft, form),
        post(f"{_ONE}/discard", acts.discard, one),
        post(f"{_ONE}/submit", acts.submit, one),
        post(f"{_ONE}/send-back", acts.send_back, one),
        post(f"{_ONE}/sign-off", acts.sign_off, one),
        post(f"{_ONE}/begin", acts.begin, one),
        post(f"{_ONE}/report", acts.write_report, one),
        post(f"{_ONE}/close", acts.close, one),
        post(f"{_ONE}/cancel", acts.cancel, one),
        get(f"{_ONE}/share", share_form),
        post(f"{_ONE}/share", acts.share, share_form),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    found = listing.page(visit, SHOWN, visit.asked("after") or None)
    return View("campaigns.html", {
        "table": listing.table(visit, found.rows), "total": found.count(), "more": found.more,
        "may_plan": visit.may(UseCase.EDIT_SUPERVISION), "is_home": visit.actor.is_inside,
        "sees_work": visit.actor.sees_work, "kinds": list(CampaignKind), "states": list(CampaignState),
        "approvals": list(Approval),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: listing.page(visit, first, after))
    return listing.table(visit, rows).file("supervision", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One campaign; for our office with its 审签, its history, whom it is shared with and what may be done now."""
    session, actor = visit.unit.session, visit.actor
    told = queries.one(session, actor, visit.id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    row, is_own = queries.at_work(session, actor, visit.id), owner_of(told.id) == actor.committee
    return View("campaign.html", {
        "it": told, "row": row, "may": _may(visit, row), "looks": listing.LOOKS,
        "fields": ("reason", "report", "day", "unclassified"), "today": visit.site.today(),
        "values": {"report": visit.form.get("report") or (row.drafted_report or "" if row else "")},
        "owner": None if is_own else visit.directory.get(told.committee_id).name,
        "steps": history.told(visit, taken.of(session, told.id)) if row else (),
        "labels": listing.ACTS,
        "bars": listing.progress(visit, told), "found": (told.findings or 0) + (told.suggestions or 0),
        "rate": listing.share(rules.rate(told.findings, told.findings_done)),
        "sharing": sharing.sharing(visit.directory, actor.committee, row.shares) if row else None,
        "panels": visit.beside("campaign", told.id),
    })  # fmt: skip


def posted(visit: Visit) -> View:
    found = _posted(visit)
    return View("postings.html", {
        "table": listing.postings(visit, found), "bodies": len({each.body_id for each in found}),
    })  # fmt: skip


def posted_exported(visit: Visit) -> Response:
    return listing.postings(visit, _posted(visit)).file("postings", visit.request.path_params["suffix"])


# ── forms ──


def form(visit: Visit) -> View:
    """The form of a new plan, or of one that is described anew."""
    visit.actor.require(UseCase.EDIT_SUPERVISION)
    session, id = visit.unit.session, visit.request.path_params.get("id")
    row = queries.ours(session, id) if id else None
    values = written(visit.form, FIELDS) or (filled(row) if row else {"year": str(visit.site.today().year)})
    ticked = visit.form.all("bodyIds") if visit.form.values else tuple(queries.bodies(session, row.id)) if row else ()
    chosen = visit.form.all(sharing.FIELD) or (row.shares if row else ())
    return View("campaign_form.html", {
        "row": row, "values": values, "fields": FIELDS, "key": visit.key, "kinds": list(CampaignKind),
        "bodies": [(each.id, each.name) for each in postings.listed_bodies(session, visit.site.today())],
        "ticked": ticked, "sharing": sharing.sharing(visit.directory, visit.actor.committee, chosen),
    })  # fmt: skip


def share_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_SUPERVISION)
    row = queries.ours(visit.unit.session, visit.id)
    return sharing.form(visit, f"/supervision/{row.id}", row.title, row.shares)


# ── parts ──


def _may(visit: Visit, row: CampaignRow | None) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    if row is None:
        return frozenset()
    found: set[str] = set()
    possible = rules.possible(row.standing())
    if visit.may(UseCase.EDIT_SUPERVISION):
        found |= {"share", *(possible - rules.OF_THE_SIGNER)}
    if visit.may(UseCase.SIGN_OFF_SUPERVISION):
        found |= possible & rules.OF_THE_SIGNER
    if not signing.may_sign(visit.actor, UseCase.SIGN_OFF_SUPERVISION, row.drafted_by):
        found -= {rules.Act.SIGN_OFF, rules.Act.CLOSE}
    return frozenset(found)


def _posted(visit: Visit) -> list[postings.Posted]:
    visit.actor.require(UseCase.SEE_WORK)
    return postings.posted(visit.unit.session, visit.site.today())


def named(visit: Visit, kind: str, id: str) -> Link | None:
    found = queries.one(visit.unit.session, visit.actor, id) if kind == "campaign" else None
    return Link(f"/supervision/{id}", found.title) if found else None


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", (Link("/supervision", say("民主监督")),), todos, starts=starts,
    named=named,
)  # fmt: skip
