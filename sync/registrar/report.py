"""What the registrar's commands print."""

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import msgspec

from sync.contract import jose
from sync.contract.trust import descriptors
from sync.contract.trust.directory import Directory
from sync.contract.trust.directory_parts import CHARTER_LIVES, WARN_BEFORE
from sync.registrar.acts import Line
from sync.registrar.office import Office
from sync.registrar.register import COMMITTEE, REGISTRAR, Party, Stage

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_CHARTER_WARN = 30 * 86_400
"""Seconds before the end from which on people are told."""


def lines(office: Office, now: int) -> Iterator[str]:
    """Everything on one page."""
    register, _ = office.register()
    seat, charter = office.seat(), office.charter()
    yield f"{seat.name}: {' '.join(each or '（全部）' for each in seat.prefixes)}"
    yield f"federation's root 联动的根  {jose.thumbprint(office.root())}"
    yield _until("charter 章程", charter.expires_at, now, min(_CHARTER_WARN, CHARTER_LIVES))
    directory = office.published()
    if directory is None:
        yield "WARNING nothing was signed yet 尚未签名"
    else:
        yield from about(directory, now)
    for id in sorted(register.parties):
        yield _one_line(register.parties[id], now)


def about(directory: Directory, now: int) -> Iterator[str]:
    """A directory in anybody's hands."""
    told = directory.contents
    yield f"directory 目录 {told.serial}: {len(told.entries)} parties, {len(told.parts)} registrars' parts"
    yield _until("directory 目录", told.expires_at, now, WARN_BEFORE)
    for alarm in told.alarms:
        yield f"ALARM {alarm.code} {alarm.id} ({', '.join(alarm.registrars)})"


def about_party(party: Party) -> Iterator[str]:
    yield f"{party.id}  {party.stage.label} {party.stage}"
    if party.stage is Stage.PENDING:
        yield f"fingerprint 指纹  {descriptors.fingerprint(party.descriptor)}"
        for side, place in ((REGISTRAR, "here 登记机关"), (COMMITTEE, "there 对方")):
            yield f"approved {place}  {party.approvals.get(side, '—')}"


def told(line: Line) -> str:
    act = msgspec.to_builtins(line.act)
    kind, id = act.pop("type"), act.pop("id")
    rest = " ".join(f"{name}={_short(value)}" for name, value in act.items() if value not in (None, "", []))
    return f"{line.n}  {_moment(line.at)}  {line.who}  {kind}  {id}  {rest}".rstrip()


def _one_line(party: Party, now: int) -> str:
    parts = [party.id, party.stage.label, str(party.stage)]
    if party.descriptor:
        read = party.told()
        parts += [read.name, f"seq {read.seq}", f"parent {party.parent or '—'}"]
        if party.stage in (Stage.ACTIVE, Stage.SUSPENDED):
            parts.append(_until("keys 密钥", descriptors.soonest_end(read), now, descriptors.KEYS_WARN))
    if party.stage is Stage.INVITED:
        parts.append(_until("invite 邀请", party.invite.expires_at, now, 0))
    if party.stage is Stage.PENDING:
        parts.append(f"approved by {', '.join(party.approvals.values()) or '—'}")
    if party.nbf_tokens:
        parts.append(f"tokens before {_moment(party.nbf_tokens)} are void")
    if party.successor:
        parts.append(f"successor {party.successor}")
    return "  ".join(parts)


def _until(what: str, end: int, now: int, warned: int) -> str:
    if end <= now:
        return f"WARNING {what} expired 已过期 {_moment(end)}"
    return f"{'WARNING ' if end - now <= warned else ''}{what} good until 有效至 {_moment(end)}"


def _moment(at: int) -> str:
    return f"{dt.datetime.fromtimestamp(at, _SHANGHAI):%Y-%m-%d %H:%M}"


def _short(value: object) -> str:
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004 — a line on a terminal
