"""Who may import whom, as far as import-linter's contracts in pyproject.toml cannot say it."""

import ast
import sys
from pathlib import PurePosixPath

import pytest

from tests.architecture.tree import PACKAGES, files, imports, modules, syntax

# What pure rules may lean on: no files, no sockets, no threads, no database, and no clock or randomness but what is
# handed in. (zoneinfo reads the zones' data once; no rule can tell.)
PURE = {
    "abc", "array", "base64", "binascii", "bisect", "calendar", "collections", "copy", "dataclasses", "datetime",
    "decimal", "enum", "fractions", "functools", "hashlib", "heapq", "hmac", "itertools", "json", "math", "operator",
    "re", "statistics", "string", "struct", "types", "typing", "unicodedata", "uuid", "zoneinfo", "__future__",
    "msgspec",
}  # fmt: skip
# Records, kinds, refusals and other rooms' rules are as pure as these (the contract has its own check).
PURE_OURS = ("sync.contract.", "sync.log.", "tenant_service.steps.")
# These see every room's tables because they build or migrate the whole database.
SEES_ALL_MODELS = {
    "tenant_service/storage/migrations/env.py": "alembic compares all tables with the database",
    "tenant_service/tables.py": "gathers the tables for migrations and for new databases",
}
# Single rows that a neighbour may touch, and why.
LENT_MODELS = {
    ("tenant_service/graph/idempotency.py", "tenant_service.identity.models.IdempotencyRow"): (
        "an answer is kept in the transaction of the mutation, under the account that asked"
    ),
}
# What a migration may take from the product, and why. All else lies in it as it was when it was written: what a later
# release changes must not change what an older revision of a database is.
LENT_TO_MIGRATIONS: dict[str, str] = {}


def is_pure(path: str) -> bool:
    return (
        path.startswith(("sync/log.py", "sync/log/", "tenant_service/steps.py"))
        or PurePosixPath(path).name == "rules.py"
    )


def impurities(path: str) -> list[str]:
    return [
        f"{path}:{line} imports {name}"
        for line, name in imports(path)
        if name.partition(".")[0] not in PURE and not name.startswith(PURE_OURS) and ".rules" not in name
    ]


def room_of(path: str) -> str:
    """`tenant_service.members` of tenant_service/members/service.py."""
    return ".".join(path.split("/")[:2]).removesuffix(".py")


def foreign_models(path: str) -> list[str]:
    return [
        f"{path}:{line} imports {name}"
        for line, name in imports(path)
        if name.startswith("tenant_service.") and ".models" in name and not name.startswith(f"{room_of(path)}.")
        if (path, name) not in LENT_MODELS
    ]


def test_rules_and_the_log_do_nothing_but_decide() -> None:
    found = [each for path in modules() if is_pure(path) for each in impurities(path)]
    assert not found, "pure modules take clock, randomness, transport and store as arguments"


def test_a_rooms_models_are_its_own() -> None:
    found = [each for path in modules() if path not in SEES_ALL_MODELS for each in foreign_models(path)]
    assert not found, "ask the other room's queries or service"


def lent(path: str) -> list[str]:
    return [
        f"{path}:{line} imports {name}"
        for line, name in imports(path)
        if name.partition(".")[0] in PACKAGES and name not in LENT_TO_MIGRATIONS
    ]


def test_a_migration_is_whole_in_itself() -> None:
    migrations = [path for path in modules() if "/migrations/versions/" in path]
    assert migrations
    assert not [each for path in migrations for each in lent(path)], "copy what the migration needs, as it is today"


def test_the_contract_reads_its_own_annotations() -> None:
    found = [path for path in modules("sync") if path.startswith("sync/contract/") and "annotations" in future(path)]
    assert not found, "strawberry and msgspec read the records' annotations: they must be types, not strings"


def future(path: str) -> set[str]:
    return {name.removeprefix("__future__.") for _line, name in imports(path) if name.startswith("__future__.")}


def test_no_test_puts_a_mock_in_the_place_of_our_own_code() -> None:
    found = [
        f"{path}:{line} imports {name}"
        for path in modules("tests")
        for line, name in imports(path)
        if name.startswith(("unittest.mock", "mock.", "pytest_mock"))
    ]
    assert not found, "tests use the real database and the real nats-server"


def test_no_syntax_is_newer_than_the_oldest_python() -> None:
    found = [
        f"{path}: {ast.unparse(node)}"
        for path in modules(*PACKAGES, "tests")
        for node in ast.walk(syntax(path))
        if getattr(node, "type_params", None) or type(node).__name__ == "TypeAlias"
    ]
    assert not found, "Python 3.11 does not know `class C[T]` and `type X = …`"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="this Python cannot read the newer syntax")
def test_the_rule_sees_newer_syntax() -> None:
    assert getattr(ast.parse("class C[T]: ...").body[0], "type_params", None)


@pytest.mark.parametrize(
    ("source", "pure"),
    [
        ("from sync.contract.errors import Refusal", True),
        ("import datetime as dt", True),
        ("import time", False),
        ("from sqlalchemy.orm import Session", False),
        ("from tenant_service.members import models", False),
        ("from tenant_service.members.rules import may_vote", True),
    ],
)
def test_the_rule_sees_what_is_not_pure(source: str, pure: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.architecture.tree.syntax", lambda _path: ast.parse(source))
    assert (not impurities("tenant_service/venues/rules.py")) is pure


def test_every_package_on_the_way_to_a_module_is_a_package() -> None:
    known = set(files())
    missing = {
        f"{parent}/__init__.py"
        for path in modules()
        if "/migrations/" not in path and "/templates/" not in path
        for parent in PurePosixPath(path).parents
        if str(parent) != "." and f"{parent}/__init__.py" not in known
    }
    assert not missing, "without it neither import-linter nor the wheel would see the modules below"
