"""`liandong sync` on a committee's database file: what is wrong is named, and ends with 1 where it was asked to."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from deploy.command import app
from sync.contract import jose
from tenant_service.exchange.models import CopyRow, DeadLetterRow, OutboxRow, OwnLogRow, ReadingRow, ReceivedRow
from tenant_service.exchange.outbox import ExchangeOutbox
from tenant_service.identity.models import AuditRow
from tenant_service.storage.columns import Row
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Units, utc_now
from tests.directories import signed
from tests.migrated import migrated
from tests.tenant_service.exchange_status import troubles
from tests.tenant_service.places import JIASHAN, QINGPU, WUJIANG, directory, key, trust
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[3]
Runs = Callable[..., Result]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Jiashan's folder as its IT person has it: configuration, directory, keys, and an empty database."""
    root = key("root", "directory")
    (tmp_path / "root.jwk").write_bytes(msgspec.json.encode(jose.public(root)))
    (tmp_path / "directory.jws").write_text(signed(directory().contents, root))
    (tmp_path / "keys").mkdir(mode=0o700)
    for use in ("token", "event", "code", "enc"):
        file = tmp_path / "keys" / f"{use}.jwk"
        file.touch(mode=0o600)
        file.write_bytes(msgspec.json.encode(key(JIASHAN, use).as_dict(private=True)))
    told = {"committee": JIASHAN, "database": f"sqlite:///{tmp_path / 'jiashan.db'}"}
    told |= {name: str(tmp_path / file) for name, file in
             (("directory", "directory.jws"), ("root", "root.jwk"), ("keys", "keys"))}  # fmt: skip
    (tmp_path / "tenant.toml").write_text("".join(f'{name} = "{value}"\n' for name, value in told.items()))
    return tmp_path


@pytest.fixture
def units(place: Path) -> Iterator[Units]:
    engine = open_engine(migrated(place / "jiashan.db"))
    yield Units(engine, JIASHAN, ExchangeOutbox(trust(JIASHAN)), utc_now)
    engine.dispose()


@pytest.fixture
def runs(place: Path) -> Runs:
    def run(*words: str) -> Result:
        command, *rest = words
        return CliRunner().invoke(app, ["sync", command, "--config", str(place / "tenant.toml"), *rest])

    return run


@pytest.fixture
def in_trouble(units: Units, tmp_path: Path) -> None:
    troubles.troubles(units, tmp_path, utc_now)


@pytest.fixture
def whole(units: Units, tmp_path: Path) -> None:
    """Qingpu told two figures, Jiashan three; nothing is wrong but that most logs were never heard of."""
    others = troubles.neighbours(tmp_path, utc_now)
    mine = troubles.inbox(units, {"value": lambda _session, _seen: None})
    others[QINGPU].says(2)
    others[QINGPU].to(mine)
    troubles.says(units, 3)
    mine.entitle([others[QINGPU].log])


def put(units: Units, table: type[Row], **values: object) -> None:
    """A fault behind the doors."""
    with units.write() as unit:
        unit.session.execute(sa.update(table).values(**values))


# ── status ──


def test_status_names_what_is_wrong_and_ends_with_1_only_when_it_is_asked_to_check(
    in_trouble: None, runs: Runs
) -> None:
    told = runs("status")
    assert told.exit_code == 0, told.output
    for text in ("联动机制成员：三地政协联动", "FORKED", "吴江 -13 (never)", "frozen", "RuntimeError: 这间不收", "1/2"):
        assert text in told.output
    assert f"wrong {WUJIANG}/{troubles.MECHANISM}: FORKED" in told.output
    assert "wrong 2 dead letters" in told.output
    assert runs("status", "--check").exit_code == 1


def test_status_says_when_nothing_is_wrong(whole: None, runs: Runs) -> None:
    told = runs("status", "--check")
    assert "nothing is wrong" in told.output
    assert told.exit_code == 0


