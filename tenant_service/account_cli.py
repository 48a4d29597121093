"""`liandong tenant init` and `liandong tenant account`: who may sign in here and as what, beside the running service.

Who keeps the machine opens and closes accounts, as the system administrator does on the page. Roles are the security
administrator's: that one types the own password here, and the audit log has that one's account.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenant_service import audit_cli
from tenant_service.client_cli import writing
from tenant_service.commands_cli import DEFAULT, Config, at_machine, login, stopped

if TYPE_CHECKING:
    from tenant_service.identity.accounts import Account
    from tenant_service.identity.actor import Actor
    from tenant_service.identity.policy import Role
    from tenant_service.storage.unit_of_work import Unit

app = typer.Typer(help="账号与角色。 Accounts and roles.", no_args_is_help=True)

Username = Annotated[str, typer.Argument(help="User name of the account.")]
Reason = Annotated[str, typer.Option(prompt="事由 reason", help="Why, at least 4 characters; the audit log notes it.")]
FirstPassword = Annotated[
    str, typer.Option(prompt="首次密码 first password", hide_input=True, help="It has to be changed at first sign-in.")
]
By = Annotated[str, typer.Option("--by", prompt="安全管理员 security administrator", help="Who does it.")]
OwnPassword = Annotated[str, typer.Option(prompt="密码 password", hide_input=True, help="Of who does it.")]
_WORD = "account"
_NO_THIRD = "初始设置，委托上级审计"


def init(
    system: Annotated[str, typer.Option(prompt="系统管理员 system administrator", help="User, name: zhou=周一.")],
    security: Annotated[str, typer.Option(prompt="安全管理员 security administrator", help="The same of another.")],
    audit: Annotated[
        str, typer.Option(prompt="审计管理员 audit administrator（留给上级则回车 empty: the parent's)",
                          help="The same of a third; empty: the parent's audit administrators, by --parent.")
    ] = "",
    parent: Annotated[str, typer.Option(help="Id of the parent that the audit is left to, instead of --audit.")] = "",
    config: Config = DEFAULT,
) -> None:  # fmt: skip
    """Bring the database up to this release and open the accounts of the three administrators (三员).

    Three people, three names: nobody may be two of them. A first password is made for each and printed once; it has to
    be changed at first sign-in. A county that has no third person leaves the audit to its parent, by a consent that
    its security administrator withdraws at any time; in a script say --audit "" for it, or a name is asked for.
    """
    if not audit and not parent:
        parent = typer.prompt("上级政协编号 id of the parent")
    _migrated(config)
    named = {"system_admin": system, "security_admin": security} | ({"audit_admin": audit} if audit else {})
    for username, role, first in _founded(config, named, "" if audit else parent):
        typer.echo(f"{role}  {username}  {first}")


@app.command(name="list")
def list_(config: Config = DEFAULT) -> None:
    """Print every account: user name, roles, for which body, how it stands, signed in last when, locked until when."""
    from tenant_service.administration import queries
    from tenant_service.members import queries as members

    with writing(config, _WORD) as (unit, _):
        found = queries.listed(unit, at_machine(unit.committee), queries.Wanted())
        bodies = members.bodies_named(unit.session, {each.account.body for each in found if each.account.body})
    for each in found:
        last, until = each.account.signed_in_at, each.locked_until
        seen = f"signed in {last:%Y-%m-%dT%H:%MZ}" if last else "never signed in"
        locked = f"  locked until {until:%Y-%m-%dT%H:%MZ}" if until else ""
        roles = ",".join(sorted(role.value for role in each.account.roles)) or "-"
        body = bodies.get(each.account.body or "", each.account.body or "-")
        typer.echo(f"{each.account.username}  {roles}  {body}  {each.state.value}  {seen}{locked}")


@app.command()
def add(
    username: Username,
    name: Annotated[str, typer.Argument(help="Whose it is.")],
    reason: Reason, password: FirstPassword,
    person: Annotated[str, typer.Option(help="Id of the person on the list whose it is.")] = "",
    body: Annotated[str, typer.Option(help="Id or name of the body on the list that its holder works for.")] = "",
    config: Config = DEFAULT,
) -> None:  # fmt: skip
    """Open an account; it may do nothing until the security administrator gives it roles."""
    from tenant_service.administration import service
    from tenant_service.identity import accounts, passwords, rules

    with writing(config, _WORD) as (unit, _):
        hashed = passwords.hashed(rules.password(password, rules.folded(username)))
        works_for = service.body_named(unit, body) if body else None
        draft = accounts.Draft(username, name, frozenset(), person or None, works_for)
        service.open_account(unit, at_machine(unit.committee), draft, hashed, reason)
    typer.echo("opened")


@app.command()
def close(username: Username, reason: Reason, config: Config = DEFAULT) -> None:
    """Close an account: it is signed out everywhere, and signs in no more."""
    from tenant_service.identity import accounts

    with writing(config, _WORD) as (unit, _):
        accounts.close(unit, at_machine(unit.committee), _called(unit, username).id, reason)
    typer.echo("closed")


@app.command()
def password(username: Username, reason: Reason, password: FirstPassword, config: Config = DEFAULT) -> None:
    """Set a first password, for somebody who forgot the own one."""
    from tenant_service.identity import accounts, passwords, rules

    with writing(config, _WORD) as (unit, _):
        hashed = passwords.hashed(rules.password(password, rules.folded(username)))
        accounts.set_password(unit, at_machine(unit.committee), _called(unit, username).id, hashed, reason)
    typer.echo("set")


@app.command()
def roles(
    username: Username, reason: Reason,
    by: By,
    own_password: OwnPassword,
    give: Annotated[list[str] | None, typer.Option(help="Code of a role that is given; may be said again.")] = None,
    withdraw: Annotated[list[str] | None, typer.Option(help="Of a role that is withdrawn; may be said again.")] = None,
    config: Config = DEFAULT,
) -> None:  # fmt: skip
    """Give and withdraw roles, as the security administrator who types the own password."""
    from tenant_service.administration import service

    given, withdrawn = _known(give or []), _known(withdraw or [])
    actor = _signed_in(config, by, own_password)
    with writing(config, _WORD) as (unit, _):
        account = _called(unit, username)
        made = service.give_roles(unit, actor, account.id, (account.roles | given) - withdrawn, reason)
    typer.echo(",".join(sorted(role.value for role in made.roles)) or "-")


@app.command()
def body(
    username: Username, reason: Reason,
    by: By,
    own_password: OwnPassword,
    give: Annotated[str, typer.Option(help="Id or name of the body on the list; without it: for none.")] = "",
    config: Config = DEFAULT,
) -> None:  # fmt: skip
    """Say for which body of the list the holder of an account works, as the security administrator."""
    from tenant_service.administration import service

    actor = _signed_in(config, by, own_password)
    with writing(config, _WORD) as (unit, _):
        works_for = service.body_named(unit, give) if give else None
        made = service.give_body(unit, actor, _called(unit, username).id, works_for, reason)
    typer.echo(made.body or "-")


@audit_cli.app.command(name="leave")
def leave_audit(
    parent: Annotated[str, typer.Argument(help="Id of the parent.")], reason: Reason, by: By, own_password: OwnPassword,
    config: Config = DEFAULT,
) -> None:  # fmt: skip
    """Let the parent's audit administrators read and verify our audit log, as the security administrator."""
    from tenant_service.identity.audit_log import consents as audit_consents

    actor = _signed_in(config, by, own_password)
    with writing(config, "audit") as (unit, _):
        audit_consents.give(unit, actor, parent, reason)
    typer.echo("left to the parent; it is told within a minute while the service runs")


