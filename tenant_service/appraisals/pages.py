"""Pages of the appraisals: the list, one appraisal with what came of it, its form, and the ballot."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.shapes.members import UnitKind
from sync.contract.shapes.supervision import AppraisalState, BallotOpinion
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.appraisals import acts, listing, queries, rules
from tenant_service.appraisals.acts import FIELDS
from tenant_service.appraisals.models import AppraisalRow
from tenant_service.appraisals.panels import beside, todos
from tenant_service.identity.policy import UseCase
from tenant_service.members import queries as members
from tenant_service.supervision import queries as campaigns
from tenant_service.web import sharing
from tenant_service.web.exporting import whole
from tenant_service.web.site import RoomPages, Site, View, Visit

SHOWN = 20
_ONE = "/appraisals/{id}"


def routes(site: Site) -> list[Route]:
    def get(path: str, show: object) -> Route:
        return Route(path, site.shows(show), methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, act: object, again: object = None) -> Route:
        return Route(path, site.acts(act, again), methods=["POST"])  # type: ignore[arg-type]

    return [
        get("/appraisals", listed),
        get("/appraisals.{suffix:str}", exported),
        get("/appraisals/new", form),
        post("/appraisals/new", acts.begin, form),
        get(_ONE, one),
        get(f"{_ONE}/results.{{suffix:str}}", results_exported),
        get(f"{_ONE}/ballot", ballot),
        post(f"{_ONE}/ballot", acts.give_ballot, ballot),
        post(f"{_ONE}/count", acts.count, one),
        post(f"{_ONE}/publish", acts.publish, one),
        post(f"{_ONE}/object", acts.object_to, one),
        post(f"{_ONE}/answer", acts.answer, one),
        post(f"{_ONE}/finalize", acts.finalize, one),
        post(f"{_ONE}/cancel", acts.cancel, one),
        get(f"{_ONE}/share", share_form),
        post(f"{_ONE}/share", acts.share, share_form),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    found = listing.page(visit, SHOWN, visit.asked("after") or None)
    return View("appraisals.html", {
        "table": listing.table(visit, found.rows), "total": found.count(), "more": found.more,
        "is_home": visit.actor.is_inside, "states": list(AppraisalState),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: listing.page(visit, first, after))
    return listing.table(visit, rows).file("appraisals", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One appraisal: to the office with its turnout, to who is asked with the way to the ballot; what came of it."""
    session, actor = visit.unit.session, visit.actor
    told = queries.one(session, actor, visit.id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    is_own = owner_of(told.id) == actor.committee
    row = queries.at_work(session, actor, visit.id)
    own = queries.ours(session, told.id) if is_own and actor.is_inside else None
    found = queries.results(session, own) if own and (told.published_on or row) else []
    most = sum(found[0][1:]) if found else 0
    tick = queries.tick(session, told.id, actor.person) if own else None
    campaign = campaigns.one(session, actor, told.campaign_id)
    return View("appraisal.html", {
        "it": told, "row": row, "may": _may(visit, row), "looks": listing.LOOKS,
        "fields": ("reason", "objection", "answer", "unclassified"), "most": most,
        "results": listing.results(visit, found) if found else None,
        "bars": [(each.question, listing.bars(visit, each, most)) for each in found],
        "remarks": queries.remarks(session, row) if row else [],
        "turnout": queries.turnout(session, told.id) if row else None,
        "missing": _missing(visit, row) if row else [],
        "may_give": bool(own and queries.may_still_give(session, own, actor.person)),
        "has_given": bool(tick and tick.has_given), "campaign": campaign,
        "owner": None if is_own else visit.directory.get(told.committee_id).name,
        "sharing": sharing.sharing(visit.directory, actor.committee, row.shares) if row else None,
        "panels": visit.beside("appraisal", told.id),
    })  # fmt: skip


def results_exported(visit: Visit) -> Response:
    """What the ballots say, as a file."""
    session, told = visit.unit.session, queries.one(visit.unit.session, visit.actor, visit.id)
    if told is None or owner_of(told.id) != visit.actor.committee or not visit.actor.is_inside:
        raise Refusal(Code.NOT_FOUND)
    if not (told.published_on or visit.actor.sees_work):
        raise Refusal(Code.NOT_FOUND)
    found = queries.results(session, queries.ours(session, told.id))
    return listing.results(visit, found).file("results", visit.request.path_params["suffix"])


def ballot(visit: Visit) -> View:
    """The ballot, on any phone and without scripts. What was ticked stays ticked where something was forgotten."""
    visit.actor.require(UseCase.GIVE_BALLOT)
    row = queries.ours(visit.unit.session, visit.id)
    if not queries.may_still_give(visit.unit.session, row, visit.actor.person):
        raise _why_not(visit, row)
    return View("ballot.html", {
        "row": row, "opinions": list(BallotOpinion), "fields": ("answers", "remark"),
        "ticked": [visit.form.get(f"answer{at}") for at in range(len(row.questions))],
        "values": {"remark": visit.form.get("remark")},
    })  # fmt: skip


# ── forms ──


def form(visit: Visit) -> View:
    """The form of a new appraisal in a campaign."""
    visit.actor.require(UseCase.EDIT_SUPERVISION)
    session = visit.unit.session
    id = visit.form.get("campaign") or visit.asked("campaign")
    campaign = campaigns.ours(session, id)
    bodies = campaigns.bodies(session, campaign.id).items()
    values = {name: visit.form.get(name) for name in FIELDS} if visit.form.values else {}
    units = members.open_units(session, [UnitKind.SUPERVISION_GROUP, UnitKind.SECTOR, UnitKind.MEMBER_GROUP])
    return View("appraisal_form.html", {
        "campaign": campaign, "values": values or {"questions": "\n".join(rules.FORM)}, "fields": FIELDS,
        "bodies": [(id, name) for id, name in bodies if not queries.of_body(session, campaign.id, id)],
        "units": [(each.id, each.name) for each in units], "key": visit.key,
        "least": visit.site.services.least_ballots,
        "sharing": sharing.sharing(visit.directory, visit.actor.committee, visit.form.all(sharing.FIELD)),
    })  # fmt: skip


def share_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_SUPERVISION)
    row = queries.ours(visit.unit.session, visit.id)
    return sharing.form(visit, f"/appraisals/{row.id}", row.body, row.shares)


