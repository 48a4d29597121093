"""Every kind of bad credential at every door where one is shown: which test tries it, or why it cannot be tried.

A test says what it tries by `tries(door, attack)`, on itself or on one of its parameters. `cells` gathers that, and
`test_table.py` fails where a cell is empty; `python -m tests.security` writes the table into docs/operate/security.md.
"""

import importlib
from collections.abc import Iterator
from enum import StrEnum
from types import ModuleType

import pytest

from tests.architecture.tree import ROOT


class Attack(StrEnum):
    """In the order of the table's lines; the value is what the page calls it."""

    FORGED = "forged 伪造"
    REPLAYED = "replayed 重放"
    STOLEN = "stolen 盗用"
    EXPIRED = "expired 过期"
    WRONG_AUDIENCE = "for somebody else 受众不符"
    CHANGED_BODY = "changed body 内容被改"
    SUSPENDED = "of somebody suspended 已停用"
    ROLLED_BACK = "by an older directory 目录回退"
    ANOTHERS = "another committee's 跨会冒用"


class Door(StrEnum):
    """Where a credential is shown."""

    COMMITTEE = "a committee's `/graphql`, with a bearer token"
    GATEWAY = "the gateway's `/graphql`, with a bearer token"
    RPC = "questions to a committee (`rpc.…`), with a user's token and a gateway's proof"
    COOKIE = "the cookie of a browser, at a committee and at the gateway, and how it comes to one"
    APPLICATION = "an application's proof, codes and tokens at `/token`, `/userinfo` and `/revoke`"
    LOGOUT = "a logout token of another provider at `/backchannel-logout`"
    CODE = "a check-in code (履职码) at the host's desk"
    INVITE = "an invite, its answer and its approval at the registrar"
    DIRECTORY = "the directory itself"
    EVENT = "an event in a committee's log, with its event key"
    HUB_USER = "the hub, with a user's statement and seed (`.creds`)"
    RECEIPT = "a reader's receipt at an owner, and a holder's answer to a restored owner"


Cell = tuple[Door, Attack]
WITHOUT: dict[Cell, str] = {
    (Door.LOGOUT, Attack.STOLEN): (
        "it is bound to nobody: whoever brings it ends, once, the sessions that the provider wanted to end by it"
    ),
    (Door.LOGOUT, Attack.ROLLED_BACK): "no directory has a part in it: the settings name the provider",
    (Door.EVENT, Attack.EXPIRED): (
        "what was said once stays said, and is signed for good; its order is by place in the log and not by time"
    ),
}
"""Why an attack cannot occur at a door."""
_TESTS = ROOT / "tests"


def _modules() -> list[str]:
    """Of all tests those that try something: as paths below `tests`, those of this room first."""
    found = [
        each.relative_to(_TESTS).with_suffix("").as_posix()
        for each in _TESTS.rglob("test_*.py") if "tests.security.table" in each.read_text(encoding="utf-8")
    ]  # fmt: skip
    return sorted(found, key=lambda path: (not path.startswith("security/"), path))


def tries(door: Door, attack: Attack) -> pytest.MarkDecorator:
    """The test, or its parameter, tries this attack at this door."""
    return pytest.mark.tries(door, attack)


def cells() -> dict[Cell, dict[str, list[str]]]:
    """Door and attack → the tests that try it, each as a truth and its file → which of its parameters, if not all."""
    found: dict[Cell, dict[str, list[str]]] = {}
    for path in _modules():
        name = path.removeprefix("security/")
        for cell, truth, parameter in _tried_in(importlib.import_module(f"tests.{path.replace('/', '.')}")):
            which = found.setdefault(cell, {}).setdefault(f"{truth} (`{name}`)", [])
            which += [parameter] if parameter else []
    return found


def _tried_in(module: ModuleType) -> Iterator[tuple[Cell, str, str]]:
    for name, test in vars(module).items():
        if not name.startswith("test_"):
            continue
        truth = name.removeprefix("test_").replace("_", " ")
        for mark in getattr(test, "pytestmark", ()):
            if mark.name == "tries":
                yield mark.args, truth, ""
            elif mark.name == "parametrize":
                for each in mark.args[1]:
                    for inner in getattr(each, "marks", ()):
                        if inner.name == "tries":
                            yield inner.args, truth, str(each.id)


def page() -> str:
    """The table, as the page for auditors has it."""
    tried = cells()
    lines = list[str]()
    for door in Door:
        lines += [f"**{door[0].upper()}{door[1:]}**", "", "| credential | test |", "|---|---|"]
        for attack in Attack:
            cell = door, attack
            told = _told(tried[cell]) if cell in tried else f"cannot occur: {WITHOUT.get(cell, '')}"
            lines.append(f"| {attack} | {told} |")
        lines.append("")
    return "\n".join(lines).strip()


def _told(tests: dict[str, list[str]]) -> str:
    return "; ".join(f"{test}: {', '.join(which)}" if which else test for test, which in tests.items())