def test_status_is_told_to_programs_as_json(in_trouble: None, runs: Runs) -> None:
    told = json.loads(runs("status", "--json").output)
    assert {each["state"] for each in told["received"]} == {"FOLLOWING", "FROZEN"}
    assert told["told"][0]["readers"][1] == {"committee_id": WUJIANG, "seq": 0, "behind": 13, "as_of": None}
    assert len(told["wrong"]) >= 3


# ── verify ──


def test_a_whole_database_holds_together(whole: None, runs: Runs) -> None:
    told = runs("verify")
    assert told.exit_code == 0, told.output
    assert "4 own events, 3 received, 2 signatures, 2 copies" in told.output
    assert "everything holds together" in told.output


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        (lambda units: put(units, ReceivedRow, body=b"{}"), "is no event of this log"),
        (lambda units: put(units, ReceivedRow, chain=b"\0" * 32), "its bytes were changed, or its chain"),
        (lambda units: put(units, ReceivedRow, proof="a..b"), "its owner did not sign this"),
        (lambda units: put(units, ReceivedRow, proof=""), "the last event is not signed"),
        (lambda units: put(units, OutboxRow, chain=b"\0" * 32), "its bytes were changed, or its chain"),
        (lambda units: put(units, OwnLogRow, seq=9), "the log should end at 9"),
        (lambda units: put(units, ReadingRow, stashed=3), "3 events should wait, 0 do"),
        (lambda units: put(units, ReadingRow, seq=2), "missing or another"),
        (lambda units: put(units, ReadingRow, proof="a..b"), "the head it was read to is not signed"),
        (lambda units: put(units, CopyRow, seq=77), "the event it was told by is not here"),
        (lambda units: put(units, CopyRow, version=77), "says something else"),
        (lambda units: _deleted(units, ReceivedRow, ReceivedRow.seq == 2), "/2: is missing; the next is 3"),
        (lambda units: _deleted(units, OutboxRow, OutboxRow.seq == 4), "our log there does not say so"),
    ],
)  # fmt: skip
def test_every_break_is_named(
    whole: None, runs: Runs, units: Units, fault: Callable[[Units], None], named: str
) -> None:
    fault(units)
    told = runs("verify")
    assert told.exit_code == 1
    assert named in told.output


def _deleted(units: Units, table: type[Row], which: sa.ColumnElement[bool]) -> None:
    with units.write() as unit:
        unit.session.execute(sa.delete(table).where(which))


def test_a_key_that_is_no_longer_shown_is_told_and_is_no_break(whole: None, runs: Runs, place: Path) -> None:
    listed = directory().contents
    entries = [
        msgspec.structs.replace(each, keys={**each.keys, "event": [jose.public(jose.new_key())]})
        if each.id == QINGPU else each
        for each in listed.entries
    ]  # fmt: skip
    newer = msgspec.structs.replace(listed, serial=2, entries=entries)
    (place / "directory.jws").write_text(signed(newer, key("root", "directory")))
    told = runs("verify")
    assert told.exit_code == 0, told.output
    assert "2 signed with keys that the directory no longer shows" in told.output


# ── tail ──


def test_the_last_events_of_a_log_are_told_without_what_they_say(whole: None, runs: Runs) -> None:
    told = runs("tail", troubles.MINE, "-n", "2")
    lines = told.output.splitlines()
    assert len(lines) == 2
    assert all(f"{JIASHAN}.value." in line and " put " in line and line.endswith(" B") for line in lines)
    assert "joint" not in told.output
    every = runs("tail", "--json").output.splitlines()
    assert [json.loads(line)["op"] for line in every] == ["complete", "put", "put", "put", "complete", "put", "put"]


def test_a_log_that_there_is_not_is_named_with_those_there_are(whole: None, runs: Runs) -> None:
    told = runs("tail", "330110/c")
    assert told.exit_code == 1
    assert troubles.MINE in told.output


