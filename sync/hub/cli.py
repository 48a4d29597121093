"""`liandong hub`: the federation's relay, for whoever runs it."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sync.hub.settings import Settings

app = typer.Typer(help="枢纽：联动各方之间的转发服务。 The hub that relays between committees.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", "-c", help="TOML file with the hub's settings.")]
_DEFAULT = Path("hub.toml")


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
def plan(config: Config = _DEFAULT) -> None:
    """Print what would be changed at the running hub, and change nothing."""
    from sync.hub import service

    settings = _settings(config)

    async def run() -> None:
        async with service.looking(settings) as controller:
            acts = await controller.plan()
        for act in acts:
            print(act)
        if not acts:
            print("the hub is as the directory says")

    _run(run())


@app.command()
def status(config: Config = _DEFAULT) -> None:
    """Print what the running hub holds, and who has not fetched how much of it."""
    from sync.hub import service

    settings = _settings(config)

    async def run() -> None:
        async with service.looking(settings) as controller:
            for told in await controller.status():
                print(f"{told.stream}: {told.messages} events")
                for consumer, pending in told.behind.items():
                    print(f"  {consumer}: {pending} to fetch")

    _run(run())


def _settings(config: Path) -> "Settings":
    from sync.edge.configured import BadSetting, configured
    from sync.hub.settings import PREFIX, Settings

    try:
        return configured(Settings, config if config.exists() or config != _DEFAULT else None, os.environ, PREFIX)
    except BadSetting as error:
        raise _stopped(error) from None


def _run(work: Coroutine[None, None, None]) -> None:
    from nats.errors import Error as NatsError

    from sync.contract.jose import Untrusted
    from sync.hub.server import ServerFailed

    try:
        asyncio.run(work)
    except Untrusted as error:
        raise _stopped(f"the directory is not the registrar's: {error}") from None
    except (OSError, ServerFailed, TimeoutError, NatsError) as error:
        raise _stopped(error) from None


def _stopped(why: object) -> typer.Exit:
    print(f"liandong hub: {str(why) or 'the hub does not answer'}", file=sys.stderr)
    return typer.Exit(1)
