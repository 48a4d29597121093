"""A use case changes rows and tells others; whether both last is decided at the edge, in one place."""

import ast

import pytest

from tests.architecture.tree import calls, modules

# Who may end a transaction, and why.
ENDS_TRANSACTIONS = {
    "tenant_service/storage/unit_of_work.py": "where an act's rows and what it tells others last together",
    "tenant_service/storage/migrations/env.py": "alembic's own transaction around a migration",
}
ENDINGS = {"commit", "rollback"}


def endings(path: str) -> list[str]:
    return [f"{path}:{call.lineno} {name}()" for call, name in calls(path) if name.rpartition(".")[2] in ENDINGS]


def test_application_code_never_ends_a_transaction() -> None:
    found = [each for path in modules("tenant_service") if path not in ENDS_TRANSACTIONS for each in endings(path)]
    assert not found, "leave it to the unit of work, so that a refusal leaves no trace"


@pytest.mark.parametrize(("line", "seen"), [("unit.session.commit()", True), ("unit.session.flush()", False)])
def test_the_rule_sees_a_commit(line: str, seen: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.architecture.tree.syntax", lambda _path: ast.parse(line))
    assert bool(endings("made_up.py")) is seen
