"""`liandong`: hands each word to the part that knows it."""

from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from deploy.demo.command import app as demo
from gateway.cli import app as gateway
from sync.hub.cli import app as hub
from sync.registrar.candidate_cli import app as descriptor
from sync.registrar.cli import app as directory
from tenant_service.cli import app as tenant
from tenant_service.sync_cli import app as sync

app = typer.Typer(
    help="联动：把各级政协连成一张网。 Liandong joins committees that each keep their own data.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
schema = typer.Typer(help="模式。 The joint GraphQL schema, and the schemas of what travels.", no_args_is_help=True)
app.add_typer(demo, name="demo")
app.add_typer(tenant, name="tenant")
app.add_typer(sync, name="sync")
app.add_typer(gateway, name="gateway")
app.add_typer(hub, name="hub")
app.add_typer(directory, name="directory")
app.add_typer(descriptor, name="descriptor")
app.add_typer(schema, name="schema")

SCHEMA = Path(__file__).resolve().parent.parent / "schema.graphql"


@schema.command()
def compose(
    *, check: Annotated[bool, typer.Option("--check", help="Write nothing; end with 1 if it is not fresh.")] = False
) -> None:
    """Write schema.graphql from the committee's schema and what the gateway adds."""
    from gateway.schema import compose as composed
    from tenant_service.graphql import schema as tenant_schema

    made = composed(tenant_schema.as_str())
    if not check:
        SCHEMA.write_text(made, encoding="utf-8")
    elif not SCHEMA.exists() or SCHEMA.read_text(encoding="utf-8") != made:
        typer.echo("schema.graphql is not what the code says: run `make schema`, and read what changes", err=True)
        raise typer.Exit(1)


@schema.command()
def payloads(
    *,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; end with 1 if they are not fresh.")] = False,
    since: Annotated[str, typer.Option("--since", help="Tag of a release: what it promised must still hold.")] = "",
) -> None:
    """Write docs/schemas, the JSON Schemas of what committees send each other. A change that a committee with another
    release would misunderstand is refused unless its number was raised; then nothing is written.
    """
    from deploy.payloads import folder, released

    found = list(folder.differences())
    for payload, change in found:
        told = f"{payload.file}: {change}" if change.is_compatible else folder.refusal(payload, change)
        typer.echo(told, err=not change.is_compatible)
    if not all(change.is_compatible for _, change in found):
        raise typer.Exit(1)
    if not check:
        folder.write()
    elif old := folder.stale():
        typer.echo(f"not what the code says: {', '.join(old)}; run `make schema`, and read what changes", err=True)
        raise typer.Exit(1)
    try:
        broken = list(released.broken(released.promised(since, folder.FOLDER), folder.FOLDER)) if since else []
    except released.NoSuchState as error:
        broken = [str(error)]
    for each in broken:
        typer.echo(f"{since}: {each}", err=True)
    if broken:
        raise typer.Exit(1)


@schema.command()
def show() -> None:
    """Print the joint schema of this installation."""
    shipped = resources.files("gateway").joinpath("schema.graphql")
    typer.echo(shipped.read_text(encoding="utf-8") if shipped.is_file() else SCHEMA.read_text(encoding="utf-8"))
