"""Pages of one person's data: what is held, what left, reveal, the subject's export, erasing."""

from pathlib import Path

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from sync.contract.errors import Code, Refusal, Said
from sync.contract.instants import day_of
from sync.edge.shell import sheets
from sync.edge.shell.formats import moment
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.exchange.left import Departure
from tenant_service.exchange_status.channel_names import channel_name, committee_name
from tenant_service.identity import quotas
from tenant_service.identity.disclosures import Purpose, Told
from tenant_service.identity.policy import UseCase
from tenant_service.members import address_book
from tenant_service.members import queries as members
from tenant_service.personal_data import queries, service, showing
from tenant_service.web.site import Go, Panel, RoomPages, Site, View, Visit

AT = "/personal"
PURPOSES = {
    Purpose.MEETING: say("会议、活动组织"), Purpose.NOTICE: say("通知联络"), Purpose.ROSTER: say("名册维护"),
    Purpose.STATISTICS: say("统计分析"), Purpose.REPORT: say("报送上级"), Purpose.LAWFUL: say("依法提供"),
    Purpose.SUBJECT: say("本人要求"), Purpose.OTHER: say("其他（须写明）"),
}  # fmt: skip
MASKED = {"work_phone": say("工作电话"), "birth_month": say("出生年月")}
FOUND = 20


def routes(site: Site) -> list[Route]:
    return [
        Route(AT, site.shows(index), methods=["GET"]),
        Route(AT + "/mine", site.shows(mine), methods=["GET"]),
        Route(AT + "/left", site.shows(left), methods=["GET"]),
        Route(AT + "/{id}", site.shows(one), methods=["GET"]),
        Route(AT + "/{id}/data.json", site.shows(exported), methods=["GET"]),
        Route(AT + "/{id}/reveal", site.acts(reveal, one), methods=["POST"]),
        Route(AT + "/{id}/erase", site.acts(erase, one), methods=["POST"]),
    ]


# ── reading ──


def index(visit: Visit) -> View:
    """Somebody is looked up by name; the roster is taken out; a record is followed to whom it was told."""
    visit.actor.require(UseCase.HANDLE_PERSONAL)
    name = visit.asked("q")
    wanted, today = address_book.Wanted(name=name), day_of(visit.unit.now)
    found = address_book.persons(visit.unit.session, visit.actor, wanted, today, FOUND, None) if name else None
    rows = quotas.counted(visit.site.units, visit.actor, found, _most(visit)).rows if found else []
    return View("personal.html", {
        "found": [(row.id, row.name) for row in rows], "asked": bool(name), "purposes": _purposes(visit),
        "quota": quotas.standing(visit.site.units, visit.actor, _most(visit)),
    })  # fmt: skip


def mine(visit: Visit) -> Go:
    """The own page, for whoever has one."""
    if not visit.actor.iss:
        raise Refusal(Code.NOT_SIGNED_IN)
    if not (visit.actor.is_home and visit.actor.person):
        raise Refusal(Code.NOT_FOUND)
    return Go(f"{AT}/{visit.actor.person}")


def one(visit: Visit) -> View:
    """Everything about one person, masked for all but that person; and what of it has left."""
    session, is_own = visit.unit.session, visit.actor.person == visit.id
    whom = queries.subject(session, visit.actor, visit.id)
    if not is_own:
        quotas.charge(visit.site.units, visit.actor, 1, _most(visit))
    rows = queries.held(session, whom)
    is_seated = bool(members.seated(session, [whom.id], day_of(visit.unit.now)))
    gone = queries.departures(session, visit.actor, visit.directory, rows)
    shown = service.revealed(visit.unit, visit.actor, visit.asked("shown"), whom.id) if visit.asked("shown") else None
    return View("person_data.html", {
        "whom": whom, "is_own": is_own, "areas": showing.areas(visit, rows, is_own=is_own, is_seated=is_seated),
        "left": _left_table(visit, gone), "purposes": _purposes(visit),
        "masked": [(code, visit.say(text)) for code, text in MASKED.items()],
        "shown": (visit.say(MASKED[shown[0]]), shown[1]) if shown else None,
        "quota": None if is_own else quotas.standing(visit.site.units, visit.actor, _most(visit)),
        "may_erase": visit.may(UseCase.ERASE_PERSON), "may_handle": visit.may(UseCase.HANDLE_PERSONAL),
        "mentions": [] if is_own else queries.mentions(session, whom),
        "values": {name: visit.form.get(name) for name in ("field", "reason", "purpose")},
        "fields": ("field", "reason", "purpose", "sure"),
    })  # fmt: skip


