"""`liandong tenant link`: which account somebody is whom the external provider of the settings signs in.

It works on the committee's database beside the running service; what is done here counts at once.
"""

from typing import Annotated

import typer

from tenant_service.client_cli import writing
from tenant_service.commands_cli import DEFAULT, Config, at_machine, stopped

app = typer.Typer(help="外部登录与本会账号的关联。 Who of another provider is which account.", no_args_is_help=True)

Subject = Annotated[str, typer.Argument(help="Who it is there: the `sub` that the provider names.")]


@app.command()
def add(
    username: Annotated[str, typer.Argument(help="User name of the account here.")],
    subject: Subject,
    config: Config = DEFAULT,
) -> None:
    """Link somebody of the external provider to an account; the page that refuses them tells their subject."""
    from tenant_service.identity import links

    with writing(config, "link") as (unit, settings):
        if not settings.external_issuer:
            raise stopped("the settings name no external_issuer", "link")
        links.link(unit, at_machine(unit.committee), settings.external_issuer, subject, username)
    typer.echo("linked")


@app.command(name="list")
def list_(config: Config = DEFAULT) -> None:
    """Print every link: the provider, the subject there, and the account here."""
    from tenant_service.identity import links

    with writing(config, "link") as (unit, _):
        found = links.listed(unit, at_machine(unit.committee))
    for each, username in found:
        typer.echo(f"{each.issuer}  {each.subject}  {username or 'closed'}  {each.account}")


@app.command()
def remove(subject: Subject, config: Config = DEFAULT) -> None:
    """Take a link away; the account is signed out everywhere."""
    from tenant_service.identity import links

    with writing(config, "link") as (unit, settings):
        links.unlink(unit, at_machine(unit.committee), settings.external_issuer, subject)
    typer.echo("removed")
