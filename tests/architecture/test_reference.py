"""Whoever meets a code, a setting or a command finds it in docs/."""

import re
from collections.abc import Callable

import pytest
import typer.main

from deploy.reference import DOCS, PAGES, commands_below
from deploy.reference_settings import Setting, settings_modules, tables_of
from sync.contract.errors import Code


def headings(path: str) -> set[str]:
    return set(re.findall(r"^#+ (.+?)\s*$", (DOCS / path).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize(("name", "made"), PAGES.items(), ids=PAGES)
def test_a_written_page_says_what_the_code_says(name: str, made: Callable[[], str]) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == made(), "run `make docs`"


def test_every_refusal_has_a_heading() -> None:
    assert not {code.value for code in Code} - headings("errors.md")


def test_every_command_has_a_heading_and_says_what_it_does() -> None:
    command = pytest.importorskip("deploy.command", reason="there are no commands yet", exc_type=ModuleNotFoundError)
    commands = dict(commands_below("liandong", typer.main.get_command(command.app)))
    assert commands
    assert not set(commands) - headings("operate/commands.md")
    assert not [name for name, each in commands.items() if not (each.help or "").strip()]


def test_a_command_is_found_below_its_group_and_a_hidden_one_is_not() -> None:
    app, below = typer.Typer(), typer.Typer()
    app.add_typer(below, name="tenant")
    for typed, name, hidden in ((app, "demo", False), (below, "init", False), (app, "secret", True)):
        typed.command(name, hidden=hidden)(lambda: None)
    assert [name for name, _ in commands_below("liandong", typer.main.get_command(app))] == [
        "liandong demo",
        "liandong tenant init",
    ]


def test_a_group_that_does_something_itself_is_found_before_what_is_below_it() -> None:
    app, below = typer.Typer(), typer.Typer(invoke_without_command=True)
    app.add_typer(below, name="demo")
    below.callback()(lambda: None)
    below.command("stop")(lambda: None)
    assert [name for name, _ in commands_below("liandong", typer.main.get_command(app))] == [
        "liandong demo",
        "liandong demo stop",
    ]


def test_every_setting_has_a_heading_and_says_what_it_does() -> None:
    if not settings_modules():
        pytest.skip("there are no settings yet")
    found = [each for path in settings_modules() for table in tables_of(path.read_text()) for each in table.settings]
    assert found
    assert not {each.name for each in found} - headings("operate/settings.md")
    assert not [each.name for each in found if not re.search(r"\w.*Example: `.+`", each.text)], (
        "say what it does, by example"
    )


def test_a_setting_is_read_with_its_default_and_its_text() -> None:
    source = '''
_PREFIX = "LIANDONG_TENANT_"
Port = Annotated[int, Meta(ge=0, le=65535)]

class Settings(Struct, frozen=True):
    """Of a committee."""

    committee: str
    """Its id. Example: `330110`."""
    port: Port = 8000
'''
    (table,) = tables_of(source)
    assert table.prefix == "LIANDONG_TENANT_"
    assert table.settings == [
        Setting("committee", "str", "", "Its id. Example: `330110`."),
        Setting("port", "int, at least 0, at most 65535", "8000", ""),
    ]