# ── parts ──


def _may(visit: Visit, row: AppraisalRow | None) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    if row is None:
        return frozenset()
    possible = frozenset(rules.STATES.possible(row.state)) - {rules.Act.GIVE_BALLOT}
    found: set[str] = set()
    if visit.may(UseCase.EDIT_SUPERVISION):
        found |= {"share", *(possible - rules.OF_THE_SIGNER)}
    if visit.may(UseCase.SIGN_OFF_SUPERVISION):
        found |= possible & rules.OF_THE_SIGNER
    return frozenset(found)


def _missing(visit: Visit, row: AppraisalRow) -> list[str]:
    """Names of those who have not given their ballot, while they may."""
    if row.state is not AppraisalState.OPEN:
        return []
    ids = queries.missing(visit.unit.session, row.id)
    return sorted(members.persons_named(visit.unit.session, ids).values())


def _why_not(visit: Visit, row: AppraisalRow) -> Refusal:
    tick = queries.tick(visit.unit.session, row.id, visit.actor.person)
    if tick is None:
        return Refusal(Code.FORBIDDEN)
    return Refusal(Code.ALREADY_DONE) if tick.has_given else Refusal(Code.OUT_OF_TURN, now=row.state)


def named(visit: Visit, kind: str, id: str) -> Link | None:
    found = queries.one(visit.unit.session, visit.actor, id) if kind == "appraisal" else None
    return Link(f"/appraisals/{id}", found.body) if found else None


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", (Link("/appraisals", say("民主评议")),), todos, beside=beside,
    named=named,
)  # fmt: skip
