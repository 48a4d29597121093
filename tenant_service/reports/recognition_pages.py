"""Pages of recognitions: the list, one of them, its form, and what was made of opinions."""

import datetime as dt
from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.ids import owner_of
from sync.contract.shapes.recognitions import (
    RecognitionKind,
    RecognitionLevel,
    RecognitionOrder,
    RecognitionRecord,
    RecognitionState,
)
from sync.contract.shapes.reports import ReportKind
from sync.edge.shell.pages import Link
from sync.edge.shell.plots import Bar
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.watching import freshness as shared
from tenant_service.history import taken
from tenant_service.identity.policy import UseCase
from tenant_service.reports import conversion_queries as conversions
from tenant_service.reports import recognition_queries as queries
from tenant_service.reports import recognition_service as service
from tenant_service.reports import rules
from tenant_service.reports.models import RecognitionRow
from tenant_service.reports.recognition_service import Recognised
from tenant_service.reports.rules import RecognitionAct
from tenant_service.storage.paging import Page
from tenant_service.web import history, sharing
from tenant_service.web.exporting import whole
from tenant_service.web.forms import Form
from tenant_service.web.site import Go, Panel, Site, View, Visit

SHOWN = 20
_ONE = "/recognitions/{id}"
FIELDS = ("kind", "level", "day", "title", "favourable", "document", "side", "subjectId", "reason")
ACTS = {
    "record": say("登记"), "correct": say("更正"), "confirm": say("确认"), "withdraw": say("撤销认定"),
    "recover": say("找回"),
}  # fmt: skip
"""What people call the steps of a recognition's history."""
LOOKS = {RecognitionState.CONFIRMED: "good", RecognitionState.RECORDED: "warn", RecognitionState.WITHDRAWN: "bad"}


def routes(site: Site) -> list[Route]:
    def get(path: str, show: object) -> Route:
        return Route(path, site.shows(show), methods=["GET"])  # type: ignore[arg-type]

    def post(path: str, act: object, again: object = None) -> Route:
        return Route(path, site.acts(act, again), methods=["POST"])  # type: ignore[arg-type]

    return [
        get("/recognitions", listed),
        get("/recognitions.{suffix:str}", exported),
        get("/recognitions/new", form),
        post("/recognitions/new", record, form),
        get("/recognitions/conversions", funnel),
        get(_ONE, one),
        get(f"{_ONE}/correct", form),
        post(f"{_ONE}/correct", correct, form),
        post(f"{_ONE}/confirm", confirm, one),
        post(f"{_ONE}/withdraw", withdraw, one),
        get(f"{_ONE}/share", share_form),
        post(f"{_ONE}/share", share, share_form),
    ]


# ── reading ──


