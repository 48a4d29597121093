"""The ledger is what was written, or the registrar does nothing more."""

from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from sync.registrar.acts import Line, Suspended
from sync.registrar.ledger import Broken, after
from tests.sync.registrar.offices import COUNTY, HERE, SISTER, Candidate, Registry


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    made = Registry(tmp_path)
    made.admit(Candidate(COUNTY))
    return made


def lines(registry: Registry) -> list[bytes]:
    return file(registry).read_bytes().splitlines()


def file(registry: Registry) -> Path:
    return registry.office.folder / "ledger.jsonl"


def put(registry: Registry, told: list[bytes]) -> None:
    file(registry).write_bytes(b"".join(each + b"\n" for each in told))


def anew(told: list[Line]) -> list[bytes]:
    """A chain that is whole in itself."""
    made: list[Line] = []
    for each in told:
        made.append(after(made[-1] if made else None, each.act, each.who, each.at))
    return [msgspec.json.encode(each) for each in made]


def test_it_says_who_did_what_and_when(registry: Registry) -> None:
    kinds = [(each.n, type(each.act).__name__, each.who) for each in registry.office.ledger.lines()]
    assert kinds == [(1, "Invited", HERE), (2, "Answered", HERE), (3, "Approved", HERE), (4, "Approved", HERE)]


@pytest.mark.parametrize("how", ["altered", "taken out", "swapped", "half", "another name", "first taken out"])
def test_a_line_that_was_touched_is_found_and_nothing_is_signed(registry: Registry, how: str) -> None:
    told = lines(registry)
    match how:
        case "altered":
            told[1] = told[1].replace(b'"n":2', b'"n":2,"x":1').replace(HERE.encode(), "张三".encode())
        case "taken out":
            del told[1]
        case "first taken out":
            del told[0]
        case "swapped":
            told[1], told[2] = told[2], told[1]
        case "half":
            told[3] = told[3][: len(told[3]) // 2]
        case "another name":
            told[2] = told[2].replace(f'"by":"{HERE}"'.encode(), '"by":"张三"'.encode())
    put(registry, told)
    signed = registry.office.directory.read_bytes()
    with pytest.raises(Broken):
        registry.office.act(Suspended(id=COUNTY, why="x"), HERE)
    with pytest.raises(Broken):
        registry.office.sign()
    assert registry.office.directory.read_bytes() == signed


def test_a_tail_that_was_cut_off_is_missed(registry: Registry) -> None:
    put(registry, lines(registry)[:3])
    assert len(registry.office.ledger.lines()) == 3, "it hangs together"
    with pytest.raises(Broken, match="line 4"):
        registry.office.sign()


def test_a_ledger_that_was_written_anew_is_not_the_one_that_was_signed(registry: Registry) -> None:
    told = registry.office.ledger.lines()
    put(registry, anew([msgspec.structs.replace(each, who="张三") for each in told]))
    assert [each.who for each in registry.office.ledger.lines()] == ["张三"] * 4, "it hangs together"
    with pytest.raises(Broken, match="line 4"):
        registry.office.register()


def test_a_directory_in_anybodys_hands_shows_what_was_written_anew(registry: Registry) -> None:
    """Whoever rewrites the ledger also removes what was signed here; a committee has kept a copy."""
    kept = registry.office.directory.read_text(encoding="utf-8")
    told = registry.office.ledger.lines()
    put(registry, anew([msgspec.structs.replace(each, at=each.at - 1) for each in told]))
    for signed in (registry.office.directory, registry.office.folder / "part.jws"):
        signed.unlink()
    _, here = registry.office.register()
    with pytest.raises(Broken, match="line 4"):
        registry.office.compare(here, kept)


def test_an_act_that_is_refused_leaves_no_line(registry: Registry) -> None:
    before = file(registry).read_bytes()
    with pytest.raises(Exception, match="UNKNOWN_COMMITTEE"):
        registry.office.act(Suspended(id=SISTER, why="x"), HERE)
    assert file(registry).read_bytes() == before


def test_only_its_owner_reads_it(registry: Registry) -> None:
    for each in (file(registry), registry.office.folder / "registrar.private.jwk"):
        assert each.stat().st_mode & 0o077 == 0


def test_a_line_is_read_as_it_was_written_also_by_a_release_that_would_write_it_otherwise(registry: Registry) -> None:
    """A release that knows fewer fields, or more, still finds that nothing was altered."""
    first = lines(registry)[0].replace(b'"act":{', b'"act":{"of_a_later_release":1,')
    rest, _, _ = first.rpartition(b'"hash":"')
    empty = rest + b'"hash":""}'
    put(registry, [rest + b'"hash":"' + sha256(empty).hexdigest().encode() + b'"}'])
    assert [each.n for each in registry.office.ledger.lines()] == [1]
    put(registry, [lines(registry)[0].replace(b'"of_a_later_release":1', b'"of_a_later_release":2')])
    with pytest.raises(Broken):
        registry.office.ledger.lines()
