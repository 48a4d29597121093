"""The audit log as a page and as files show it: what the address filters by, and the lines."""

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec
from starlette.responses import Response

from sync.contract.ids import kind_of
from sync.contract.instants import SHANGHAI, midnight
from sync.edge.shell import sheets
from sync.edge.shell.tables import Column, Row, Table
from sync.edge.shell.words import say
from tenant_service.auditing.words import ACTS
from tenant_service.identity.audit_log import listing as audit_listing
from tenant_service.identity.audit_log.listing import Entry, Wanted
from tenant_service.web.history import by_whom
from tenant_service.web.site import Visit

_JSON_LINES = "application/jsonl; charset=utf-8"


def wanted(visit: Visit) -> Wanted:
    """What the address asks for. Raises: Refusal BAD_VALUE, a day that is none."""
    since, until, who = visit.day("from"), visit.day("to"), visit.asked("who")
    return Wanted(
        since=midnight(since) if since else None,
        before=midnight(until + dt.timedelta(days=1)) if until else None,
        who=(*audit_listing.accounts_called(visit.unit.session, who), who) if who else None,
        act=visit.asked("act"), subject=visit.asked("subject"),
    )  # fmt: skip


def table(visit: Visit, entries: Sequence[Entry]) -> Table:
    heads = (say("序号"), say("时间"), say("操作"), say("操作人"), say("对象"))
    names = audit_listing.names_of(visit.unit.session, {each.sub for each in entries})
    rows = tuple(
        Row((each.seq, _moment(each.at), _act(visit, each), who(visit, each, names), each.subject)) for each in entries
    )
    columns = tuple(Column(visit.say(head), is_figure=head == heads[0]) for head in heads)
    return Table(visit.say(say("审计日志")), columns, rows, say("没有符合条件的审计条目"))


def file(entries: Sequence[Entry], suffix: str) -> Response:
    """All entries with their chain, one a line: CSV for a spreadsheet, JSON Lines for a program."""
    if suffix == "jsonl":
        body = b"".join(msgspec.json.encode(_told(each)) + b"\n" for each in entries)
        return sheets.as_file(body, "audit.jsonl", _JSON_LINES)
    heads = list(_told(entries[0])) if entries else list(_FIELDS)
    body = sheets.csv_of(heads, [list(_told(each).values()) for each in entries])
    return sheets.as_file(body, "audit.csv", "text/csv; charset=utf-8")


_FIELDS = ("seq", "at", "iss", "sub", "act", "subject", "digest", "prior", "chain")


def _told(entry: Entry) -> dict[str, int | str | None]:
    """An entry as its hash is made of it; see docs/operate/audit.md."""
    values = (
        entry.seq, entry.at.isoformat(), entry.iss, entry.sub, entry.act, entry.subject,
        entry.digest.hex() if entry.digest else None, entry.prior.hex() if entry.prior else None, entry.chain.hex(),
    )  # fmt: skip
    return dict(zip(_FIELDS, values, strict=True))


def who(visit: Visit, entry: Entry, names: dict[str, str]) -> str:
    """Whose account it is today, as pages of records say it."""
    return by_whom(visit, entry.iss, entry.sub, names)


def area(entry: Entry, called: Mapping[str, str]) -> str:
    """What an act is about, in Chinese, or the kind of its record where this release has no word for it."""
    return called.get(entry.act.partition(".")[0]) or kind_of(entry.subject)


def _act(visit: Visit, entry: Entry) -> str:
    """In words where it has some; its code as well, by which manuals and programs name it."""
    said = visit.site.services.done.get(entry.act) or ACTS.get(entry.act)
    done = f"{visit.say(said)} {entry.act}" if said else entry.act
    return f"{visit.say(area(entry, visit.site.services.called))} · {done}"


def _moment(at: dt.datetime) -> str:
    """To the second, and with the year: who compares two acts, or reads a print, needs it."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
