"""What a citizen meets: a form at a venue's address or a general one, its receipt, the progress, and what was answered.

Everything works without scripts and without an account. Forms carry `csrf` and `key`, hidden, and belong to the device
they were shown to (a cookie). What is refused comes back on the form with what was written, the reason beside its field
(`id="e-<field>"`), and a status of 400 and above.

Addresses and fields, for whoever drives them over HTTP:

`GET` and `POST /report`, or `/q/<token of a venue>/report` (multipart/form-data, or urlencoded without pictures)
    `words` what is the matter, 1–2000 characters; `place` where, optional; `source` PUBLIC or ENTERPRISE, PUBLIC where
    it is not sent; `name` optional, none is anonymous; `phone` optional; `showsName=yes` the name may be told to who
    handles it; `consent=yes` to the privacy notice, needed; `file` up to three pictures. Answers 200 with the receipt:
    the tracking code stands in `<code id="code" class="code">ABCD-EFGH-JKLM</code>`, this once. The same form sent
    twice is one report, with the same code.
`GET /track`, `POST /track` (urlencoded): `code`; blanks, dashes and small letters do not matter. Answers 200 with the
    progress: each topic is a `<section id="topic-<n>">` whose `<ol class="steps">` marks the step with `aria-current`,
    its signed answer in `<p id="answer-<n>" class="told">`; 404 for every code that is none.
`POST /track/rate`: `code`, `topic` its id from the hidden field, `rating` SATISFIED, BASICALLY or DISSATISFIED,
    `remark` optional, `forDepartment=yes` who handles it may read that.
`POST /track/unsettled`: `code`, `topic`, `unsettledWords` what is not settled, 1–500 characters, `forDepartment`.
`GET /answers`: answers that are shared with everybody.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.routing import Route

from sync.contract.errors import Code, Refusal, Said
from sync.contract.shapes.items import Satisfaction
from sync.contract.shapes.topics import TopicOrder, TopicSource, TopicState
from sync.edge.networks import network_of
from sync.edge.shell.pages import Link
from sync.edge.windows import Window
from tenant_service.files.inspecting import Inspected
from tenant_service.files.rules import MOST_BYTES, PICTURES
from tenant_service.files.uploads import FIELD, looked_at_of_reporter
from tenant_service.graph import idempotency
from tenant_service.identity.actor import nobody
from tenant_service.topics import codes, queries, rating_service, reporting_service, tracking_queries
from tenant_service.topics.descriptions import LONGEST_WORDS
from tenant_service.topics.drafts import report_of
from tenant_service.topics.reporting_service import Receipt, Sent, reporter
from tenant_service.topics.rules import PublicStep
from tenant_service.venues import queries as venues
from tenant_service.web.drawing import qr
from tenant_service.web.forms import Form
from tenant_service.web.open_forms import OpenForms, address_of, device_of, secret
from tenant_service.web.site import Panel, Site, View, Visit

FIELDS = ("words", "place", "source", "name", "phone", "showsName", "consent", FIELD)
TRACKING = ("code", "rating", "remark", "unsettledWords")
MOST_PHOTOS = 3
SHOWN = 20
_BAR = (PublicStep.SUBMITTED, PublicStep.ACCEPTED, PublicStep.HANDLED, PublicStep.ANSWERED)
_MINUTE, _HOUR = 60.0, 3_600.0


@dataclass(frozen=True)
class Limits:
    """How much one device and one network do; a venue's and the committee's share of an hour is counted in its rows.

    A network counts for many: a whole village can be behind one address. Who is refused as a device takes none of their
    neighbours' share; and one network does not fill a venue, whose code others scan, too.
    """

    reports: Window = field(default_factory=lambda: Window(6, _HOUR))
    reports_at_venue: Window = field(default_factory=lambda: Window(15, _HOUR))
    reports_of_network: Window = field(default_factory=lambda: Window(60, _HOUR))
    pictures: Window = field(default_factory=lambda: Window(12, _HOUR))
    pictures_of_network: Window = field(default_factory=lambda: Window(90, _HOUR))
    looks: Window = field(default_factory=lambda: Window(10, _MINUTE))
    looks_of_network: Window = field(default_factory=lambda: Window(60, _MINUTE))

    def reported(self, visit: Visit) -> None:
        """One more came from there. Raises: Refusal RATE_LIMITED, and then it did not."""
        network = network_of(address_of(visit.request))
        self.reports.count(device_of(visit.request).id)
        if token := visit.request.path_params.get("token"):
            self.reports_at_venue.count((network, token))
        self.reports_of_network.count(network)

    def pictured(self, request: Request) -> None:
        """Pictures are about to be unpacked, whatever they are. Raises: Refusal RATE_LIMITED."""
        self.pictures.count(device_of(request).id)
        self.pictures_of_network.count(network_of(address_of(request)))

    def looked(self, visit: Visit) -> None:
        """A code is about to be tried, right or wrong. Raises: Refusal RATE_LIMITED, whatever the code is."""
        self.looks.count(device_of(visit.request).id)
        self.looks_of_network.count(network_of(address_of(visit.request)))
        visit.request.state.has_looked = True


def routes(site: Site) -> list[Route]:
    forms, limits = OpenForms(site), Limits()

    def counted(act: Callable[[Visit], View]) -> Callable[[Visit], View]:
        def acted(visit: Visit) -> View:
            limits.looked(visit)
            return act(visit)

        return acted

    def report(visit: Visit) -> View:
        return _report(visit, limits)

    async def ready(request: Request, form: Form) -> Form:
        if form.files.get(FIELD):
            _consented(form)
            limits.pictured(request)
        return await pictures(form)

    return [
        *(
            route for at in ("/report", "/q/{token}/report") for route in (
                Route(at, forms.shows(reporting), methods=["GET"]),
                Route(at, forms.takes(report, reporting, ready), methods=["POST"]),
            )
        ),
        Route("/track", forms.shows(asking), methods=["GET"]),
        Route("/track", forms.takes(counted(tracking), asking, writes=False), methods=["POST"]),
        Route("/track/rate", forms.shows(asking), methods=["GET"]),
        Route("/track/unsettled", forms.shows(asking), methods=["GET"]),
        Route("/track/rate", forms.takes(counted(rate), again), methods=["POST"]),
        Route("/track/unsettled", forms.takes(counted(unsettled), again), methods=["POST"]),
        Route("/answers", site.shows(answers), methods=["GET"]),
    ]  # fmt: skip


# ── reporting ──


def reporting(visit: Visit) -> View:
    """The form; at a venue's address with the venue's name."""
    at, values = _venue(visit), {"source": "PUBLIC", "place": visit.asked("place")[:120]}
    values |= {name: visit.form.get(name) for name in FIELDS if name != FIELD} if visit.form.values else {}
    return View("report.html", {
        "venue": at, "action": visit.request.url.path, "values": values, "fields": FIELDS,
        "key": visit.key, "csrf_token": device_of(visit.request).csrf, "longest": LONGEST_WORDS,
        "most_photos": MOST_PHOTOS, "most_mb": MOST_BYTES // 1_048_576, "accepted": "image/jpeg,image/png,image/webp",
        "days": visit.site.services.periods.notice_workdays, "desk": visit.site.services.desk,
    })  # fmt: skip


async def pictures(form: Form) -> Form:
    """Pictures alone, looked at and called by their number. Raises: Refusal BAD_VALUE, and as `looked_at`."""
    if len(form.files.get(FIELD, ())) > MOST_PHOTOS:
        why = Said(f"最多{MOST_PHOTOS}张", f"at most {MOST_PHOTOS}")
        raise Refusal(Code.BAD_VALUE, field=FIELD, why=why)
    found = await looked_at_of_reporter(replace(form, files={FIELD: form.files.get(FIELD, ())}))
    return replace(found, files={FIELD: tuple(map(_numbered, range(1, MOST_PHOTOS + 1), found.files[FIELD]))})


def _numbered(number: int, told: Inspected) -> Inspected:
    """Whatever a phone calls its pictures may say who somebody is."""
    if told.kind not in PICTURES:
        raise Refusal(Code.FILE_KIND, name=told.name)
    return replace(told, name=f"照片{number}.{told.kind.ending}")


def _consented(form: Form) -> None:
    """Raises: Refusal BAD_VALUE."""
    if not form.tells("consent"):
        raise Refusal(Code.BAD_VALUE, field="consent", why=Said("请先阅读并同意", "read it and agree first"))


def _report(visit: Visit, limits: Limits) -> View:
    form, token = visit.form, visit.request.path_params.get("token")
    _consented(form)
    source = TopicSource.known(form.get("source")) if form.get("source") else TopicSource.PUBLIC
    if source is None:
        raise Refusal(Code.BAD_VALUE, field="source", why=Said("请从列表选择", "choose from the list"))
    told, periods = report_of(form), visit.site.services.periods
    code = codes.of_form(secret(visit, b"topic-code"), visit.key, token or "", source.value, repr(told))
    sent = Sent(told, source, code, token, tuple(form.files.get(FIELD, ())), *_whence(visit))
    done = idempotency.once(
        visit.unit, reporter(visit.unit.committee), "page.topics.report", codes.digest(code), {},
        lambda unit: _counted(visit, limits, reporting_service.report(unit, sent, periods.notice_workdays)),
        kept_as=Receipt,
    )  # fmt: skip
    at = _address(visit, "/track")
    return View("report_receipt.html", {
        "code": codes.shown(code), "address": at, "qr": qr(at), "has_phone": told.phone is not None,
        "days": periods.notice_workdays, "topic": done.topic, "left_out": done.left_out,
        "desk": visit.site.services.desk,
    })  # fmt: skip


def _whence(visit: Visit) -> tuple[str, str]:
    """Network and device as digests of today: by the committee's secret, so that nobody else can make them."""
    key, today = secret(visit, b"topic-share"), visit.site.today().isoformat()
    told = network_of(address_of(visit.request)), device_of(visit.request).id
    network, device = (blake2b(f"{today}\0{each}".encode(), key=key, digest_size=12).hexdigest() for each in told)
    return network, device


