"""`liandong tenant client`: the applications that people sign in to through this committee.

It works on the committee's database beside the running service; what is done here counts at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenant_service.commands_cli import DEFAULT, Config, at_machine, beside, settings_of, stopped

if TYPE_CHECKING:
    from tenant_service.settings import Settings
    from tenant_service.storage.unit_of_work import Unit

app = typer.Typer(help="经本会登录的应用。 Applications that sign people in here.", no_args_is_help=True)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What its users are told it is called.")],
    redirect: Annotated[list[str], typer.Option(help="Address it is sent back to, exactly; may be said again.")],
    scope: Annotated[list[str] | None, typer.Option(help="What it may ask for; may be said again.")] = None,
    key: Annotated[Path | None, typer.Option(help="Its public key (JWK or JWK set), if it has one.")] = None,
    config: Config = DEFAULT, *,
    own: Annotated[bool, typer.Option("--own", help="The committee's own: nobody is asked for consent.")] = False,
) -> None:  # fmt: skip
    """Register an application and print its client_id. It gets no secret: it proves by its key who it is.

    Scopes are openid, profile, roles, api, offline_access; without any, openid and profile.
    """
    from tenant_service.identity import clients
    from tenant_service.identity.clients import Access, Draft

    wanted = scope or [Access.OPENID.value, Access.PROFILE.value]
    if unknown := [each for each in wanted if Access.known(each) is None]:
        raise stopped(f"no scope {unknown[0]}; there are {', '.join(each.value for each in Access)}", "client")
    try:
        keys = key.read_text(encoding="utf-8") if key else None
    except (OSError, UnicodeDecodeError) as error:
        raise stopped(error, "client") from None
    with writing(config) as (unit, _):
        draft = Draft(name, tuple(redirect), tuple(each for each in Access if each.value in wanted), keys, own)
        made = clients.register(unit, at_machine(unit.committee), draft)
    typer.echo(made.id)


@app.command(name="list")
def list_(config: Config = DEFAULT) -> None:
    """Print every application: its client_id, name, what it may ask for, how it proves who it is, where it goes."""
    from tenant_service.identity import clients

    with writing(config) as (unit, _):
        found = clients.listed(unit, at_machine(unit.committee))
    for each in found:
        marks = ["own" if each.is_own else "foreign", f"{len(each.keys)} keys" if each.keys else "no key"]
        typer.echo(f"{each.id}  {each.name}  {' '.join(each.scopes)}  {', '.join(marks)}  {' '.join(each.redirects)}")


@app.command()
def remove(id: Annotated[str, typer.Argument(help="Its client_id.")], config: Config = DEFAULT) -> None:
    """Take an application off the list; all that it holds of anybody is void at once."""
    from tenant_service.identity import clients

    with writing(config) as (unit, _):
        clients.remove(unit, at_machine(unit.committee), id)
    typer.echo("removed")


@contextmanager
def writing(config: Path, word: str = "client") -> Iterator[tuple["Unit", "Settings"]]:
    """One transaction of the committee's database; a refusal is told in the name of `word`, and ends the command."""
    from sync.contract.errors import Refusal

    settings = settings_of(config, word)
    try:
        with beside(settings) as units, units.write() as unit:
            yield unit, settings
    except Refusal as refusal:
        raise stopped(f"{refusal.zh} {refusal.en} ({refusal.code})", word) from None
