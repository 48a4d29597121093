"""The audit file of the hub: one line a minute for the same thing, bounded, and nobody alters it unseen."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.hub.audit import MOST_KINDS, OTHERS, Audit, Broken, Line, lines
from sync.hub.sightings import Kind, Sighting
from tests.sync.hubs import COUNTY, SISTER

SEEN = Sighting(Kind.PUBLISH, SISTER, "sh.33.01.10.c", "10.0.0.9")


def filled(path: Path, count: int, **bounds: int) -> Audit:
    audit = Audit(path, **bounds)
    for number in range(count):
        audit.note(Sighting(Kind.PUBLISH, SISTER, f"sh.{number}"), float(number))
        audit.write()
    return audit


def test_the_same_attempt_is_one_line_with_how_often_it_was_made(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "audit")
    for at in range(1_000):
        audit.note(SEEN, at)
    audit.note(Sighting(Kind.LOGIN), 5.0, times=7)
    assert audit.write() == 2
    assert audit.write() == 0
    first, second = lines(tmp_path / "audit")
    assert (first.times, first.first, first.last) == (1_000, "1970-01-01T00:00:00.000Z", "1970-01-01T00:16:39.000Z")
    assert (second.times, second.kind, second.who) == (7, "LOGIN", "")


def test_a_party_that_tries_ever_different_things_gets_a_bounded_number_of_lines_and_hides_nobody(
    tmp_path: Path,
) -> None:
    audit = Audit(tmp_path / "audit")
    for number in range(10_000):
        audit.note(Sighting(Kind.PUBLISH, SISTER, f"{number}" + "x" * 4_000, f"10.0.0.{number}"), 0)
    audit.note(Sighting(Kind.PUBLISH, COUNTY, "y"), 1)
    assert audit.write() == MOST_KINDS + 2
    found = list(lines(tmp_path / "audit"))
    assert sum(each.times for each in found if each.who == SISTER) == 10_000
    assert [each.times for each in found if each.what == OTHERS] == [10_000 - MOST_KINDS]
    assert found[-1].who == COUNTY
    assert (tmp_path / "audit").stat().st_size < 100_000


def test_the_file_is_bounded_and_what_is_kept_hangs_together(tmp_path: Path) -> None:
    filled(tmp_path / "audit", 200, most_bytes=4_000, most_files=3)
    files = sorted(each.name for each in tmp_path.iterdir())
    assert files == ["audit", "audit.1", "audit.2"]
    assert all(each.stat().st_size <= 4_000 for each in tmp_path.iterdir())
    kept = [each.n for each in lines(tmp_path / "audit")]
    assert kept == list(range(kept[0], 201))
    assert kept[0] > 1


def test_it_goes_on_where_it_was_left(tmp_path: Path) -> None:
    filled(tmp_path / "audit", 3)
    filled(tmp_path / "audit", 3)
    assert [each.n for each in lines(tmp_path / "audit")] == [1, 2, 3, 4, 5, 6]


def test_a_line_half_written_in_a_crash_is_cut_off(tmp_path: Path) -> None:
    filled(tmp_path / "audit", 3)
    with (tmp_path / "audit").open("ab") as file:
        file.write(b'{"n":4,"fir')
    filled(tmp_path / "audit", 1)
    assert [each.n for each in lines(tmp_path / "audit")] == [1, 2, 3, 4]


@given(st.integers(0, 5), st.sampled_from(["who", "what", "times", "n", "prev", "hash", "kind", "first"]))
def test_an_altered_line_is_found(tmp_path_factory: pytest.TempPathFactory, at: int, field: str) -> None:
    path = tmp_path_factory.mktemp("audit") / "audit"
    filled(path, 6)
    told = path.read_bytes().splitlines()
    key = f'"{field}":'.encode()
    start = told[at].index(key) + len(key)
    quote = 1 if told[at][start : start + 1] == b'"' else 0
    value = told[at][start + quote]
    told[at] = told[at][: start + quote] + (b"7" if value != ord("7") else b"8") + told[at][start + quote + 1 :]
    path.write_bytes(b"\n".join(told) + b"\n")
    with pytest.raises(Broken):
        list(lines(path))


@pytest.mark.parametrize("at", [1, 2, 4])
def test_a_line_taken_out_or_moved_is_found(tmp_path: Path, at: int) -> None:
    filled(tmp_path / "audit", 6)
    told = (tmp_path / "audit").read_bytes().splitlines(keepends=True)
    (tmp_path / "audit").write_bytes(b"".join(told[:at] + told[at + 1 :]))
    with pytest.raises(Broken, match="does not follow"):
        list(lines(tmp_path / "audit"))
    (tmp_path / "audit").write_bytes(b"".join([*told[:at], told[at + 1], told[at], *told[at + 2 :]]) if at < 5 else b"")
    with pytest.raises(Broken):
        list(lines(tmp_path / "audit"))


def test_a_line_made_up_with_a_good_hash_of_its_own_is_found(tmp_path: Path) -> None:
    filled(tmp_path / "audit", 4)
    told = list(lines(tmp_path / "audit"))
    forged = Line(n=2, first="", last="", kind="PUBLISH", who=COUNTY, what="", host="", times=1, prev=told[0].hash)
    raw = (tmp_path / "audit").read_bytes().splitlines(keepends=True)
    raw[1] = msgspec.json.encode(forged.sealed()) + b"\n"
    (tmp_path / "audit").write_bytes(b"".join(raw))
    with pytest.raises(Broken, match="does not follow entry 2"):
        list(lines(tmp_path / "audit"))


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    filled(tmp_path / "audit", 1)
    assert (tmp_path / "audit").stat().st_mode & 0o777 == 0o600


def test_what_a_full_disk_did_not_take_is_written_later(tmp_path: Path) -> None:
    path = tmp_path / "audit"
    audit = Audit(path)
    path.symlink_to("/dev/full")
    audit.note(SEEN, 1.0)
    with pytest.raises(OSError, match="No space"):
        audit.write()
    path.unlink()
    audit.note(SEEN, 2.0)
    assert audit.write() == 1
    assert [(line.n, line.times) for line in lines(path)] == [(1, 2)]
