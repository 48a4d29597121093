"""`liandong tenant`: one committee's service, for its one IT person."""

import logging
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tenant_service import account_cli, audit_cli, bodies_cli, client_cli, link_cli
from tenant_service.commands_cli import DEFAULT, Config, beside, settings_of, stopped

app = typer.Typer(help="本会服务：一家政协自己的服务和数据库。 One committee's own service.", no_args_is_help=True)
app.command()(account_cli.init)
app.add_typer(account_cli.app, name="account")
app.add_typer(audit_cli.app, name="audit")
app.add_typer(bodies_cli.app, name="bodies")
app.add_typer(client_cli.app, name="client")
app.add_typer(link_cli.app, name="link")


@app.command()
def serve(config: Config = DEFAULT) -> None:
    """Serve pages and GraphQL, and exchange with the hub, until SIGTERM or Ctrl-C."""
    from sync.contract.jose import Untrusted
    from tenant_service import app as application
    from tenant_service.identity.keys import KeyTrouble

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        application.serve(settings_of(config))
    except application.Ended:
        raise stopped("it ended by itself; the log says why") from None
    except Untrusted as error:
        raise stopped(f"a key or the directory is not what it should be: {error}") from None
    except (OSError, KeyTrouble) as error:
        raise stopped(error) from None


@app.command()
def migrate(config: Config = DEFAULT) -> None:
    """Bring the database up to this release; `serve` does the same when it starts."""
    from tenant_service.storage import migrate as storage
    from tenant_service.storage.engine import open_engine

    engine = open_engine(settings_of(config).database)
    before = storage.is_current(engine)
    storage.migrate(engine)
    engine.dispose()
    typer.echo("the database was current" if before else "the database is current now")


@app.command()
def particulars(
    invite: Annotated[Path | None, typer.Option(help="The invite that is to be answered.")] = None,
    config: Config = DEFAULT,
) -> None:
    """Print what this machine knows of the committee: public keys, and where its users sign in. No secret is in it; it
    goes to where the root key lies, for `liandong descriptor`. With an invite it proves that the keys are held here.
    """
    import msgspec

    from sync.contract.errors import Refusal
    from sync.contract.trust.admission import read_invite
    from sync.registrar import candidate
    from tenant_service.identity import keys

    settings = settings_of(config)
    try:
        own = keys.keys_in(settings.keys)
        asked = read_invite(invite.read_text(encoding="utf-8").strip()) if invite else None
    except Refusal as refusal:
        raise stopped(refusal.message) from None
    except (OSError, keys.KeyTrouble) as error:
        raise stopped(error) from None
    url = f"{settings.public_url.rstrip('/')}/gateway-sign-in"
    told = candidate.Particulars(id=settings.committee, keys=own.public(), login_url=url)
    made = candidate.particulars(told, asked, own.all())
    typer.echo(msgspec.json.format(msgspec.json.encode(made)).decode())


@app.command()
def retention(
    config: Config = DEFAULT, *,
    apply: Annotated[bool, typer.Option("--apply", help="Drop what is over, as the service does daily.")] = False,
) -> None:  # fmt: skip
    """Say what personal data is kept how long and how much of it is over; changes nothing without --apply.

    Who people were that left (`left_person_years`) is erased by the running service alone: others may have been told.
    """
    from sync.contract.instants import SHANGHAI
    from tenant_service.personal_data import retention as rules

    settings = settings_of(config)
    with beside(settings) as units:
        with units.read() as unit:
            found = rules.standings(rules.rules_of(settings), unit.session, unit.now)
        for each in found:
            rule, due = each.rule, each.due
            typer.echo(f"{due:>8}  {rule.of.what}, kept {rule.kept} ({rule.of.setting})")
            if each.ran_at:
                ran, then = (f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" for moment in (each.ran_at, each.next_at))
                typer.echo(f"          last run {ran} dropped {each.removed}; the next, {then}, drops {each.due_next}")
            dropped = 0
            while apply and due and rule.of.setting != "left_person_years":
                with units.write() as unit:
                    some = rule.drop(unit)
                dropped += some
                if not some:
                    with units.write() as unit:
                        rules.note_run(unit, rule, dropped)
                    typer.echo(f"          {dropped} dropped")
                    break


class _Use(StrEnum):
    """Keys that can be replaced while others still know the one before."""

    EVENT = "event"
    ENC = "enc"
    TOKEN = "token"  # noqa: S105 — the name of a use
    CODE = "code"


@app.command(name="replace-key")
def replace_key(
    use: Annotated[
        _Use,
        typer.Argument(help="event: signs what is shared. enc: opens what is sealed to us. token, code: sign those."),
    ],
    config: Config = DEFAULT,
) -> None:
    """Make a new key, and print the public halves of all.

    They go into the next descriptor (`liandong tenant particulars`, then `liandong descriptor renew`).

    The service takes it up when it is started anew, and signs with it as soon as the directory shows it, until then
    with the one before. No moment is lost between, and nothing that was signed or sealed before loses its worth.
    """
    import msgspec

    from tenant_service.identity import keys

    try:
        made = keys.replace_key(settings_of(config).keys, use.value)
    except (OSError, keys.KeyTrouble) as error:
        raise stopped(error) from None
    typer.echo(msgspec.json.format(msgspec.json.encode(made.public())).decode())
