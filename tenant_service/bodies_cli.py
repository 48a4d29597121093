"""`liandong tenant bodies`: whoever the committee works with, as an account names them, beside the running service.

The list itself is the office's to keep, on its pages; who keeps the machine reads it to open accounts.
"""

import typer

from tenant_service.client_cli import writing
from tenant_service.commands_cli import DEFAULT, Config, at_machine

app = typer.Typer(help="单位名录。 Bodies that the committee works with.", no_args_is_help=True)
_AT_ONCE = 200


@app.command(name="list")
def list_(config: Config = DEFAULT) -> None:
    """Print every body that stands on the list: id, name, kind, whether it may assign, how many accounts it has."""
    from sync.contract.instants import day_of
    from tenant_service.identity import accounts
    from tenant_service.members import body_queries
    from tenant_service.members.rules import BodyState
    from tenant_service.web.exporting import whole

    wanted = body_queries.Wanted(state=BodyState.LISTED)
    with writing(config, "bodies") as (unit, _):
        actor, day, session = at_machine(unit.committee), day_of(unit.now), unit.session
        found = whole(lambda first, after: body_queries.listed(session, actor, wanted, day, first, after))
        rows, held = body_queries.rows(session, [each.id for each in found]), accounts.with_bodies(session)
        lines = [
            f"{each.id}  {each.name}  {each.kind.value}  {'assigns' if rows[each.id].coordinates else '-'}"
            f"  {held[each.id]} accounts"
            for each in found
        ]
    for line in lines:
        typer.echo(line)
