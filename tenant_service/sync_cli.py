"""`liandong sync`: whether everything has come and arrived, for the committee's one IT person.

It works on the committee's database beside the running service, and without it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sync.bus.trust import Trust
    from tenant_service.exchange.copies import Place
    from tenant_service.exchange.watching.dead_letters import Letter
    from tenant_service.exchange.watching.tailing import Line
    from tenant_service.settings import Settings
    from tenant_service.storage.unit_of_work import Units

app = typer.Typer(help="交换：收齐没有、送达没有。 What was received and what has arrived.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", "-c", help="TOML file with the committee's settings.")]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]
_DEFAULT = Path("tenant.toml")
_LOOK_EVERY = 1.0
_AT_ONCE = 500


@app.command()
def status(
    config: Config = _DEFAULT, *, json: Json = False,
    check: Annotated[bool, typer.Option("--check", help="End with 1 if somebody should do something.")] = False,
) -> None:  # fmt: skip
    """Print how far each log was received and has arrived, dead letters, open alarms, and what is wrong."""
    import msgspec

    from tenant_service.exchange_status import queries, terminal

    with _opened(config) as at, at.units.read() as unit:
        seen = queries.overview(unit.session, unit.now, unit.committee, at.trust.directory)
        wrong = queries.wrong(seen)
    if json:
        print(msgspec.json.encode({**vars(seen), "wrong": wrong}).decode())
    else:
        terminal.show(seen, wrong, at.trust.directory)
    if check and wrong:
        raise typer.Exit(1)


@app.command()
def verify(config: Config = _DEFAULT, *, json: Json = False) -> None:
    """Recompute every chain, check every signature and that each copy's bytes are here; end with 1 at a break."""
    import msgspec

    from tenant_service.exchange.watching.self_check import verified

    with _opened(config) as at, at.units.read() as unit:
        found = verified(unit.session, at.trust)
    if json:
        print(msgspec.json.encode(found).decode())
    else:
        told = (
            f"{found.own_events} own events, {found.received_events} received, {found.proofs} signatures, "
            f"{found.copies} copies" + (f", {found.erased} erased" if found.erased else "")
        )
        print(
            told + (f"; {found.unknown} signed with keys that the directory no longer shows" if found.unknown else "")
        )
        for each in found.breaks:
            print(f"broken: {each}")
    if found.breaks:
        raise _stopped(f"{len(found.breaks)} breaks; the first: {found.breaks[0]}")
    if not json:
        print("everything holds together")


@app.command()
def tail(
    log: Annotated[str, typer.Argument(help="OWNER/CHANNEL, ours or one that is followed; all by default.")] = "",
    config: Config = _DEFAULT, *, json: Json = False,
    count: Annotated[int, typer.Option("--count", "-n", help="Events of each log.", min=1, max=10_000)] = 10,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes, until Ctrl-C.")] = False,
) -> None:  # fmt: skip
    """Print the last events of a log, one line each: place, op, record, version, time, size. Bodies stay closed."""
    from tenant_service.exchange.watching import tailing

    with _opened(config) as at:
        with at.units.read() as unit:
            logs = tailing.known(unit.session, unit.committee)
            if log and log not in logs:
                raise _stopped(f"no log {log} here; there are: {' '.join(logs) or 'none'}")
            lines = {each: tailing.last(unit.session, unit.committee, each, count) for each in ([log] if log else logs)}
        for each in lines.values():
            _print_lines(each, json=json)
        pause = Event()  # never set: this process does nothing else, and Ctrl-C ends it
        while follow:
            pause.wait(_LOOK_EVERY)
            for name, known in lines.items():
                more = _after(at.units, name, known)
                _print_lines(more, json=json)
                lines[name] = more[-1:] or known