@audit_cli.app.command(name="withdraw")
def withdraw_audit(reason: Reason, by: By, own_password: OwnPassword, config: Config = DEFAULT) -> None:
    """Let nobody of the parent read our audit log any more, at once, as the security administrator."""
    from tenant_service.identity.audit_log import consents as audit_consents

    actor = _signed_in(config, by, own_password)
    with writing(config, "audit") as (unit, _):
        audit_consents.withdraw(unit, actor, reason)
    typer.echo("withdrawn")


# ── parts ──


def _migrated(config: Path) -> None:
    from tenant_service.commands_cli import settings_of
    from tenant_service.storage import migrate
    from tenant_service.storage.engine import open_engine

    engine = open_engine(settings_of(config, "init").database)
    migrate.migrate(engine)
    engine.dispose()


def _founded(config: Path, named: dict[str, str], parent: str) -> list[tuple[str, str, str]]:
    """User name, role and first password of each of the three, or two. Raises: typer.Exit."""
    import secrets

    from tenant_service.identity import accounts, passwords
    from tenant_service.identity.accounts import Draft
    from tenant_service.identity.audit_log import consents as audit_consents

    found = []
    with writing(config, "init") as (unit, settings):
        if accounts.everybody(unit.session):
            raise stopped("there are accounts already; the security administrator gives roles", "init")
        for code, told in named.items():
            username, _, name = told.partition("=")
            first, role = secrets.token_urlsafe(12), _role(code)
            draft = Draft(username, name or username, frozenset({role}))
            accounts.create(unit, accounts.founder(unit.committee, login()), draft, passwords.hashed(first))
            found.append((username, code, first))
        if parent:
            founder, is_listed = accounts.founder(unit.committee, login()), settings.directory.exists()
            audit_consents.give(unit, founder, parent, _NO_THIRD, is_listed=is_listed)
    return found


def _signed_in(config: Path, username: str, typed: str) -> "Actor":
    """Who this is, by name and password, as on the page: failures count, and lock. Raises: typer.Exit."""
    import asyncio

    from sync.contract.errors import Refusal
    from tenant_service.commands_cli import beside, settings_of
    from tenant_service.identity.sessions import Lifetimes
    from tenant_service.identity.sign_in import SignIn
    from tenant_service.storage.engine import Domain

    settings = settings_of(config, _WORD)
    with beside(settings) as units:
        domain = Domain(units.engine)
        try:
            return asyncio.run(SignIn(domain, units, Lifetimes()).account(username, typed)).actor(settings.committee)
        except Refusal as refusal:
            raise stopped(f"{refusal.zh} {refusal.en} ({refusal.code})", _WORD) from None
        finally:
            domain.close()


def _called(unit: "Unit", username: str) -> "Account":
    """Raises: Refusal NOT_FOUND."""
    from sync.contract.errors import Code, Refusal
    from tenant_service.identity import accounts, rules

    account = accounts.by_username(unit, rules.folded(username)).account
    if account is None:
        raise Refusal(Code.NOT_FOUND)
    return account


def _known(codes: list[str]) -> "frozenset[Role]":
    from tenant_service.identity.policy import Role

    if unknown := [code for code in codes if Role.known(code) is None]:
        raise stopped(f"no role {unknown[0]}; there are {', '.join(role.value for role in Role)}", _WORD)
    return frozenset(map(_role, codes))


def _role(code: str) -> "Role":
    from tenant_service.identity.policy import Role

    return next(role for role in Role if role.value == code)
