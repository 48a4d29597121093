"""The pages of docs/ that say nothing but what the code already says; `make docs` writes them anew.

A page is written from the checkout it lies in. tests/architecture/test_reference.py proves each of them fresh.
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import typer.main

import sync.contract
from deploy.reference_foreigners import foreigners_table
from deploy.reference_settings import ROOT, Setting, settings_modules, tables_of
from deploy.reference_states import every_table
from sync.contract.errors import Code, Family
from sync.contract.kinds import Kind
from tenant_service.identity.policy import ALLOWED, BY_CONSENT, FOR_A_BODY, SIGNABLE, SIGNS_OWN, STAFF, Role, UseCase

DOCS = ROOT / "docs"

WHAT_TO_DO = {
    Family.MALFORMED: "Ask differently: the request contradicts itself or cannot be read.",
    Family.UNKNOWN_SELF: "Say who you are: sign in, or renew the token.",
    Family.FORBIDDEN: "This actor may not. Asking again does not help; somebody else may be allowed to.",
    Family.MISSING: "There is no such thing here, or none that this actor may know of.",
    Family.OUT_OF_TURN: "Understood and allowed, but not in the present state. Look again and decide anew.",
    Family.TOO_MUCH: "Ask for less at once, or later.",
    Family.AWAY: "The committee that owns it did not answer. Ask again later.",
}


ABOUT_REFUSALS = """\
A refusal is an expected answer: the request was understood as far as it goes, and nothing was changed or published.
Its code never changes its meaning. It is `extensions.code` in GraphQL, and the number of its family is the status in
HTTP. Words in braces are filled in. Whatever is not in this list is a fault of the program: it reaches a client as
`INTERNAL`, without any detail; a page and `application/problem+json` give a reference by which the operator finds it in
the log."""


def errors_page() -> str:
    """Every refusal under its family, in the order of sync/contract/errors.py."""
    parts = [
        "# Refusals",
        ABOUT_REFUSALS,
    ]
    for family in Family:
        parts += [f"## {family.value} {family.name}", WHAT_TO_DO[family]]
        parts += [f"### {code.value}\n\n- {code.zh}\n- {code.en}" for code in Code if code.family is family]
    return page(parts)


ABOUT_KINDS = """\
Every closed list that committees share, with the Chinese label a code has until a committee renames it. Codes never
change their meaning; a newer release may add some."""


def kinds_page() -> str:
    """Every closed list of the contract, by name, with a sentence about it, its codes and their labels."""
    parts = ["# Closed lists", ABOUT_KINDS]
    for kind in sorted(kinds_of(sync.contract), key=lambda each: each.__name__):
        rows = "\n".join(f"| `{each.value}` | {each.label} |" for each in kind)
        parts += [f"## {kind.__name__}", (kind.__doc__ or "").strip(), f"| code | 中文 |\n|---|---|\n{rows}"]
    return page(parts)


def kinds_of(package: ModuleType) -> Iterator[type[Kind]]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        for each in vars(importlib.import_module(found.name)).values():
            if isinstance(each, type) and issubclass(each, Kind) and each.__module__ == found.name and len(each):
                yield each


ABOUT_POLICY = """\
What each role of a committee may do there, beside reading what it is shown anyway. People of other committees have none
of these rights: they read what was shared with their committee, and act by requests of their own home. Of the three
administrators' roles (三员) nobody holds two."""

ABOUT_FOREIGNERS = """\
Denied unless it stands here, and never because of who somebody is: only their home's relation to this committee, which
the signed directory shows, and whether they belong to the office there. A record reaches them if it is shared on a
channel of the third column; of it they are told the fields of the circle in the fourth and of wider ones. Of the office
are: {office}; people of
bodies are shown what anybody is; everybody
else is in the row of members. A suspended committee's people are refused. Nobody from
elsewhere changes anything here, listens to changes, or is told drafts, phones, or fields of 本会 and 本人."""

ABOUT_CONSENT = """\
While a consent of this committee is in force that names its parent of today, and no longer than that, people of the
parent may also do here what stands below, in the role there that the table names; they look and change nothing. The
consent is the security administrator's to give and to withdraw."""


ABOUT_BODIES = """\
Whoever has an account here as {roles} and in no other role works for a body of the committee's list, which the
account names. They are shown what the public is shown, and what is that body's; of items, assignments and calls that
alone, for another body's are none of its business, open or not; and of what other committees handed over to that
body. The address book, lists, search and files of the committee's own work are shut to them. Who has another role as
well is shown what each of the roles is."""


ABOUT_SIGNING = """\
Nobody signs what they drafted themselves, nor reviews after what they did themselves (`OWN_DRAFT`), besides {own}:
there may be nobody above them in the office. Nor does anybody let what they worded go to more than it was signed for
(`NOT_SIGNED_OFF`), or a call of their own go out. What was objected to after it left is settled by whoever did it, by a
further act on the record or in words; in words by whoever reviews it as well, once the account that did it is closed.
Whoever has `GIVE_SIGNING` leaves signing to somebody of the office from one day to another (授权): one of these use
cases, or all. The grant is on record, ends with its last day or when it is revoked, and carries nothing beside them;
what is signed by it says in whose place."""


