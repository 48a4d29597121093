"""Pages of the audit administrator: the log with filters and files, and the heads of committees below us."""

import datetime as dt
from pathlib import Path

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal
from sync.contract.instants import midnight
from sync.edge.shell import sheets
from sync.edge.shell.formats import moment
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.auditing import consent_service, listing, queries, service
from tenant_service.auditing.queries import Heard
from tenant_service.auditing.rules import Standing
from tenant_service.identity.audit_log import consents as audit_consents
from tenant_service.identity.audit_log import heads as audit_heads
from tenant_service.identity.audit_log import listing as audit_listing
from tenant_service.identity.audit_log.listing import Wanted
from tenant_service.identity.policy import UseCase
from tenant_service.web.site import Go, Panel, RoomPages, Site, Todo, View, Visit, Waits

AT = "/audit"
STANDINGS = {
    Standing.FIRST: say("首次收到"), Standing.CONTINUES: say("衔接"), Standing.UNCOMPARED: say("间隔过久，未能比对"),
    Standing.BROKEN: say("不衔接"), Standing.UNSIGNED: say("签名不符"),
    Standing.NOT_WHOLE: say("自报有缺失"),
}  # fmt: skip
_WEEK = dt.timedelta(days=7)
MOST_EXPORTED = 20_000
"""Entries of one file."""


def routes(site: Site) -> list[Route]:
    return [
        Route(AT, site.shows(shown), methods=["GET"]),
        Route(AT + ".{suffix:str}", site.shows(exported), methods=["GET"]),
        Route(AT + "/consent", site.shows(consent), methods=["GET"]),
        Route(AT + "/consent/give", site.acts(give_consent, consent), methods=["POST"]),
        Route(AT + "/consent/withdraw", site.acts(withdraw_consent, consent), methods=["POST"]),
        Route(AT + "/heads", site.shows(heads), methods=["GET"]),
        Route(AT + "/heads/{committee:str}.jsonl", site.shows(heads_exported), methods=["GET"]),
    ]


