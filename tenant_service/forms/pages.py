"""Pages of the forms: the list, one form with what it came to, its forms, and where members answer."""

from collections.abc import Callable
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.shapes.forms import FormAudience, FormKind, FormState
from sync.edge.shell.pages import Link
from sync.edge.shell.words import say
from tenant_service.forms import acts, listing, public_pages, queries, rules
from tenant_service.forms.drafts import FIELDS, asked, filled, given, written
from tenant_service.forms.models import FormRow
from tenant_service.forms.panels import starts, todos
from tenant_service.history import taken
from tenant_service.identity.policy import UseCase
from tenant_service.signing.rules import Approval
from tenant_service.web import history, sharing
from tenant_service.web.drawing import qr
from tenant_service.web.exporting import whole
from tenant_service.web.site import RoomPages, Site, View, Visit

SHOWN = 20
_ONE = "/forms/{id}"
_BUTTONS: dict[str, Callable[[Visit], object]] = {
    "discard": acts.discard, "submit": acts.submit, "send-back": acts.send_back, "sign-off": acts.sign_off,
    "open": acts.open_it, "close": acts.close, "withdraw": acts.withdraw,
}  # fmt: skip


def routes(site: Site) -> list[Route]:
    def get(path: str, show: object) -> Route:
        return Route(path, site.shows(show), methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, act: object, again: object = None) -> Route:
        return Route(path, site.acts(act, again), methods=["POST"])  # type: ignore[arg-type]

    return [
        get("/forms", listed),
        get("/forms.{suffix:str}", exported),
        get("/forms/new", form),
        post("/forms/new", acts.draft, form),
        get(_ONE, one),
        get(f"{_ONE}/redraft", form),
        post(f"{_ONE}/redraft", acts.redraft, form),
        *(post(f"{_ONE}/{path}", act, one) for path, act in _BUTTONS.items()),
        get(f"{_ONE}/answer", answering),
        post(f"{_ONE}/answer", acts.answer, answering),
        get(f"{_ONE}/answers.{{suffix:str}}", answers_exported),
        get(f"{_ONE}/share", share_form),
        post(f"{_ONE}/share", acts.share, share_form),
        *public_pages.routes(site),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    found = listing.page(visit, SHOWN, visit.asked("after") or None)
    return View("forms_list.html", {
        "table": listing.table(visit, found.rows), "total": found.count(), "more": found.more,
        "may_draft": visit.may(UseCase.EDIT_FORMS), "is_home": visit.actor.is_inside,
        "sees_work": visit.actor.sees_work, "kinds": list(FormKind), "states": list(FormState),
        "approvals": list(Approval),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: listing.page(visit, first, after))
    return listing.table(visit, rows).file("forms", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One form; for our office with its 审签, its history, its code for the public and what may be done now."""
    session, actor = visit.unit.session, visit.actor
    told = queries.one(session, actor, visit.id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    row, is_own = queries.at_work(session, actor, visit.id), owner_of(told.id) == actor.committee
    ours = queries.ours(session, visit.id) if is_own else None
    at = _public(visit, row)
    return View("form.html", {
        "it": told, "row": row, "may": _may(visit, row), "looks": listing.LOOKS, "fields": ("reason", "unclassified"),
        "owner": None if is_own else visit.directory.get(told.committee_id).name,
        "steps": history.told(visit, taken.of(session, told.id)) if row else (), "labels": listing.ACTS,
        "address": at, "qr": qr(at) if at else None, "asks": _asks(visit, ours),
        "mine": queries.answer_of(session, told.id, f"s:{actor.sub}") if ours and actor.is_inside else None,
        "questions": asked(ours.questions()) if ours else (),
        **_results(visit, ours, row is not None),
        "sharing": sharing.sharing(visit.directory, actor.committee, row.shares) if row else None,
        "panels": visit.beside("form", told.id),
    })  # fmt: skip


def _results(visit: Visit, ours: FormRow | None, is_office: bool) -> dict[str, object]:  # noqa: FBT001
    """What it came to: for the office from the first answer on, for whoever is shown the form once it is closed."""
    if ours is None or ours.opened_on is None or not (is_office or ours.state is FormState.CLOSED):
        return {"results": None, "bars": ()}
    found = queries.results(visit.unit.session, ours, visit.site.services.least_answers)
    return {"results": found, "bars": listing.bars(found), "pass_rate": listing.share(found.pass_rate)}


def answers_exported(visit: Visit) -> Response:
    """Every answer as a file, for the office; of quizzes and surveys only where enough answered.

    Raises:
        Refusal: FORBIDDEN, NOT_FOUND; TOO_FEW_ANSWERS.
    """
    visit.actor.require(UseCase.EDIT_FORMS)
    row = queries.ours(visit.unit.session, visit.id)
    rows, least = queries.answers(visit.unit.session, row.id), visit.site.services.least_answers
    if row.kind not in rules.NAMED and len(rows) < least:
        raise Refusal(Code.TOO_FEW_ANSWERS, least=least)
    return listing.answers(visit, row, rows).file("answers", visit.request.path_params["suffix"])


# ── forms ──


def form(visit: Visit) -> View:
    """The form of a new form, or of a draft that is described anew."""
    visit.actor.require(UseCase.EDIT_FORMS)
    session, id = visit.unit.session, visit.request.path_params.get("id")
    row = queries.ours(session, id) if id else None
    values = written(visit.form, FIELDS) or (filled(session, row) if row else {"kind": visit.asked("kind")})
    chosen = visit.form.all(sharing.FIELD) or (row.shares if row else ())
    return View("form_form.html", {
        "row": row, "values": values, "fields": FIELDS, "key": visit.key, "kinds": list(FormKind),
        "audiences": list(FormAudience),
        "sharing": sharing.sharing(visit.directory, visit.actor.committee, chosen),
    })  # fmt: skip


def answering(visit: Visit) -> View:
    """Where somebody who has an account answers; filled with what was written, or answered before."""
    session, actor = visit.unit.session, visit.actor
    told = queries.one(session, actor, visit.id)
    if told is None or owner_of(told.id) != actor.committee:
        raise Refusal(Code.NOT_FOUND)
    row = queries.ours(session, told.id)
    before, questions = queries.answer_of(session, row.id, f"s:{actor.sub}"), row.questions()
    values = given(visit.form, questions) if visit.form.values else before.given if before else ()
    return View("form_answer.html", {
        "it": told, "questions": asked(questions, values), "action": f"/forms/{row.id}/answer", "token": None,
        "fields": tuple(f"q{at}" for at in range(1, len(questions) + 1)), "named": row.kind in rules.NAMED,
        "is_public": False,
    })  # fmt: skip


def share_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_FORMS)
    row = queries.ours(visit.unit.session, visit.id)
    return sharing.form(visit, f"/forms/{row.id}", row.title, row.shares)


# ── parts ──


def _asks(visit: Visit, row: FormRow | None) -> bool:
    """Whether the visitor may answer it now."""
    if row is None or row.state is not FormState.OPEN or not visit.actor.is_inside:
        return False
    in_time = row.closes_on is None or visit.site.today() <= row.closes_on
    return in_time and queries.is_asked(visit.unit.session, visit.actor, row)


def _public(visit: Visit, row: FormRow | None) -> str | None:
    """The address of a form of the public, for the office to hang it up."""
    if row is None or row.audience is not FormAudience.PUBLIC or row.state is not FormState.OPEN:
        return None
    return str(visit.request.url.replace(path=f"/f/{row.token}", query="", fragment=""))


def _may(visit: Visit, row: FormRow | None) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    if row is None:
        return frozenset()
    found: set[str] = set()
    possible = rules.possible(row.standing())
    if visit.may(UseCase.EDIT_FORMS):
        found |= {"share", *(possible - rules.OF_THE_SIGNER - {rules.Act.ANSWER})}
    if visit.may(UseCase.SIGN_OFF_FORMS):
        found |= possible & rules.OF_THE_SIGNER
    return frozenset(found)


def named(visit: Visit, kind: str, id: str) -> Link | None:
    found = queries.one(visit.unit.session, visit.actor, id) if kind == "form" else None
    return Link(f"/forms/{id}", found.title) if found else None


PAGES = RoomPages(
    routes, Path(__file__).parent / "templates", (Link("/forms", say("表单")),), todos, starts=starts, named=named,
)  # fmt: skip