def policy_page() -> str:
    """The table of roles and use cases, one row per use case, and what people of other committees are told."""
    rows = [
        f"| `{use}` {use.label} | {'、'.join(f'{role.label}' for role in Role if role in ALLOWED[use])} |"
        for use in UseCase
    ]
    idle = {role for role in Role if not any(role in ALLOWED[use] for use in UseCase)}
    roles = "\n".join(f"- `{role}` {role.label}{': carries no right yet' * (role in idle)}" for role in Role)
    table = "\n".join(["| use case | roles |", "|---|---|", *rows])
    office = "、".join(role.label for role in Role if role in STAFF)
    of_bodies = " or ".join(role.label for role in Role if role in FOR_A_BODY)
    consent = [f"| `{use}` {use.label} | parent 上级 | {role.label} |" for use, role in BY_CONSENT.items()]
    left = "\n".join(["| use case | home's relation | role there |", "|---|---|---|", *consent])
    foreign = [ABOUT_FOREIGNERS.format(office=office), foreigners_table()]
    return page(
        ["# Who may do what", ABOUT_POLICY, "## Use cases", table, "## People of other committees", *foreign,
         "## People of bodies", ABOUT_BODIES.format(roles=of_bodies),
         "## Who signs", ABOUT_SIGNING.format(own="、".join(role.label for role in Role if role in SIGNS_OWN)),
         "\n".join(f"- `{use}` {use.label}" for use in SIGNABLE),
         "## By consent", ABOUT_CONSENT, left,
         "## Roles", roles]
    )  # fmt: skip


ABOUT_STATES = """\
Each table is the one that the program asks: an act that has no row for the present state is refused with `OUT_OF_TURN`,
and no page offers it. Who may do it is in [policy.md](policy.md)."""


def states_page() -> str:
    """Every table of steps, by the room whose rules it is among."""
    parts = ["# From state to state", ABOUT_STATES]
    for title, about, table in every_table():
        parts += [f"## {title}", *([about] if about else []), table]
    return page(parts)


ABOUT_COMMANDS = """\
Everything `liandong` understands. `liandong COMMAND --help` says the same in a terminal."""


def commands_page() -> str:
    """Every command with its arguments and options, in the order of `--help`."""
    command = importlib.import_module("deploy.command")
    parts = ["# Commands", ABOUT_COMMANDS]
    for name, each in commands_below("liandong", typer.main.get_command(command.app)):
        parts += [f"## {name}", (each.help or "").strip(), *_parameters(each)]
    return page(parts)


def commands_below(name: str, group: Any) -> Iterator[tuple[str, Any]]:
    """Full name and definition of every command that does something; of groups of commands only those that do
    something by their own name.
    """
    for word, each in getattr(group, "commands", {}).items():
        is_group = hasattr(each, "commands")
        if not each.hidden and (not is_group or each.invoke_without_command):
            yield f"{name} {word}", each
        if is_group:
            yield from commands_below(f"{name} {word}", each)


def _parameters(command: Any) -> Iterator[str]:
    rows = []
    for each in command.params:
        default = "" if each.default in (None, "", False) else f"`{each.default}`"
        name = each.name.upper() if each.param_type_name == "argument" else each.opts[0]
        rows.append(f"| `{name}` | {default} | {(each.help or '').strip()} |")
    if rows:
        yield "\n".join(["| | default | |", "|---|---|---|", *rows])


ABOUT_SETTINGS = """\
A setting stands in the configuration file (TOML) of its program; a variable of the environment wins over the file."""


def settings_page() -> str:
    """Every setting of every program, with its type, its default and what it does."""
    parts = ["# Settings", ABOUT_SETTINGS]
    for module in settings_modules():
        program = module.parent.relative_to(ROOT).as_posix()
        for table in tables_of(module.read_text(encoding="utf-8")):
            parts += [f"## {program}: {table.name}", table.text]
            for each in table.settings:
                parts += [f"### {each.name}", _facts(each, table.prefix), each.text]
    return page(parts)


def _facts(setting: Setting, prefix: str) -> str:
    default = f"default `{setting.default}`" if setting.default else "must be given"
    variable = f"; `{prefix}{setting.name.upper()}`" if prefix else ""
    return f"{setting.type}; {default}{variable}".replace(" | None", " or nothing")


def page(parts: list[str]) -> str:
    return "\n\n".join([parts[0], "<!-- Written by `make docs`; do not edit. -->", *parts[1:]]) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "errors.md": errors_page,
    "kinds.md": kinds_page,
    "policy.md": policy_page,
    "states.md": states_page,
}
"""File below docs/ → what it says."""
if importlib.util.find_spec("deploy.command"):
    PAGES["operate/commands.md"] = commands_page
if settings_modules():
    PAGES["operate/settings.md"] = settings_page


def write() -> None:
    """Every page says what the code says now."""
    for name, made in PAGES.items():
        (DOCS / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    write()
