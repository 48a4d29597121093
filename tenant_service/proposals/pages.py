"""Pages of the proposals: the list, one with what may be done, its form and paper, and what one is asked to sign."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import kind_of, owner_of
from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.posts import PostOrigin
from sync.contract.shapes.proposals import NotFiledReason, ProposalRecord, ProposalState, ProposerKind
from sync.contract.shapes.topics import TopicCategory
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.activities import queries as activities
from tenant_service.history import taken
from tenant_service.identity.policy import UseCase
from tenant_service.proposals import acts, listing, project_pages, queries, rating_queries, rules, similar_queries
from tenant_service.proposals.descriptions import Source, of_thread, standing
from tenant_service.proposals.drafts import FIELDS, filled, from_sources, lines_of, written
from tenant_service.proposals.models import ProposalRow
from tenant_service.proposals.panels import beside, starts, todos
from tenant_service.proposals.rules import SignerState
from tenant_service.relations import links
from tenant_service.relations.kinds import Relation
from tenant_service.signing.rules import Approval
from tenant_service.web import history, sharing
from tenant_service.web.exporting import whole
from tenant_service.web.site import RoomPages, Site, View, Visit

SHOWN = 20
_ONE = "/proposals/{id}"


def routes(site: Site) -> list[Route]:
    def get(path: str, show: object) -> Route:
        return Route(path, site.shows(show), methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, act: object, again: object = None) -> Route:
        return Route(path, site.acts(act, again), methods=["POST"])  # type: ignore[arg-type]

    buttons = {
        "discard": acts.discard, "call-signers": acts.call_signers, "recall": acts.recall, "sign": acts.sign,
        "decline": acts.decline, "hand-in": acts.hand_in, "withdraw": acts.withdraw, "give-back": acts.give_back,
        "review-first": acts.review_first, "review-second": acts.review_second, "merge": acts.merge,
        "convert": acts.convert, "not-file": acts.not_file, "send-back": acts.send_back,
        "sign-off": acts.sign_off, "take-back": acts.take_back,
        "archive": acts.archive, "rate": acts.rate, "mark-key": acts.mark_key,
    }  # fmt: skip
    return [
        get("/proposals", listed),
        get("/proposals.{suffix:str}", exported),
        get("/proposals/new", form),
        post("/proposals/new", acts.write, form),
        get("/proposals/to-sign", to_sign),
        *project_pages.routes(get, post),
        get(_ONE, one),
        get(f"{_ONE}/paper", paper),
        get(f"{_ONE}/redraft", form),
        post(f"{_ONE}/redraft", acts.redraft, form),
        *(post(f"{_ONE}/{name}", act, one) for name, act in buttons.items()),
        get(f"{_ONE}/share", share_form),
        post(f"{_ONE}/share", acts.share, share_form),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    found = listing.page(visit, SHOWN, visit.asked("after") or None)
    return View("proposals.html", {
        "table": listing.table(visit, found.rows), "total": found.count(), "more": found.more,
        "may_write": visit.may(UseCase.WRITE_PROPOSALS), "may_edit": visit.may(UseCase.EDIT_PROPOSALS),
        "is_home": visit.actor.is_inside,
        "is_person": visit.actor.person is not None, "sees_work": visit.actor.sees_work, "kinds": list(ProposerKind),
        "states": list(ProposalState), "approvals": list(Approval), "categories": list(TopicCategory),
        "tiles": _tiles(visit) if visit.actor.sees_work else (),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: listing.page(visit, first, after))
    return listing.table(visit, rows).file("proposals", visit.request.path_params["suffix"])


def to_sign(visit: Visit) -> View:
    """What the person behind the account is asked to co-sign, what ends first before what ends later."""
    person = visit.actor.person if visit.actor.is_inside else None
    if person is None:
        raise Refusal(Code.NOT_FOUND)
    rows = queries.to_sign(visit.unit.session, person)
    return View("proposals_to_sign.html", {"rows": rows})


def one(visit: Visit) -> View:
    """One proposal; for who works on it with who signs it, from where it is, its history and what may be done now."""
    session, actor = visit.unit.session, visit.actor
    told = queries.one(session, actor, visit.id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    row, is_own = queries.at_work(session, actor, visit.id), owner_of(told.id) == actor.committee
    may = _may(visit, row)
    return View("proposal_page.html", {
        "it": told, "row": row, "may": may, "does": may - {"share"}, "looks": listing.LOOKS,
        "fields": (
            "reason", "unclassified", "intoId", "until", "because", "signers", "head", "advice", "stage", "attitude",
            "result", "seq", "leadLeader", "supervisingLeader",
        ),
        **_rated(visit, row), "similar": _similar(visit, told),
        "may_mark": row is not None and rules.is_filed(row.state, row.filed_on)
        and visit.may(UseCase.SIGN_OFF_PROPOSALS),
        "owner": None if is_own else visit.directory.get(told.committee_id).name,
        "steps": history.told(visit, taken.of(session, told.id)) if row else (), "labels": listing.ACTS,
        "signers": queries.signers(session, told.id) if row else (), "sources": _sources(visit, row),
        "part": queries.part_of(session, actor, told.id) if row else None, "reasons": list(NotFiledReason),
        "others": queries.under_review(session, told.id) if "merge" in may else (), "became": _became(visit, row),
        "sharing": sharing.sharing(visit.directory, actor.committee, row.shares) if row and actor.sees_work else None,
        "panels": visit.beside("proposal", told.id),
    })  # fmt: skip


def paper(visit: Visit) -> View:
    """《提案》 as it is printed. Raises: Refusal NOT_FOUND."""
    session, actor = visit.unit.session, visit.actor
    row = queries.at_work(session, actor, visit.id)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return View("proposal_paper.html", {
        "it": row.record(), "row": row, "signers": queries.signed(session, row.id), "sources": _sources(visit, row),
        "committee": visit.directory.get(row.committee_id).name,
    })  # fmt: skip


# ── forms ──


def form(visit: Visit) -> View:
    """The form of a new proposal, of one that grows out of a record (`?of=`), or of a draft that is written anew."""
    visit.actor.require(UseCase.WRITE_PROPOSALS)
    session, id = visit.unit.session, visit.request.path_params.get("id")
    row = queries.at_work(session, visit.actor, id) if id else None
    if id and row is None:
        raise Refusal(Code.NOT_FOUND)
    kept = filled(row, queries.signers(session, row.id), standing(visit.unit, row.id)) if row else _begun(visit)
    values = written(visit.form) or kept
    return View("proposal_form.html", {
        "row": row, "values": values, "fields": FIELDS, "key": visit.key, "kinds": list(ProposerKind),
        "categories": list(TopicCategory), "origins": list(PostOrigin), "lines": lines_of(values),
        "meetings": activities.plenaries(session), "writes_own": not visit.may(UseCase.EDIT_PROPOSALS),
        "named": {
            line: link for line in lines_of(values)
            if (record := values.get(f"record{line}")) and (link := visit.named(kind_of(record), record))
        },
    })  # fmt: skip


def share_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_PROPOSALS)
    row = queries.ours(visit.unit.session, visit.id)
    return sharing.form(visit, f"/proposals/{row.id}", row.title, row.shares)


# ── parts ──


def _may(visit: Visit, row: ProposalRow | None) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    if row is None:
        return frozenset()
    found: set[str] = set()
    possible, part = rules.possible(row.standing()), queries.part_of(visit.unit.session, visit.actor, row.id)
    if visit.may(UseCase.EDIT_PROPOSALS):
        found |= {"share", *(possible - rules.OF_THE_SIGNER)}
    elif visit.may(UseCase.WRITE_PROPOSALS) and part is not None and part.seq == 1:
        found |= possible & rules.OF_THE_PROPOSERS
    if visit.may(UseCase.SIGN_OFF_PROPOSALS):
        found |= possible & rules.OF_THE_SIGNER
    if part is not None and part.seq > 1 and row.state is ProposalState.CO_SIGNING:
        found |= {"decline"} if part.state is SignerState.SIGNED else {"sign", "decline"}
    return frozenset(found | _past(visit, row))


def _past(visit: Visit, row: ProposalRow) -> set[str]:
    """What becomes of one of years before that nobody signed yet."""
    if not rules.is_past(row.standing(), row.filed_on):
        return set()
    waits = row.approval is Approval.IN_REVIEW and visit.may(UseCase.SIGN_OFF_PROPOSALS)
    return ({"sign_past", "return_past"} if waits else set()) | (
        {"take_back_past"} if visit.may(UseCase.EDIT_PROPOSALS) else set()
    )


def _rated(visit: Visit, row: ProposalRow | None) -> dict[str, object]:
    """What was said of how it is handled, and what the visitor may say now: their own, or from paper."""
    if row is None:
        return {"ratings": (), "rates": (), "raters": (), "names": {}, "satisfactions": ()}
    session, part = visit.unit.session, queries.part_of(visit.unit.session, visit.actor, row.id)
    signed = {each.seq: each.name for each in queries.signed(session, row.id)}
    may = visit.may(UseCase.EDIT_PROPOSALS) or (part is not None and part.seq in signed)
    stages = row.stages or [""]
    rates = [
        (str(stage), stages[stage - 1] or str(stage)) for stage in range(1, rules.last_stage(row.stages) + 1)
        if may and rules.may_rate(row.state, stage, row.stages)
    ]  # fmt: skip
    return {
        "ratings": rating_queries.of(session, row.id), "rates": rates, "names": signed,
        "raters": [(str(seq), name) for seq, name in signed.items()], "satisfactions": list(Satisfaction),
    }  # fmt: skip


def _similar(visit: Visit, told: ProposalRecord) -> list[tuple[similar_queries.Similar, str | None]]:
    """Earlier ones with like subjects; of another committee's with its name."""
    if not visit.actor.is_inside:
        return []
    entries, home = visit.directory.entries, visit.actor.committee
    return [
        (each, None if each.committee_id == home or each.committee_id not in entries
         else entries[each.committee_id].short_name)
        for each in similar_queries.to(visit.unit.session, visit.actor, told)
    ]  # fmt: skip


