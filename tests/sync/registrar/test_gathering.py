"""The directory is put together from what fits; what does not is left out, and signed anew it is good for longer."""

import asyncio
from pathlib import Path

import pytest

from sync.contract import jose
from sync.contract.trust import descriptors, signed_directory
from sync.contract.trust.directory_parts import CHARTER_LIVES, LIVES
from sync.edge.key_files import public_key_in
from sync.registrar import service
from sync.registrar.acts import Suspended
from sync.registrar.office import NotFounded, Office
from sync.registrar.report import lines
from tests.sync.registrar.offices import COUNTY, HERE, Candidate, Registry
from tests.waiting import eventually

PARTNER, OTHER = "310118", "310105"


class Two:
    """Hangzhou, which keeps the root and puts the directory together, and Shanghai, elsewhere."""

    def __init__(self, folder: Path) -> None:
        self.hangzhou = Registry(folder / "hangzhou")
        clock = self.hangzhou.clock
        self.shanghai = Registry.__new__(Registry)
        self.shanghai.clock = clock
        self.shanghai.office = Office(folder / "shanghai", folder / "shanghai.jws", clock)
        self.shanghai.office.join()
        key = public_key_in(self.shanghai.office.folder / "registrar.jwk")
        self.hangzhou.office.grant("上海登记处", descriptors.root_of(key), ["31"])
        self.carry("root.jwk", "charter.jws")

    def carry(self, *names: str) -> None:
        for name in names:
            told = (self.hangzhou.office.folder / name).read_bytes()
            (self.shanghai.office.folder / name).write_bytes(told)

    def hand_over(self) -> None:
        """Shanghai's part goes to Hangzhou, which signs."""
        parts = self.hangzhou.office.folder / "parts"
        parts.mkdir(exist_ok=True)
        (parts / "shanghai.jws").write_bytes((self.shanghai.office.folder / "part.jws").read_bytes())
        self.hangzhou.office.sign()


@pytest.fixture
def two(tmp_path: Path) -> Two:
    return Two(tmp_path)


def test_each_registrar_admits_its_own_and_everybody_reads_one_directory(two: Two) -> None:
    two.hangzhou.admit(Candidate(COUNTY))
    two.shanghai.admit(Candidate(PARTNER))
    two.hand_over()
    assert list(two.hangzhou.directory().committees) == [COUNTY, PARTNER]
    assert not two.hangzhou.office.left_out


def test_a_part_that_goes_back_is_left_out_and_the_one_before_it_stays(two: Two) -> None:
    two.shanghai.admit(Candidate(PARTNER))
    old = (two.shanghai.office.folder / "part.jws").read_bytes()
    two.shanghai.office.act(Suspended(id=PARTNER, why="x"), HERE)
    two.hand_over()
    (two.hangzhou.office.folder / "parts" / "shanghai.jws").write_bytes(old)
    two.hangzhou.admit(Candidate(COUNTY))
    found = two.hangzhou.directory()
    assert "older" in two.hangzhou.office.left_out["shanghai"]
    assert (found.is_active(COUNTY), found.is_active(PARTNER)) == (True, False)


def test_a_part_of_nobody_is_not_taken(two: Two) -> None:
    stranger = Registry(two.hangzhou.office.folder / "stranger", ("31",))
    stranger.admit(Candidate(OTHER))
    parts = two.hangzhou.office.folder / "parts"
    parts.mkdir()
    (parts / "x.jws").write_bytes((stranger.office.folder / "part.jws").read_bytes())
    (parts / "y.jws").write_text("nonsense")
    two.hangzhou.admit(Candidate(COUNTY))
    assert list(two.hangzhou.directory().entries) == [COUNTY]


def test_a_registrar_without_a_charter_signs_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path / "a", tmp_path / "a.jws", lambda: 1)
    office.join()
    with pytest.raises(NotFounded):
        office.sign()


def test_signed_anew_it_says_the_same_for_another_seven_days(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.admit(Candidate(COUNTY))
    before = registry.directory()
    registry.later(3600)
    registry.office.sign()
    after = registry.directory()
    assert (after.serial, after.entries[COUNTY].descriptor) == (before.serial, before.entries[COUNTY].descriptor)
    assert after.contents.expires_at == registry.clock.now + LIVES
    text = registry.office.directory.read_text(encoding="utf-8")
    assert signed_directory.read(text, registry.office.root(), before).contents.issued_at == registry.clock.now


def test_a_charter_is_renewed_long_before_its_end_where_the_root_is(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.later(CHARTER_LIVES // 2 + 1)
    registry.office.sign()
    assert registry.office.charter().expires_at == registry.clock.now + CHARTER_LIVES
    (registry.office.folder / "root.private.jwk").unlink()
    registry.later(CHARTER_LIVES - 20 * 86_400)
    registry.office.sign()
    shown = list(lines(registry.office, registry.clock.now))
    assert any(each.startswith("WARNING charter") for each in shown), shown


def test_people_are_warned_a_day_before_the_directory_ends(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.later(LIVES - 86_401)
    assert not [each for each in lines(registry.office, registry.clock.now) if "WARNING directory" in each]
    registry.later(1)
    assert [each for each in lines(registry.office, registry.clock.now) if "WARNING directory" in each]


@pytest.mark.asyncio
async def test_what_is_put_into_the_folder_is_taken_in_without_being_asked(two: Two) -> None:
    ended = asyncio.Event()
    keeping = asyncio.create_task(service.keep(two.hangzhou.office, 3600, ended))
    two.shanghai.admit(Candidate(PARTNER))
    parts = two.hangzhou.office.folder / "parts"
    parts.mkdir(exist_ok=True)
    (parts / "shanghai.jws").write_bytes((two.shanghai.office.folder / "part.jws").read_bytes())

    async def there() -> bool:
        return PARTNER in two.hangzhou.directory().entries

    await eventually(there, within=30)
    ended.set()
    await keeping


def test_a_root_that_is_another_ones_signs_nothing_here(two: Two) -> None:
    two.hangzhou.admit(Candidate(COUNTY))
    text = two.hangzhou.office.directory.read_text(encoding="utf-8")
    with pytest.raises(jose.Untrusted):
        signed_directory.read(text, jose.new_key())
