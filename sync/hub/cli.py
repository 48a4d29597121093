"""`liandong hub`: the federation's relay, for whoever runs it."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from sync.hub.settings import Settings

app = typer.Typer(help="枢纽：联动各方之间的转发服务。 The hub that relays between committees.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", "-c", help="TOML file with the hub's settings.")]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]
Verify = Annotated[bool, typer.Option("--verify", help="Only say whether the file is as it was written.")]
_DEFAULT = Path("hub.toml")
_SERVERS = 3
_CHANGES = 2
"""Exit code of a plan that is not empty."""

T = TypeVar("T")


@app.command()
def serve(config: Config = _DEFAULT) -> None:
    """Run the server and keep it as the directory says, until SIGTERM or Ctrl-C."""
    from sync.hub import service

    settings = _settings(config)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")

    async def run() -> None:
        ended = asyncio.Event()
        for each in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(each, ended.set)
        await service.serve(settings, ended)

    _run(run())


@app.command()
def plan(config: Config = _DEFAULT, *, json: Json = False) -> None:
    """Print what would be changed at the running hub, and change nothing.

    Ends with 0 when there is nothing to change and with 2 when there is.
    """
    from sync.hub import service
    from sync.hub.differences import differences, text

    settings = _settings(config)

    async def run() -> int:
        async with service.looking(settings) as controller:
            acts, found = await controller.compared()
        told = differences(acts, found)
        print(_json(told) if json else text(told))
        return _CHANGES if told else 0

    if code := _run(run()):
        raise typer.Exit(code)


@app.command()
def status(config: Config = _DEFAULT, *, json: Json = False) -> None:
    """Print what the running hub holds, who is there, who has not fetched how much, and what was tried and refused."""
    from sync.hub import service

    settings = _settings(config)

    async def run() -> None:
        told = await service.status(settings)
        print(_json(told) if json else told.text())

    _run(run())


@app.command()
def audit(config: Config = _DEFAULT, *, verify: Verify = False, json: Json = False) -> None:
    """Print the hub's audit file, oldest first: who tried what was not theirs, when, and how often.

    With `--verify` only whether it is as it was written, with the number and the hash of its last line.
    """
    from sync.hub.audit import Broken, lines
    from sync.hub.service import place_of

    last = None
    try:
        for last in lines(place_of(_settings(config)).audit):
            if not verify:
                print(_json(last) if json else last.text())
    except Broken as error:
        raise _stopped(f"the audit file is not what was written: {error}") from None
    if verify:
        print(f"whole, up to line {last.n}: {last.hash}" if last else "whole, and empty")


@app.command()
def cluster(
    servers: Annotated[
        list[str], typer.Argument(help="Three of them: name=address, as the others and clients reach it.")
    ],
    into: Annotated[Path, typer.Option(help="Folder in which each server gets one of its own.")] = Path("cluster"),
    config: Config = _DEFAULT,
) -> None:
    """Prepare the places of a cluster of three: for each a folder with its settings and this hub's keys, to be carried
    there. Changes nothing here.
    """
    from sync.hub.cluster import prepare
    from sync.hub.service import place_of

    settings = _settings(config)
    hosts = dict(each.split("=", 1) for each in servers if "=" in each)
    if len(hosts) != _SERVERS or len(servers) != _SERVERS:
        raise _stopped("three servers, each as name=address")
    for file in prepare(into, hosts, place_of(settings).keys(), settings.port):
        print(file)


def _json(told: object) -> str:
    import msgspec

    return msgspec.json.encode(told).decode()


def _settings(config: Path) -> "Settings":
    from sync.edge.configured import BadSetting, configured, usual
    from sync.hub.settings import PREFIX, Settings

    try:
        return configured(Settings, usual(config, _DEFAULT, os.environ, PREFIX), os.environ, PREFIX)
    except BadSetting as error:
        raise _stopped(error) from None


def _run(work: Coroutine[None, None, T]) -> T:
    from nats.errors import Error as NatsError

    from sync.contract.jose import Untrusted
    from sync.hub.server import ServerFailed

    try:
        return asyncio.run(work)
    except Untrusted as error:
        raise _stopped(f"the directory is not to be trusted: {error}") from None
    except (OSError, ServerFailed, TimeoutError, NatsError) as error:
        raise _stopped(error) from None


def _stopped(why: object) -> typer.Exit:
    print(f"liandong hub: {str(why) or 'the hub does not answer'}", file=sys.stderr)
    return typer.Exit(1)