def exported(visit: Visit) -> Response:
    """Everything about one person as JSON: to the person, or for a purpose. Noted before it is read."""
    told = Told(visit.asked("reason"), visit.asked("purpose"))
    with visit.site.units.write() as unit:
        service.note_export(unit, visit.actor, visit.id, told, _most(visit))
    session = visit.unit.session
    whom = queries.subject(session, visit.actor, visit.id)
    rows = queries.held(session, whom)
    body = {
        "person": whom.id, "committee": visit.unit.committee, "at": visit.unit.now,
        "held": [{"table": each.table, "key": each.key, "values": each.values} for each in rows],
        "left": [_told(each) for each in queries.departures(session, visit.actor, visit.directory, rows)],
    }  # fmt: skip
    return sheets.as_file(
        msgspec.json.format(msgspec.json.encode(body, enc_hook=str)), "personal-data.json", "application/json"
    )  # fmt: skip


def left(visit: Visit) -> View:
    """To whom one record of ours was told, whoever it is about."""
    gone = queries.of_record(visit.unit.session, visit.actor, visit.directory, visit.asked("record"))
    return View("personal_left.html", {"record": visit.asked("record"), "table": _left_table(visit, gone)})


# ── acting ──


def reveal(visit: Visit) -> Go:
    made = service.reveal(visit.unit, visit.actor, visit.id, visit.form.get("field"), visit.form.get("reason"))
    return Go(f"{AT}/{visit.id}?shown={made}#shown")


def erase(visit: Visit) -> Go:
    if not visit.form.tells("sure"):
        raise Refusal(Code.BAD_VALUE, field="sure", why=Said("请先勾选确认", "tick the box first"))
    service.erase(visit.unit, visit.actor, visit.id, visit.form.get("purpose"))
    return Go(f"{AT}/{visit.id}")


# ── parts ──


def panels(visit: Visit) -> list[Panel]:
    own, handles = bool(visit.actor.is_home and visit.actor.person), visit.may(UseCase.HANDLE_PERSONAL)
    return [Panel("personal_panel.html", {"own": own, "handles": handles})] if own or handles else []


def _most(visit: Visit) -> int:
    return visit.site.services.personal_rows_per_day


def _purposes(visit: Visit) -> list[tuple[str, str]]:
    return [(purpose.value, visit.say(text)) for purpose, text in PURPOSES.items()]


def _left_table(visit: Visit, gone: list[Departure]) -> Table:
    names = (say("记录"), say("共享渠道"), say("首次发出"), say("最近发出"), say("状态"), say("接收方"))
    columns = tuple(Column(visit.say(name)) for name in names)
    return Table(
        visit.say(say("流出情况")), columns, tuple(_line(visit, each) for each in gone),
        say("没有任何内容离开过本会"),
    )  # fmt: skip


def _line(visit: Visit, each: Departure) -> Row:
    def at(value: object) -> str | None:
        return moment(value, visit.unit.now, visit.here.language) if value else None  # type: ignore[arg-type]

    readers = []
    for reader in each.readers:
        name = committee_name(reader.committee_id, visit.directory)
        got = at(reader.confirmed_at)
        told = f"{visit.say(say('确认于'))} {got}" if got else visit.say(say("未确认"))
        readers.append(f"{name}（{told}）")
    state = say("共享中") if each.is_shared else say("已撤回")
    if each.erased_at:
        state = say("已要求删除")
    channel = channel_name(each.channel, visit.directory, visit.say)
    return Row((
        each.record, channel, at(each.first_at), at(each.last_at), visit.say(state), "、".join(readers) or None,
    ))  # fmt: skip


def _told(each: Departure) -> dict[str, object]:
    return {
        "record": each.record, "channel": each.channel, "firstAt": each.first_at, "lastAt": each.last_at,
        "isShared": each.is_shared, "erasedAt": each.erased_at,
        "readers": [{"committee": to.committee_id, "confirmedAt": to.confirmed_at} for to in each.readers],
    }  # fmt: skip


PAGES = RoomPages(routes, Path(__file__).parent / "templates", panels=panels)