def shown(visit: Visit) -> View:
    """The newest entries that the address asks for. That somebody looked is an entry itself."""
    audit_listing.require(visit.unit.session, visit.actor)
    wanted, behind = listing.wanted(visit), visit.number("after")
    if behind is None or not audit_listing.is_looking(visit.unit.session, visit.actor, wanted, visit.unit.now):
        _noted(visit, "audit.look", wanted)
    session = visit.unit.session
    found = audit_listing.page(session, visit.actor, wanted, behind)
    is_last = len(found) < audit_listing.ON_A_PAGE
    return View("audit.html", {
        "table": listing.table(visit, found), "total": audit_listing.count(session, visit.actor, wanted),
        "more": None if is_last else found[-1].seq,
        "areas_said": sorted((code, visit.called(code)) for code in visit.site.services.called),
        "sees_all": visit.may(UseCase.SEE_AUDIT), "sees_heads": visit.may(UseCase.SEE_AUDIT_HEADS),
        "query": visit.here.url.query, "most": MOST_EXPORTED,
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """The same as a file, with the chain; noted before anything is read."""
    audit_listing.require(visit.unit.session, visit.actor)
    suffix = visit.request.path_params["suffix"]
    if suffix not in ("csv", "jsonl"):
        raise Refusal(Code.NOT_FOUND)
    wanted = listing.wanted(visit)
    _noted(visit, "audit.export", wanted)
    found = audit_listing.exported(visit.unit.session, visit.actor, wanted, MOST_EXPORTED)
    return listing.file(found, suffix)


def heads(visit: Visit) -> View:
    """How far each committee below us has told its log, whether that hangs together, and what we told."""
    below = [each for each in _below(visit) if not (visit.asked("wrong") and each.is_fine)]
    own = audit_heads.last_told(visit.unit.session)
    return View("audit_heads.html", {
        "table": _heads_table(visit, below), "files": [_named(visit, each) for each in below if each.last],
        "is_left": bool(consent_service.heard(visit.unit.session)),
        "own": own, "parent": visit.directory.parent(visit.unit.committee),
    })  # fmt: skip


def heads_exported(visit: Visit) -> Response:
    """Every head of one committee with its signature, for `liandong tenant audit verify --heads` there."""
    visit.actor.require(UseCase.SEE_AUDIT_HEADS)
    committee = visit.request.path_params["committee"]
    rows = queries.of(visit.unit.session, committee)
    if not rows:
        raise Refusal(Code.NOT_FOUND)
    told = [
        {"committee": committee, "seq": row.seq, "chain": row.chain, "signed": row.signed_at, "heard": row.heard_at,
         "standing": row.standing, "proof": row.proof}
        for row in rows
    ]  # fmt: skip
    body = b"".join(msgspec.json.encode(each) + b"\n" for each in told)
    return sheets.as_file(body, f"audit-heads-{committee}.jsonl", "application/jsonl; charset=utf-8")


# ── left to the parent ──


def consent(visit: Visit) -> View:
    """Whether our parent's auditors read our log, and since when they may or might."""
    visit.actor.require(UseCase.SEE_AUDIT_HEADS)
    parent = visit.directory.parent(visit.unit.committee)
    rows = [audit_consents.shown(row) for row in audit_consents.all_of(visit.unit.session)]
    return View("audit_consent.html", {
        "parent": _name(visit, parent) if parent else None, "rows": rows,
        "names": {row.parent_id: _name(visit, row.parent_id) for row in rows},
        "in_force": (in_force := next((row for row in rows if row.withdrawn_at is None), None)),
        "is_over": in_force is not None and in_force.parent_id != parent,
        "may": visit.may(UseCase.LEAVE_AUDIT), "fields": ("reason",), "values": {"reason": visit.form.get("reason")},
    })  # fmt: skip


def give_consent(visit: Visit) -> Go:
    parent = visit.directory.parent(visit.unit.committee)
    audit_consents.give(visit.unit, visit.actor, parent, visit.form.get("reason"))
    return Go(f"{AT}/consent")


def withdraw_consent(visit: Visit) -> Go:
    audit_consents.withdraw(visit.unit, visit.actor, visit.form.get("reason"))
    return Go(f"{AT}/consent")


# ── on the home page ──


def todos(visit: Visit) -> list[Todo]:
    if not visit.may(UseCase.SEE_AUDIT_HEADS):
        return []
    wrong = sum(not each.is_fine for each in _below(visit))
    return [Todo(say("下级审计头异常"), wrong, f"{AT}/heads?wrong=1", Waits.TO_REVIEW), *_of_this_week(visit)]


def _of_this_week(visit: Visit) -> list[Todo]:
    """What an auditor looks at first: how often in seven days, and where to read it. A number shows no entry, so nobody
    has looked by it.
    """
    if not visit.may(UseCase.SEE_AUDIT):
        return []
    first = visit.site.today() - _WEEK
    return [
        Todo(label, _noted_since(visit, act, first), f"{AT}?act={act}&from={first}")
        for act, label in (
            ("account", say("7天内账号与角色变更")), ("account.locked", say("7天内登录失败锁定")),
            ("personal", say("7天内查看、导出个人信息")),
        )
    ]  # fmt: skip


def _noted_since(visit: Visit, act: str, first: dt.date) -> int:
    return audit_listing.count(visit.unit.session, visit.actor, Wanted(since=midnight(first), act=act))


def panels(visit: Visit) -> list[Panel]:
    if not audit_listing.may_look(visit.actor) and not visit.may(UseCase.SEE_AUDIT_HEADS):
        return []
    may_look = audit_listing.may_look(visit.actor)
    return [Panel("audit_panel.html", {"may_look": may_look, "sees_all": visit.may(UseCase.SEE_AUDIT)})]


# ── parts ──


def _noted(visit: Visit, act: str, wanted: Wanted) -> None:
    """In a transaction of its own, before anything is read: what cannot be noted is not shown."""
    with visit.site.units.write() as unit:
        service.note_look(unit, visit.actor, act, wanted.digest)


def _below(visit: Visit) -> list[Heard]:
    visit.actor.require(UseCase.SEE_AUDIT_HEADS)
    return queries.below(visit.unit.session, visit.directory, visit.unit.committee, visit.unit.now)


def _heads_table(visit: Visit, below: list[Heard]) -> Table:
    names = (
        say("政协"), say("衔接"), say("时效"), say("最后条目"), say("最近收到"), say("签署"), say("委托审计"),
        say("代码"),
    )  # fmt: skip
    left = consent_service.heard(visit.unit.session)

    def row(each: Heard) -> Row:
        last, broken = each.last, each.broken
        worst = broken or last
        state = visit.say(STANDINGS[worst.standing]) if worst else None
        if broken:
            at = {"state": state, "n": broken.broken_at, "at": _moment(visit, broken.heard_at)}
            state = visit.say(say("%(state)s（第 %(n)s 条，%(at)s 发现）")) % at
        cells = (
            _named(visit, each)[1], state, visit.say(say("逾期未报") if each.is_overdue else say("按时")),
            last.seq if last else None, _moment(visit, last.last_at if last else None),
            _moment(visit, last.signed_at if last else None),
            visit.say(say("委托本会")) if each.committee_id in left else None, each.code,
        )  # fmt: skip
        return Row(cells, look="" if each.is_fine else "bad")

    columns = tuple(Column(visit.say(name), is_figure=name == names[3]) for name in names)
    return Table(visit.say(say("下级审计头")), columns, tuple(map(row, below)), say("没有下级政协"))


def _named(visit: Visit, each: Heard) -> tuple[str, str]:
    return each.committee_id, _name(visit, each.committee_id)


def _name(visit: Visit, committee: str) -> str:
    """What a committee is called, or its id where the directory does not show it any more."""
    listed = visit.directory.entries.get(committee)
    return (listed.short_name or listed.name) if listed else committee


def _moment(visit: Visit, at: object) -> str | None:
    return moment(at, visit.unit.now, visit.here.language) if at else None  # type: ignore[arg-type]


PAGES = RoomPages(routes, Path(__file__).parent / "templates", todos=todos, panels=panels)
