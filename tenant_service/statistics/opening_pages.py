"""Pages of totals from before the platform (期初数): the list, one entry with its history, its forms, and files."""

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.shapes.values import INDICATORS, IndicatorCode
from tenant_service.history import taken
from tenant_service.identity import accounts
from tenant_service.identity.policy import UseCase
from tenant_service.signing import acts as signing
from tenant_service.signing.rules import SIGNING, Act, Approval
from tenant_service.statistics import acts, listing
from tenant_service.statistics import opening_queries as openings
from tenant_service.statistics import opening_rules as rules
from tenant_service.statistics.acts import AT
from tenant_service.statistics.drafts import CORRECTION, FIELDS, filled, written
from tenant_service.statistics.models import OpeningRow
from tenant_service.web.site import Site, View, Visit

_ONE = f"{AT}/{{id}}"
_OF_SIGNER = frozenset({Act.SIGN_OFF, Act.SEND_BACK})


def routes(site: Site) -> list[Route]:
    def get(path: str, show: object) -> Route:
        return Route(path, site.shows(show), methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, act: object, again: object = None) -> Route:
        return Route(path, site.acts(act, again), methods=["POST"])  # type: ignore[arg-type]

    return [
        get(AT, listed),
        get(f"{AT}.{{suffix:str}}", exported),
        get(f"{AT}/template.{{suffix:str}}", template),
        get(f"{AT}/new", form),
        post(f"{AT}/new", acts.enter, form),
        get(f"{AT}/import", importing),
        Route(f"{AT}/import", site.acts(acts.preview, importing, acts.parsed, uploads=True), methods=["POST"]),
        post(f"{AT}/take", acts.take, importing),
        post(f"{AT}/start", acts.choose_start, listed),
        post(f"{AT}/sign-off", acts.sign_off_all, listed),
        get(_ONE, one),
        get(f"{_ONE}/redraft", form),
        post(f"{_ONE}/redraft", acts.redraft, form),
        post(f"{_ONE}/correct", acts.correct, one),
        post(f"{_ONE}/submit", acts.submit, one),
        post(f"{_ONE}/sign-off", acts.sign_off, one),
        post(f"{_ONE}/send-back", acts.send_back, one),
        post(f"{_ONE}/discard", acts.discard, one),
        post(f"{_ONE}/withdraw", acts.withdraw, one),
    ]


def listed(visit: Visit) -> View:
    rows = _rows(visit)
    return View("openings.html", {
        "table": listing.table(visit, rows), "start": openings.start(visit.unit.session), "fields": ("day",),
        "flows": [(each.value, visit.say(each.label)) for each in listing.FLOWS], "approvals": list(Approval),
        "waiting": [row.id for row in rows if row.approval is Approval.IN_REVIEW and row.withdrawn_because is None],
        "to_sign": sum(Act.SIGN_OFF in _may(visit, row) for row in rows),
        "own": visit.asked("own") if visit.asked("own").isdecimal() else "",
        "may_edit": visit.may(UseCase.EDIT_OPENINGS), "may_sign": visit.may(UseCase.SIGN_OFF_OPENINGS),
        "values": {"day": visit.form.get("day") or str(openings.start(visit.unit.session) or "")},
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    return listing.table(visit, _rows(visit)).file("openings", visit.request.path_params["suffix"])


def template(visit: Visit) -> Response:
    """A file to be filled in and imported."""
    visit.actor.require(UseCase.EDIT_OPENINGS)
    return listing.template().file("openings-template", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    """One total with its corrections, what of it counts, its history, and what may be done now."""
    visit.actor.require(UseCase.SEE_WORK)
    session, row = visit.unit.session, openings.one(visit.unit.session, visit.id)
    corrections = openings.corrections(session, row.id)
    steps = [(each, step) for each in (row, *corrections) for step in taken.of(session, each.id)]
    people = {row.drafted_by, row.signed_by or "", *(step.sub for _, step in steps)}
    return View("opening.html", {
        "it": row, "state": listing.state(visit, row), "looks": listing.LOOKS, "corrections": corrections,
        "state_of": lambda each: listing.state(visit, each),
        "may": {each.id: _may(visit, each) for each in corrections}, "acts": _may(visit, row),
        "may_correct": _may_correct(visit, row), "comes_to": openings.comes_to(session, row),
        "counts": _counts(visit, row), "unit": INDICATORS[row.indicator].unit, "labels": listing.ACTS,
        "kind": listing.kind_label(row.indicator, row.kind), "fields": CORRECTION,
        "steps": steps, "names": accounts.named(session, people),
        "values": written(visit.form, CORRECTION),
        "of": openings.one(session, row.corrects_id) if row.corrects_id else None,
    })  # fmt: skip


def form(visit: Visit) -> View:
    """The form of a new total, or of one that is described anew."""
    visit.actor.require(UseCase.EDIT_OPENINGS)
    id = visit.request.path_params.get("id")
    row = openings.one(visit.unit.session, id) if id else None
    return View("opening_form.html", {
        "row": row, "values": written(visit.form, FIELDS) or (filled(row) if row else {}), "fields": FIELDS,
        "key": visit.key,
        "flows": [(each.value, visit.say(each.label), INDICATORS[each].unit) for each in listing.FLOWS],
        "kinds": [(visit.say(head), [(code, visit.say(label)) for code, label in of]) for head, of in listing.kinds()],
        "start": openings.start(visit.unit.session),
    })  # fmt: skip


def importing(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_OPENINGS)
    return View("opening_import.html", {"fields": ("file",)})


def _rows(visit: Visit) -> list[OpeningRow]:
    """As the address filters. Raises: Refusal NOT_SIGNED_IN, FORBIDDEN."""
    visit.actor.require(UseCase.SEE_WORK)
    indicator, approval = IndicatorCode.known(visit.asked("indicator")), Approval.known(visit.asked("approval"))
    wanted = openings.Wanted(indicator, approval, None if visit.asked("withdrawn") else False)
    return list(openings.entries(visit.unit.session, wanted))


def _may(visit: Visit, row: OpeningRow) -> frozenset[str]:
    """What the visitor may do now; the service decides anew when it is done."""
    if row.withdrawn_because is not None:
        return frozenset()
    possible = set(SIGNING.possible(row.approval)) - ({Act.REDRAFT} if row.corrects_id else set())
    found = {each.value for each in possible - _OF_SIGNER} if visit.may(UseCase.EDIT_OPENINGS) else set()
    if visit.may(UseCase.SIGN_OFF_OPENINGS):
        found |= {each.value for each in possible & _OF_SIGNER}
        found |= {"withdraw"} if row.approval is Approval.SIGNED else set()
    if not signing.may_sign(visit.actor, UseCase.SIGN_OFF_OPENINGS, row.drafted_by):
        found -= {Act.SIGN_OFF}
    return frozenset(found)


def _may_correct(visit: Visit, row: OpeningRow) -> bool:
    counts = row.approval is Approval.SIGNED and row.withdrawn_because is None and row.corrects_id is None
    return counts and visit.may(UseCase.EDIT_OPENINGS) and not openings.waiting(visit.unit.session, row.id)


def _counts(visit: Visit, row: OpeningRow) -> rules.Part | None:
    """What of a total that counts is told by rows, and what is not."""
    days = rules.Days(row.since, row.until)
    found = openings.parts(visit.unit, visit.site.services.counting, row.indicator, *days)
    return next((each for each in found if (each.total.kind, each.total.days) == (row.kind, days)), None)
