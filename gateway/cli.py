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


@app.command()
def particulars(
    url: Annotated[str | None, typer.Option(help="Where people reach this gateway: https://…, without a path.")] = None,
    invite: Annotated[Path | None, typer.Option(help="The invite that is to be answered.")] = None,
    config: Config = _DEFAULT,
) -> None:
    """Print what this machine knows of the gateway: its public key, and where users come back to after signing in at
    home. No secret is in it; it goes to where the root key lies, for `liandong descriptor`.
    """
    import msgspec

    from gateway.settings import PREFIX, read
    from sync.contract import jose
    from sync.contract.errors import Refusal
    from sync.contract.trust.admission import read_invite
    from sync.edge.configured import BadSetting, usual
    from sync.edge.key_files import KeyTrouble, key_in
    from sync.registrar import candidate

    try:
        settings = read(usual(config, _DEFAULT, os.environ, PREFIX), os.environ)
        key = key_in(settings.key)
        asked = read_invite(invite.read_text(encoding="utf-8").strip()) if invite else None
    except Refusal as refusal:
        raise _stopped(refusal.message) from None
    except (BadSetting, OSError, KeyTrouble) as error:
        raise _stopped(error) from None
    told = candidate.Particulars(
        id=settings.id, kind="gateway", keys={"request": [jose.public(key)]},
        login_url=f"{url.rstrip('/')}/signed-in" if url else None,
    )  # fmt: skip
    print(msgspec.json.format(msgspec.json.encode(candidate.particulars(told, asked, [key]))).decode())


def _stopped(why: object) -> typer.Exit:
    print(f"liandong gateway: {why}", file=sys.stderr)
    return typer.Exit(1)