def _counted(visit: Visit, limits: Limits, done: Receipt) -> Receipt:
    """What is refused for its words does not count, nor does a report that was sent twice."""
    if done.is_new:
        limits.reported(visit)
    return done


# ── following ──


def asking(visit: Visit) -> View:
    """The form that asks for the code. A code that was typed is not written into the page again."""
    return View("track.html", {
        "fields": TRACKING, "csrf_token": device_of(visit.request).csrf, "desk": visit.site.services.desk,
    })  # fmt: skip


def tracking(visit: Visit) -> View:
    """How far it is, by the code. Raises: Refusal NO_SUCH_CODE, of whatever is no code."""
    code = visit.form.get("code")
    told = tracking_queries.by_code(visit.unit.session, code)
    if told is None:
        raise Refusal(Code.NO_SUCH_CODE)
    found = tracking_queries.tracked(visit.unit.session, told, visit.site.today(), _days(visit))
    form = visit.form
    return View("tracking.html", {
        "code": code, "csrf_token": device_of(visit.request).csrf, "tracked": found, "bar": _BAR, "fields": TRACKING,
        "ratings": list(Satisfaction), "days": _days(visit), "acted": visit.request.url.path,
        "about": form.get("topic"), "written": {name: form.get(name) for name in TRACKING[1:]},
    })  # fmt: skip


