"""`liandong gateway`: one question to many committees, for whoever runs it."""

import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="网关：一次提问，多家政协应答。 The gateway that asks many committees at once.", no_args_is_help=True
)

Config = Annotated[Path, typer.Option("--config", "-c", help="TOML file with the gateway's settings.")]
_DEFAULT = Path("gateway.toml")


@app.callback()
def gateway() -> None:
    """So that `serve` keeps its name while it is the only command."""


@app.command()
def serve(config: Config = _DEFAULT) -> None:
    """Answer requests until SIGTERM or Ctrl-C."""
    from gateway import service
    from gateway.settings import PREFIX, read
    from sync.contract.jose import Untrusted
    from sync.edge.configured import BadSetting, usual

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        settings = read(usual(config, _DEFAULT, os.environ, PREFIX), os.environ)
        asyncio.run(service.serve(settings))
    except BadSetting as error:
        raise _stopped(error) from None
    except Untrusted as error:
        raise _stopped(f"a key or the directory is not what it should be: {error}") from None
    except service.Ended:
        raise _stopped("the hub has ended the line") from None
    except OSError as error:
        raise _stopped(error) from None


def _stopped(why: object) -> typer.Exit:
    print(f"liandong gateway: {why}", file=sys.stderr)
    return typer.Exit(1)
