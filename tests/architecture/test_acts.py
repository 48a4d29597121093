"""Whatever stands in the audit log has an area that the page filters by, and acts of identity have names."""

import ast
import re
from functools import cache

import pytest

from tenant_service.auditing import words
from tenant_service.identity.acts import ACTS
from tenant_service.rooms import CALLED, DONE
from tests.architecture.tree import modules, syntax, text

_ACT = re.compile(r"(?!http\.)[a-z]+\.(?!html)[a-z_]+")
_NAMED = ("account", "session", "client", "grant", "link", "restore", "audit")
"""What acts begin with that are called by a name each."""


@cache
def acts() -> frozenset[str]:
    """Acts that the program notes: literals of this form in whatever imports a way to note."""
    noting = re.compile(r"\b(audit|account_acts)\.note\(|_noted\(|note_heard\(|way_out|_ADDED|looked\(")
    return frozenset(
        node.value
        for path in modules("tenant_service") if noting.search(text(path))
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _ACT.fullmatch(node.value)
    )  # fmt: skip


def test_acts_are_found() -> None:
    assert {"link.add", "session.begin", "account.roles", "audit.look", "venue.add"} <= acts()


def test_every_act_has_an_area() -> None:
    assert not {act for act in acts() if act.partition(".")[0] not in CALLED}, "add it to Room.acts or identity/acts.py"


@pytest.mark.parametrize("begins", _NAMED)
def test_every_act_of_identity_has_a_name(begins: str) -> None:
    assert not {act for act in acts() if act.partition(".")[0] == begins} - ACTS.keys(), "add it to identity/acts.py"


def test_every_act_has_a_name() -> None:
    named = DONE.keys() | words.ACTS.keys()
    assert not acts() - named, "add it to the steps of its room's history, or to auditing/words.py"
    assert not words.ACTS.keys() - acts(), "nobody does it"
    assert not words.ACTS.keys() & DONE.keys(), "said once"


def test_no_name_is_of_an_act_that_nobody_does() -> None:
    assert not ACTS.keys() - acts() - {"account.export"}
