"""The exchange as a terminal shows it: tables, and below them what somebody should do something about."""

import datetime as dt
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sync.contract.channels import log_of
from sync.contract.instants import SHANGHAI
from sync.contract.trust.directory import Directory
from tenant_service.exchange.watching.confirmed import ReaderStatus, ToldStatus
from tenant_service.exchange.watching.freshness import LogStatus
from tenant_service.exchange_status.channel_names import channel_name, committee_name
from tenant_service.exchange_status.queries import Overview

_WIDE = 160
"""Columns, where what is printed goes into a file."""
_NAMED = 4


def show(seen: Overview, wrong: Sequence[str], directory: Directory) -> None:
    to = Console(highlight=False)
    if not to.is_terminal:
        to = Console(highlight=False, width=_WIDE)
    to.print(_received(seen, directory))
    to.print(_told(seen, directory))
    for letter in seen.letters:
        place = f"{letter.place.log}@{letter.place.epoch}/{letter.place.seq}"
        to.print(f"[red]dead letter[/red] {escape(place)} {escape(letter.record)}: {escape(letter.error)}")
    if seen.dead > len(seen.letters):
        to.print(f"… and {seen.dead - len(seen.letters)} more dead letters")
    if seen.hidden:
        to.print(f"{seen.hidden} records wait for a newer release")
    for each in wrong:
        to.print(f"[bold red]wrong[/bold red] {escape(each)}")
    if not wrong:
        to.print("[green]nothing is wrong[/green]")


def _received(seen: Overview, directory: Directory) -> Table:
    heads = ("log", "来源 · 渠道", "state", "applied", "known", "complete up to", "trouble", "NAKs", "wrong", "dead")
    made = _table("接收 received", heads, figures=("applied", "known", "NAKs", "wrong", "dead"))
    for log in seen.received:
        made.add_row(
            *map(escape, _log_cells(log, directory)), style="" if log.is_whole or not log.is_followed else "red"
        )
    return made


def _log_cells(log: LogStatus, directory: Directory) -> tuple[str, ...]:
    name = f"{committee_name(log.owner, directory)} · {channel_name(log.channel, directory)}"
    return (
        log_of(log.owner, log.channel), name, log.state.value.lower(), str(log.applied_seq), str(log.head_seq),
        moment(log.as_of), log.trouble, str(log.naks), str(log.quarantined), str(log.dead_letters),
    )  # fmt: skip


def _told(seen: Overview, directory: Directory) -> Table:
    heads = ("channel", "渠道", "said", "at the hub", "hub seen", "confirmed", "not confirmed")
    made = _table("送达 delivered", heads, figures=("said", "at the hub", "confirmed"))
    for log in seen.told:
        made.add_row(*map(escape, _told_cells(log, directory)), style="" if log.is_whole else "yellow")
    return made


def _told_cells(log: ToldStatus, directory: Directory) -> tuple[str, ...]:
    late = [each for each in log.readers if each.behind]
    named = ", ".join(_late(each, directory) for each in late[:_NAMED])
    named += f" and {len(late) - _NAMED} more" if len(late) > _NAMED else ""
    hub = "?" if log.hub_seq is None else str(log.hub_seq)
    return (
        log.channel, channel_name(log.channel, directory), str(log.seq), hub, moment(log.hub_as_of),
        f"{log.confirmed}/{len(log.readers)}", named,
    )  # fmt: skip


def _late(reader: ReaderStatus, directory: Directory) -> str:
    until = f"as of {moment(reader.as_of)}" if reader.as_of else "never"
    return f"{committee_name(reader.committee_id, directory)} -{reader.behind} ({until})"


def moment(value: dt.datetime | None) -> str:
    """To the second, Asia/Shanghai."""
    return "never" if value is None else f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _table(title: str, heads: Sequence[str], figures: Sequence[str]) -> Table:
    made = Table(title=title, title_justify="left")
    for head in heads:
        made.add_column(head, justify="right" if head in figures else "left", overflow="fold")
    return made