def _begun(visit: Visit) -> dict[str, str]:
    """A new form, filled with what the record that it grows out of says of its sources."""
    of = visit.asked("of")
    if not of:
        return {}
    if kind_of(of) == "post":
        return from_sources(of_thread(visit.unit, visit.actor, of))
    return from_sources([Source(PostOrigin.MEMBER, None, of)])


def _sources(visit: Visit, row: ProposalRow | None) -> list[dict[str, object]]:
    """Each with its way to the record, where the visitor is shown that."""
    if row is None:
        return []
    return [
        {"it": each, "link": visit.named(kind_of(each.record_id), each.record_id) if each.record_id else None}
        for each in queries.sources(visit.unit.session, row.id)
    ]


def _became(visit: Visit, row: ProposalRow | None) -> list[Link]:
    """What it was merged into, or became."""
    if row is None:
        return []
    ends = (Relation.MERGED_INTO, Relation.CONVERTED_TO)
    found = [each for kind in ends for each in links.targets(visit.unit.session, row.id, kind)]
    return [link for each in found if (link := visit.named(kind_of(each), each))]


def _tiles(visit: Visit) -> list[tuple[str, int, str]]:
    """How many stand where, of all years: label, count, the list of these."""
    by_state = queries.by_state(visit.unit.session)
    return [
        (visit.say(state.label), by_state[state], f"/proposals?state={state.value}")
        for state in ProposalState if by_state.get(state)
    ]  # fmt: skip


def named(visit: Visit, kind: str, id: str) -> Link | None:
    found = queries.one(visit.unit.session, visit.actor, id) if kind == "proposal" else None
    return Link(f"/proposals/{id}", found.title) if found else None


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", (Link("/proposals", say("提案")),), todos, starts=starts, named=named,
    beside=beside,
)  # fmt: skip
