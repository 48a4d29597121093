"""`liandong tenant client`: the applications that people sign in to through this committee.

It works on the committee's database beside the running service; what is done here counts at once.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tenant_service.settings import Settings
    from tenant_service.storage.unit_of_work import Unit

app = typer.Typer(help="经本会登录的应用。 Applications that sign people in here.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", "-c", help="TOML file with the committee's settings.")]
_DEFAULT = Path("tenant.toml")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What its users are told it is called.")],
    redirect: Annotated[list[str], typer.Option(help="Address it is sent back to, exactly; may be said again.")],
    scope: Annotated[list[str] | None, typer.Option(help="What it may ask for; may be said again.")] = None,
    key: Annotated[Path | None, typer.Option(help="Its public key (JWK or JWK set), if it has one.")] = None,
    config: Config = _DEFAULT, *,
    own: Annotated[bool, typer.Option("--own", help="The committee's own: nobody is asked for consent.")] = False,
) -> None:  # fmt: skip
    """Register an application and print its client_id. It gets no secret: it proves by its key who it is.

    Scopes are openid, profile, roles, api, offline_access; without any, openid and profile.
    """
    from tenant_service.identity import accounts, clients
    from tenant_service.identity.clients import Access, Draft

    wanted = scope or [Access.OPENID.value, Access.PROFILE.value]
    if unknown := [each for each in wanted if Access.known(each) is None]:
        raise stopped(f"no scope {unknown[0]}; there are {', '.join(each.value for each in Access)}")
    try:
        keys = key.read_text(encoding="utf-8") if key else None
    except (OSError, UnicodeDecodeError) as error:
        raise stopped(error) from None
    with writing(config) as (unit, _):
        draft = Draft(name, tuple(redirect), tuple(each for each in Access if each.value in wanted), keys, own)
        made = clients.register(unit, accounts.console(unit.committee), draft)
    typer.echo(made.id)


@app.command(name="list")
def list_(config: Config = _DEFAULT) -> None:
    """Print every application: its client_id, name, what it may ask for, how it proves who it is, where it goes."""
    from tenant_service.identity import accounts, clients

    with writing(config) as (unit, _):
        found = clients.listed(unit, accounts.console(unit.committee))
    for each in found:
        marks = ["own" if each.is_own else "foreign", f"{len(each.keys)} keys" if each.keys else "no key"]
        typer.echo(f"{each.id}  {each.name}  {' '.join(each.scopes)}  {', '.join(marks)}  {' '.join(each.redirects)}")


@app.command()
def remove(id: Annotated[str, typer.Argument(help="Its client_id.")], config: Config = _DEFAULT) -> None:
    """Take an application off the list; all that it holds of anybody is void at once."""
    from tenant_service.identity import accounts, clients

    with writing(config) as (unit, _):
        clients.remove(unit, accounts.console(unit.committee), id)
    typer.echo("removed")


@contextmanager
def writing(config: Path, word: str = "client") -> Iterator[tuple["Unit", "Settings"]]:
    """One transaction of the committee's database; a refusal is told in the name of `word`, and ends the command."""
    from sync.contract.errors import Refusal
    from sync.edge.configured import usual
    from tenant_service.settings import PREFIX, BadSetting, read
    from tenant_service.storage.engine import open_engine
    from tenant_service.storage.unit_of_work import Units

    try:
        settings = read(usual(config, _DEFAULT, os.environ, PREFIX), os.environ)
    except BadSetting as error:
        raise stopped(error, word) from None
    engine = open_engine(settings.database)
    try:
        with Units(engine, settings.committee, _NothingIsTold()).write() as unit:
            yield unit, settings
    except Refusal as refusal:
        raise stopped(f"{refusal.zh} {refusal.en} ({refusal.code})", word) from None
    finally:
        engine.dispose()


class _NothingIsTold:
    """Who signs in where is nobody else's affair."""

    def put_all(self, *_: object) -> None:
        raise AssertionError("this is told to no other committee")

    delete = put_all


def stopped(why: object, word: str = "client") -> typer.Exit:
    """The command ends, and says why."""
    print(f"liandong tenant {word}: {why}", file=sys.stderr)
    return typer.Exit(1)
