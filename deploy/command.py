"""`liandong`: hands each word to the part that knows it."""

from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from deploy.demo.command import app as demo
from gateway.cli import app as gateway
from sync.hub.cli import app as hub
from tenant_service.cli import app as tenant
from tenant_service.sync_cli import app as sync

app = typer.Typer(
    help="联动：把各级政协连成一张网。 Liandong joins committees that each keep their own data.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
schema = typer.Typer(help="联合模式。 The joint GraphQL schema that all clients see.", no_args_is_help=True)
app.add_typer(demo, name="demo")
app.add_typer(tenant, name="tenant")
app.add_typer(sync, name="sync")
app.add_typer(gateway, name="gateway")
app.add_typer(hub, name="hub")
app.add_typer(schema, name="schema")

SCHEMA = Path(__file__).resolve().parent.parent / "schema.graphql"


@schema.callback()
def about_schema() -> None:
    """So that `compose` keeps its name while it is the only command."""


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
def show() -> None:
    """Print the joint schema of this installation."""
    shipped = resources.files("gateway").joinpath("schema.graphql")
    typer.echo(shipped.read_text(encoding="utf-8") if shipped.is_file() else SCHEMA.read_text(encoding="utf-8"))