def again(visit: Visit) -> View:
    """What was refused, on the page it was done on; on the form that asks for the code, where that is none, or where no
    code was looked at: else who is refused for trying too often would be shown whether it was right.
    """
    if not getattr(visit.request.state, "has_looked", False):
        return asking(visit)
    try:
        return tracking(visit)
    except Refusal:
        return asking(visit)


def rate(visit: Visit) -> View:
    form, rating = visit.form, visit.form.needed_kind("rating", Satisfaction)
    rating_service.rate(
        visit.unit, form.get("code"), form.get("topic"), rating, form.text("remark"),
        for_department=form.tells("forDepartment"),
    )  # fmt: skip
    return tracking(visit)


def unsettled(visit: Visit) -> View:
    form = visit.form
    rating_service.unsettled(
        visit.unit, form.get("code"), form.get("topic"), form.get("unsettledWords"), _days(visit),
        for_department=form.tells("forDepartment"),
    )  # fmt: skip
    return tracking(visit)


# ── what was answered ──


def answers(visit: Visit) -> View:
    """Topics that are shared with everybody, with their answers, the newest first; the same for whoever looks."""
    wanted = queries.Wanted(states=(TopicState.CLOSED, TopicState.ARCHIVED))
    found = queries.listed(
        visit.unit.session, nobody(visit.unit.committee), wanted, TopicOrder.CHANGED_AT_DESC, SHOWN,
        visit.asked("after") or None,
    )  # fmt: skip
    return View("answers.html", {"topics": found.rows, "more": found.more, "total": found.count()})


# ── parts ──


def panels(visit: Visit) -> list[Panel]:
    """On the first page of who has no account here: the ways that are open to everybody."""
    return [] if visit.actor.iss else [Panel("public_panel.html", {"report": "/report"})]


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """On the page that a scanned code opens, the way to its form; on a venue's page, for who has no account, to the
    form that is open to all, with its name: the code stays on the door. On the office's page of a venue, its poster.
    """
    if kind != "venue":
        return []
    if token := visit.request.path_params.get("token"):
        return [Panel("public_panel.html", {"report": f"/q/{token}/report"})]
    if not _is_ours(visit, id):
        return []
    if not visit.actor.iss:
        at = urlencode({"place": venues.ours(visit.unit.session, id).name})
        return [Panel("public_panel.html", {"report": f"/report?{at}"})]
    return [Panel("poster_panel.html", {"venue": id})] if visit.actor.sees_work else []


def _is_ours(visit: Visit, venue: str) -> bool:
    return venue.partition(".")[0] == visit.unit.committee


def _venue(visit: Visit) -> Link | None:
    """The venue whose code was scanned. Raises: Refusal QR_INVALID."""
    token = visit.request.path_params.get("token")
    return Link(f"/q/{token}", venues.by_token(visit.unit.session, token).name) if token else None


def _address(visit: Visit, path: str) -> str:
    return str(visit.request.url.replace(path=path, query="", fragment=""))


def _days(visit: Visit) -> int:
    return visit.site.services.periods.unsettled_days
