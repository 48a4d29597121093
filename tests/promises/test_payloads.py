"""docs/schemas says what travels, and a promise made there is not taken back."""

import re
import subprocess
from pathlib import Path

import msgspec
import pytest

from deploy.payloads import folder
from deploy.payloads.folder import FOLDER, STRUCTS, Payload, differences, payloads, refusal, stale, write
from deploy.payloads.released import NoSuchState, broken, promised
from sync.contract.records import RECORDS
from sync.contract.versions import MESSAGES, SCHEMAS
from tests.architecture.tree import ROOT, files


def test_docs_say_what_the_code_says() -> None:
    assert stale() == [], "run `make schema`, and read what changes"


def test_nothing_changed_that_another_release_would_misunderstand() -> None:
    assert [refusal(*each) for each in differences() if not each[1].is_compatible] == []


def test_everything_that_travels_has_a_number_and_a_file() -> None:
    assert SCHEMAS.keys() == RECORDS.keys()
    assert MESSAGES.keys() == STRUCTS.keys()
    kept = {path.removeprefix("docs/schemas/") for path in files() if path.startswith("docs/schemas/")}
    present = {each.file for each in payloads()}
    assert present <= kept
    earlier = {name for each in payloads() for name in folder._earlier(each.file)}
    assert kept - {"README.md"} == present | earlier


def test_every_message_that_is_read_from_strangers_is_among_them() -> None:
    """Found where it is read: whoever adds a message must not have to think of this list."""
    reads = re.compile(r"reading\(msgspec\.\w+\.Decoder\(([A-Z]\w*)\)")
    read = {
        name for path in files() if path.startswith("sync/")
        for name in reads.findall((ROOT / path).read_text(encoding="utf-8"))
    }  # fmt: skip
    assert {"ChangesAsk", "TokenTold", "Envelope"} <= read
    assert read <= {cls.__name__ for cls in STRUCTS.values()}


def without_report(payload: Payload) -> Payload:
    """Somebody took a field away."""
    schema = msgspec.json.decode(msgspec.json.encode(payload.schema))
    del schema["properties"]["report"]
    return payload._replace(schema=schema)


def test_a_field_that_was_promised_cannot_be_taken_away_under_the_same_number(tmp_path: Path) -> None:
    write(tmp_path)
    activity = next(each for each in payloads() if each.file == "activity-1.json")
    (found,) = differences(tmp_path, [without_report(activity)])
    assert not found[1].is_compatible
    assert refusal(*found).startswith(
        "activity-1.json: INCOMPATIBLE: report: removed or renamed\n"
        '  raise SCHEMAS["activity"] in sync/contract/versions.py'
    )
    raised = without_report(activity)._replace(file="activity-2.json")
    assert list(differences(tmp_path, [raised])) == []


def test_a_raised_number_keeps_the_file_of_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    before = (tmp_path / "venue-1.json").read_bytes()
    monkeypatch.setitem(SCHEMAS, "venue", 2)
    assert stale(tmp_path) == ["venue-2.json"]
    write(tmp_path)
    assert (tmp_path / "venue-1.json").read_bytes() == before
    assert stale(tmp_path) == []
    (tmp_path / "venue-1.json").unlink()
    assert stale(tmp_path) == ["venue-1.json"]


def test_a_file_that_somebody_wrote_by_hand_is_seen(tmp_path: Path) -> None:
    write(tmp_path)
    path = tmp_path / "messages" / "envelope-1.json"
    path.write_text(path.read_text(encoding="utf-8").replace("specversion", "version_of_spec"), encoding="utf-8")
    assert stale(tmp_path) == ["messages/envelope-1.json"]
    assert {change.where for _, change in differences(tmp_path)} == {"version_of_spec", "specversion"}


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True)


def test_what_was_released_stays_promised_whatever_is_done_to_the_files(tmp_path: Path) -> None:
    schemas = tmp_path / "docs" / "schemas"
    write(schemas)
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    git(tmp_path, "tag", "v1")
    was = promised("v1", schemas)
    assert was.keys() == {each.file for each in payloads()}
    assert list(broken(was, schemas)) == []
    (schemas / "venue-1.json").unlink()
    unit = schemas / "unit-1.json"
    unit.write_text(unit.read_text(encoding="utf-8").replace('"name"', '"label"'), encoding="utf-8")
    assert list(broken(was, schemas)) == [
        "unit-1.json: INCOMPATIBLE: name: removed or renamed",
        "unit-1.json: INCOMPATIBLE: label: added, and older releases do not send it",
        "venue-1.json: gone",
    ]
    with pytest.raises(NoSuchState):
        promised("v2", schemas)


def test_schemas_are_read_from_the_checkout() -> None:
    assert FOLDER.is_dir()