@app.command()
def replay(
    config: Config = _DEFAULT, *, json: Json = False,
    log: Annotated[list[str] | None, typer.Option("--log", help="Only what this log says; may be repeated.")] = None,
    dead_letter: Annotated[
        list[str] | None, typer.Option("--dead-letter", help="Only this one, OWNER/CHANNEL@EPOCH/SEQ; may be repeated.")
    ] = None,
) -> None:  # fmt: skip
    """Try again to show what could not be; safe while the service runs. Ends with 1 if something fails again."""
    import msgspec

    from tenant_service.commands_cli import at_machine
    from tenant_service.exchange.projecting import Projector
    from tenant_service.exchange.watching import replaying
    from tenant_service.exchange_status import service
    from tenant_service.rooms import projections

    shown, failed, waiting, after = list[str](), list[str](), list[str](), ""
    with _opened(config, keys=True) as at:
        projector = Projector(at.trust, projections(lambda: at.trust.directory))
        places = [_place(each) for each in dead_letter or []]
        with at.units.write() as unit:
            service.note_replay(unit, at_machine(unit.committee), log or [], places)
        while True:
            with at.units.write() as unit:
                came = replaying.replay(unit, projector, after=after, logs=log or [], places=places)
            shown += came.shown
            waiting += came.waiting
            failed += map(_letter, came.failed)
            if not (after := came.after):
                break
    if json:
        print(msgspec.json.encode({"shown": shown, "failed": failed, "waiting": waiting}).decode())
    else:
        for each in failed:
            print(f"failed again: {each}")
        print(f"{len(shown)} shown, {len(failed)} failed again, {len(waiting)} wait for a newer release")
    if failed:
        raise typer.Exit(1)


# ── parts ──


@dataclass(frozen=True)
class _Opened:
    """The committee's database and what it knows of the federation."""

    settings: "Settings"
    units: "Units"
    trust: "Trust"


@contextmanager
def _opened(config: Path, *, keys: bool = False) -> Iterator[_Opened]:
    """`keys`: sealed bodies will have to be opened."""
    from sqlalchemy.exc import SQLAlchemyError

    from sync.bus.directory_copy import DirectoryCopy
    from sync.bus.trust import Trust
    from sync.contract import jose
    from sync.edge.configured import usual
    from tenant_service.exchange.outbox import ExchangeOutbox
    from tenant_service.identity.keys import KeyTrouble, keys_in
    from tenant_service.settings import PREFIX, BadSetting, read
    from tenant_service.storage import migrate
    from tenant_service.storage.engine import open_engine
    from tenant_service.storage.unit_of_work import Units

    engine = None
    try:
        settings = read(usual(config, _DEFAULT, os.environ, PREFIX), os.environ)
        directory = DirectoryCopy(settings.directory, jose.read_key(settings.root.read_bytes())).read()
        if keys and not (settings.keys / "enc.jwk").exists():
            raise _stopped(f"{settings.keys} holds no keys of this committee")
        own = keys_in(settings.keys) if keys else None
        trust = Trust(
            settings.committee, directory, own.event if own else jose.new_key(), [own.enc] if own else []
        )  # fmt: skip
        engine = open_engine(settings.database)
        if not migrate.is_current(engine):
            raise _stopped("the database is of another release: run `liandong tenant migrate`, or start the service")
        yield _Opened(settings, Units(engine, settings.committee, ExchangeOutbox(trust)), trust)
    except jose.Untrusted as error:
        raise _stopped(f"a key or the directory is not what it should be: {error}") from None
    except (BadSetting, OSError, KeyTrouble, SQLAlchemyError) as error:
        raise _stopped(error) from None
    except KeyboardInterrupt:
        raise typer.Exit from None
    finally:
        if engine is not None:
            engine.dispose()


def _place(text: str) -> "Place":
    """`330110/c@000001-9f86d081/17`, as `replay` and `status --json` print it."""
    from tenant_service.exchange.copies import Place

    log, _, place = text.partition("@")
    epoch, _, seq = place.rpartition("/")
    if not (log and epoch and seq.isascii() and seq.isdecimal()):
        raise _stopped(f"{text}: not OWNER/CHANNEL@EPOCH/SEQ")
    return Place(log, epoch, int(seq))


def _letter(each: "Letter") -> str:
    return f"{each.place.log}@{each.place.epoch}/{each.place.seq} {each.record}: {each.error}"


def _after(units: "Units", log: str, known: "list[Line]") -> "list[Line]":
    from tenant_service.exchange.watching import tailing

    with units.read() as unit:
        if known:
            return tailing.since(unit.session, unit.committee, known[-1], _AT_ONCE)
        return tailing.last(unit.session, unit.committee, log, _AT_ONCE)


def _print_lines(lines: "list[Line]", *, json: bool) -> None:
    import msgspec

    for each in lines:
        if json:
            print(msgspec.json.encode(each).decode(), flush=True)
        else:
            version = f"v{each.version}" if each.version else ""
            told = f"{each.log} {each.epoch}/{each.seq} {each.op} {each.record} {version} {each.time} {each.size} B"
            print(" ".join(told.split()), flush=True)


def _stopped(why: object) -> typer.Exit:
    print(f"liandong sync: {why}", file=sys.stderr)
    return typer.Exit(1)