def test_a_tail_that_follows_tells_what_comes(whole: None, place: Path, units: Units) -> None:
    words = [
        sys.executable,
        "-m",
        "deploy",
        "sync",
        "tail",
        troubles.MINE,
        "-n",
        "1",
        "-f",
        "-c",
        str(place / "tenant.toml"),
    ]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environ) as process:
        assert process.stdout
        try:
            assert "/4 put" in process.stdout.readline()
            troubles.says(units, 1)
            assert "/5 put" in process.stdout.readline()
        finally:
            process.terminate()
    until(lambda: process.poll() is not None)


# ── replay ──


def test_a_replay_shows_what_can_be_shown_now(in_trouble: None, runs: Runs, units: Units) -> None:
    told = runs("replay")
    assert told.exit_code == 0, told.output
    assert "2 shown, 0 failed again, 0 wait" in told.output
    with units.read() as unit:
        assert unit.session.scalars(sa.select(DeadLetterRow)).all() == []
        assert [row.act for row in unit.session.scalars(sa.select(AuditRow))] == ["exchange.replay"]


def test_one_dead_letter_is_replayed_by_its_place(in_trouble: None, runs: Runs) -> None:
    place = json.loads(runs("status", "--json").output)["letters"][0]["place"]
    told = runs("replay", "--dead-letter", f"{place[0]}@{place[1]}/{place[2]}")
    assert "1 shown, 0 failed again" in told.output
    assert "1 dead letters" in runs("status").output
    assert "0 shown" in runs("replay", "--log", f"{WUJIANG}/o").output
    assert runs("replay", "--dead-letter", "330110/c").exit_code == 1


def test_what_fails_again_is_named_and_ends_with_1(in_trouble: None, runs: Runs, units: Units) -> None:
    with units.write() as unit:  # the rooms keep one figure of a month and an indicator
        unit.session.execute(
            sa.text("CREATE TRIGGER no BEFORE INSERT ON seen_value BEGIN SELECT RAISE(ABORT, 'full'); END")
        )
    told = runs("replay")
    assert told.exit_code == 1
    assert "failed again: " in told.output
    assert "full" in told.output
    assert "0 shown, 2 failed again" in told.output


# ── what it needs ──


def test_without_its_directory_keys_or_tables_it_says_so_and_makes_nothing(place: Path, runs: Runs) -> None:
    told = runs("status")
    assert told.exit_code == 1
    assert "liandong tenant migrate" in told.output
    (place / "keys" / "enc.jwk").unlink()
    assert "holds no keys" in runs("replay").output
    assert not (place / "keys" / "enc.jwk").exists()
    (place / "directory.jws").write_text("forged")
    assert "not what it should be" in runs("verify").output


@pytest.mark.parametrize("word", ["status", "verify", "tail"])
def test_without_a_settings_file_it_says_which_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["sync", word])
    assert done.exit_code != 0
    assert "tenant.toml" in done.output


def test_a_directory_that_is_not_signed_anew_is_told_a_day_before_its_end(
    place: Path, units: Units, runs: Runs
) -> None:  # fmt: skip
    now = int(utc_now().timestamp())
    for left, is_told in ((86_400 + 600, False), (86_400 - 1, True), (-600, True)):
        ending = msgspec.structs.replace(directory().contents, issued_at=now, expires_at=now + left)
        (place / "directory.jws").write_text(signed(ending, key("root", "directory")))
        assert ("the directory ends" in runs("status").output) is is_told


def test_keys_that_end_are_told_sixty_days_before(place: Path, units: Units, runs: Runs) -> None:
    now = int(utc_now().timestamp())
    for left, is_told in ((60 * 86_400 + 600, False), (60 * 86_400 - 1, True)):
        mine = next(each for each in directory().contents.entries if each.id == JIASHAN)
        keys = {**mine.keys, "token": [mine.keys["token"][0] | {"exp": now + left}]}
        entries = [
            msgspec.structs.replace(each, keys=keys, seq=left) if each.id == JIASHAN else each
            for each in directory().contents.entries
        ]
        changed = msgspec.structs.replace(directory().contents, entries=entries)
        (place / "directory.jws").write_text(signed(changed, key("root", "directory")))
        assert ("our own keys end" in runs("status").output) is is_told