def listed(visit: Visit) -> View:
    found = _page(visit, SHOWN, visit.asked("after") or None)
    return View("recognitions.html", {
        "table": _table(visit, found.rows), "total": found.count(), "more": found.more,
        "may_record": visit.may(UseCase.EDIT_REPORTS), "is_home": visit.actor.is_inside,
        "sees_work": visit.actor.sees_work, "kinds": list(RecognitionKind), "levels": list(RecognitionLevel),
        "states": list(RecognitionState),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The list as it is filtered, as a file."""
    rows = whole(lambda first, after: _page(visit, first, after))
    return _table(visit, rows).file("recognitions", visit.request.path_params["suffix"])


def one(visit: Visit) -> View:
    session, actor = visit.unit.session, visit.actor
    told = queries.one(session, actor, visit.id)
    if told is None:
        raise Refusal(Code.NOT_FOUND)
    is_own = owner_of(told.id) == actor.committee
    row = queries.at_work(session, actor, told.id)
    return View("recognition.html", {
        "it": told, "may": _may(visit, told) if row else frozenset(), "looks": LOOKS, "labels": ACTS,
        "owner": None if is_own else visit.directory.get(told.committee_id).name,
        "about": visit.named(told.subject_id.split(".")[1], told.subject_id) if told.subject_id else None,
        "steps": history.told(visit, taken.of(session, told.id)) if row else (),
        "sharing": sharing.sharing(visit.directory, actor.committee, row.shares) if row else None,
        "fields": ("reason", "unclassified"), "panels": visit.beside("recognition", told.id),
    })  # fmt: skip


def funnel(visit: Visit) -> View:
    """成果转化: opinions of a window, this year if none is named, and what was made of them."""
    visit.actor.require(UseCase.SEE_WORK)
    today = visit.site.today()
    since, until = visit.day("since") or dt.date(today.year, 1, 1), visit.day("until") or today
    found = conversions.funnel(visit.unit.session, since, until)
    stages = [(say("收到意见"), found.raised), (say("转化意见"), found.converted)]
    made = [(_made(visit, kind), number) for kind, number in found.made.items()]
    return View("conversions.html", {
        "bars": [Bar(visit.say(label), number) for label, number in stages], "raised": found.raised,
        "most": max(found.raised, found.converted, 1), "made": made, "total": sum(number for _, number in made),
        "values": {"since": str(since), "until": str(until)},
        "share": f"{100 * found.converted / found.raised:.1f}%" if found.raised else None,
    })  # fmt: skip


def form(visit: Visit) -> View:
    """The form of a new one, or of one that is put right."""
    visit.actor.require(UseCase.EDIT_REPORTS)
    id = visit.request.path_params.get("id")
    row = queries.ours(visit.unit.session, id) if id else None
    values = {name: visit.form.get(name) for name in FIELDS} if visit.form.values else _filled(visit, row)
    subject = values.get("subjectId") or None
    about = visit.named(subject.split(".")[1], subject) if subject and subject.count(".") > 1 else None
    return View("recognition_form.html", {
        "row": row, "values": values, "fields": FIELDS, "key": visit.key, "kinds": list(RecognitionKind),
        "levels": list(RecognitionLevel), "about": about,
    })  # fmt: skip


def share_form(visit: Visit) -> View:
    visit.actor.require(UseCase.EDIT_REPORTS)
    row = queries.ours(visit.unit.session, visit.id)
    return sharing.form(visit, f"/recognitions/{row.id}", row.title, row.shares)


# ── buttons ──


def record(visit: Visit) -> Go:
    """登记. Pressed twice, there is one."""
    told = recognised(visit.form)
    kept = {name: visit.form.all(name) for name in FIELDS}
    made = visit.once("page.recognitions.record", kept, lambda unit: service.record(unit, visit.actor, told))
    return Go(f"/recognitions/{made.id}")


def correct(visit: Visit) -> Go:
    service.correct(visit.unit, visit.actor, visit.id, recognised(visit.form), visit.form.get("reason"))
    return Go(f"/recognitions/{visit.id}")


def confirm(visit: Visit) -> Go:
    service.confirm(visit.unit, visit.actor, visit.id, unclassified=visit.form.tells("unclassified"))
    return Go(f"/recognitions/{visit.id}")


def withdraw(visit: Visit) -> Go:
    service.withdraw(visit.unit, visit.actor, visit.id, visit.form.get("reason"))
    return Go(f"/recognitions/{visit.id}")


def share(visit: Visit) -> Go:
    shares = sharing.chosen_in(visit.form.all(sharing.FIELD))
    service.share(visit.unit, visit.actor, visit.directory, visit.id, shares)
    return Go(f"/recognitions/{visit.id}")


# ── parts ──


def recognised(form: Form) -> Recognised:
    """Raises: Refusal BAD_VALUE, of the field that cannot be read."""
    return Recognised(
        form.needed_kind("kind", RecognitionKind), form.needed_kind("level", RecognitionLevel), form.needed_day("day"),
        form.get("title"), form.text("subjectId"), form.tells("favourable"), form.text("document"), form.text("side"),
    )  # fmt: skip


def _filled(visit: Visit, row: RecognitionRow | None) -> dict[str, str]:
    if row is None:
        return {"subjectId": visit.asked("of"), "day": str(visit.site.today()), "title": visit.asked("title")[:120]}
    return {
        "kind": row.kind.value, "level": row.level.value, "day": str(row.day), "title": row.title,
        "favourable": "yes" if row.favourable else "", "document": row.document or "", "side": row.side or "",
        "subjectId": row.subject_id or "",
    }  # fmt: skip


def _may(visit: Visit, told: RecognitionRecord) -> frozenset[str]:
    possible = rules.RECOGNITIONS.possible(told.state)
    edits, signs = visit.may(UseCase.EDIT_REPORTS), visit.may(UseCase.SIGN_OFF_REPORTS)
    found = {act for act in possible if (signs if act is RecognitionAct.CONFIRM else edits)}
    return frozenset(found | ({"share"} if edits else set()))


def _page(visit: Visit, first: int, after: str | None) -> Page:
    of_others = visit.asked("from") == "others" and visit.actor.is_inside
    owners = shared.followed_owners(visit.unit.session) if of_others else None
    kind, level = RecognitionKind.known(visit.asked("kind")), RecognitionLevel.known(visit.asked("level"))
    state = RecognitionState.known(visit.asked("state"))
    wanted = queries.RecognitionsWanted(
        (kind,) if kind else (), (level,) if level else (), (state,) if state else (),
        since=visit.day("since"), until=visit.day("until"), text=visit.asked("q")[:80] or None,
    )  # fmt: skip
    order = RecognitionOrder.DAY_DESC
    return queries.listed(visit.unit.session, visit.actor, wanted, order, first, after, owners)


def _table(visit: Visit, rows: Sequence[RecognitionRecord]) -> Table:
    heads = (
        say("题名"),
        say("认定类别"),
        say("认定层级"),
        say("日期"),
        say("是否肯定"),
        say("文件或名录"),
        say("认定单位"),
    )
    columns = tuple(Column(visit.say(head)) for head in (*heads, say("状态")))
    entries, ours = visit.directory.entries, visit.actor.committee

    def line(row: RecognitionRecord) -> Row:
        whose = f"（{entries[row.committee_id].short_name}）" if row.committee_id != ours else ""
        good = None if row.favourable is None else visit.say(say("肯定")) if row.favourable else visit.say(say("其他"))
        cells = (
            row.title + whose, visit.say(row.kind.label), visit.say(row.level.label), str(row.day), good,
            row.document, row.side, visit.say(row.state.label),
        )  # fmt: skip
        return Row(cells, f"/recognitions/{row.id}")

    return Table(visit.say(say("成果认定")), columns, tuple(map(line, rows)), say("暂无成果认定"))


def _made(visit: Visit, kind: str) -> str:
    known = ReportKind.known(kind)
    return visit.say(known.label if known else say("提案") if kind == conversions.PROPOSAL else say("其他"))


def beside(visit: Visit, kind: str, id: str) -> list[Panel]:
    """What a record was recognised by, on its page; the office may write down more."""
    may_record = visit.may(UseCase.EDIT_REPORTS) and kind in ("report", "topic", "activity", "campaign", "item")
    rows = queries.of_subject(visit.unit.session, visit.actor, id) if visit.actor.is_inside else []
    if not rows and not may_record:
        return []
    named = visit.named(kind, id)
    return [Panel("recognitions_panel.html", {
        "rows": rows, "looks": LOOKS, "may_record": may_record, "of": id, "title": named.text if named else "",
    })]  # fmt: skip


def named(visit: Visit, id: str) -> Link | None:
    found = queries.one(visit.unit.session, visit.actor, id)
    return Link(f"/recognitions/{id}", found.title) if found else None
