"""An invite, an answer or an approval that is bad admits nobody: not a byte of the registrar's folder changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from sync.contract import jose
from sync.contract.errors import Code, Refusal
from sync.contract.trust import admission, descriptors
from sync.registrar import service
from sync.registrar.acts import Closed, Suspended
from tests.security.table import Attack, Door, tries
from tests.sync.registrar.offices import COUNTY, HERE, SISTER, THERE, Candidate, Registry

I = Door.INVITE  # noqa: E741 — one letter for each door


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path)


@pytest.fixture
def county() -> Candidate:
    return Candidate(COUNTY)


@contextmanager
def refused(registry: Registry, code: Code) -> Iterator[None]:
    """With this code, and neither ledger nor directory nor anything beside them is different."""
    before = _files(registry)
    with pytest.raises(Refusal) as refusal:
        yield
    assert (refusal.value.code, _files(registry)) == (code, before)


def _files(registry: Registry) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in registry.office.folder.parent.rglob("*") if file.is_file()}


@tries(I, Attack.FORGED)
def test_an_invite_that_its_registrar_did_not_sign_is_none(registry: Registry, county: Candidate) -> None:
    told = admission.read_invite(registry.invite(county))
    with refused(registry, Code.INVITE_INVALID):
        admission.read_invite(admission.signed_invite(told, jose.new_key()))


@tries(I, Attack.FORGED)
def test_an_approval_that_the_committee_did_not_sign_admits_nobody(registry: Registry, county: Candidate) -> None:
    registry.pending(county)
    made = admission.Approval(id=COUNTY, fingerprint=county.fingerprint, by=THERE, at=registry.clock.now)
    for key in (jose.new_key(), registry.office.key(), county.keys["event"][0]):
        with refused(registry, Code.BAD_APPROVAL):
            service.approve_there(registry.office, admission.signed_approval(made, key), HERE)


@tries(I, Attack.REPLAYED)
def test_an_answer_that_comes_again_counts_once(registry: Registry, county: Candidate) -> None:
    answer = county.answer(registry.invite(county), registry.clock.now)
    service.receive(registry.office, answer, HERE)
    with refused(registry, Code.INVITE_USED):
        service.receive(registry.office, answer, HERE)


@tries(I, Attack.STOLEN)
def test_whoever_has_stolen_an_invite_is_noticed_when_fingerprints_are_compared(
    registry: Registry, county: Candidate
) -> None:
    invite = registry.invite(county)
    county.answer(invite, registry.clock.now)
    service.receive(registry.office, Candidate(COUNTY).answer(invite, registry.clock.now), HERE)
    with refused(registry, Code.WRONG_FINGERPRINT):
        service.approve_here(registry.office, COUNTY, county.fingerprint, HERE)
    with refused(registry, Code.BAD_APPROVAL):
        service.approve_there(registry.office, county.approval(registry.clock.now), HERE)
    assert COUNTY not in registry.directory().entries


@tries(I, Attack.EXPIRED)
def test_an_invite_is_over_after_72_hours(registry: Registry, county: Candidate) -> None:
    answer = county.answer(registry.invite(county), registry.clock.now)
    registry.later(72 * 3600)
    with refused(registry, Code.INVITE_EXPIRED):
        service.receive(registry.office, answer, HERE)


@tries(I, Attack.WRONG_AUDIENCE)
def test_an_invite_is_for_one_id(registry: Registry, county: Candidate) -> None:
    invite = registry.invite(county)
    with refused(registry, Code.INVITE_INVALID):
        Candidate(SISTER).answer(invite, registry.clock.now)


@tries(I, Attack.CHANGED_BODY)
def test_an_answer_whose_descriptor_was_exchanged_is_refused(registry: Registry, county: Candidate) -> None:
    invite = registry.invite(county)
    answer, _ = admission.read_answer(county.answer(invite, registry.clock.now))
    thief = Candidate(COUNTY)
    theirs, _ = admission.read_answer(thief.answer(invite, registry.clock.now))
    asked = admission.read_invite(invite)
    for descriptor, root, held in (
        (theirs.descriptor, county.root, answer.held),
        (answer.descriptor, thief.root, answer.held),
        (theirs.descriptor, thief.root, answer.held),
    ):
        with refused(registry, Code.BAD_DESCRIPTOR):
            service.receive(registry.office, admission.answered(asked, descriptor, root, held), HERE)


@tries(I, Attack.SUSPENDED)
def test_whoever_was_suspended_or_closed_is_not_invited_anew(registry: Registry, county: Candidate) -> None:
    registry.admit(county)
    for act in (Suspended(id=COUNTY, why="泄密"), Closed(id=COUNTY, why="撤销")):
        registry.office.act(act, HERE)
        with refused(registry, Code.ID_TAKEN):
            registry.invite(Candidate(COUNTY))
        assert not registry.directory().is_active(COUNTY)


@tries(I, Attack.ROLLED_BACK)
def test_an_older_descriptor_does_not_come_back(registry: Registry, county: Candidate) -> None:
    registry.admit(county)
    stolen = county.descriptor
    county.keys["token"] = [jose.new_key()]
    service.rotate(registry.office, county.renew(registry.clock.now), HERE)
    with refused(registry, Code.OLDER_DESCRIPTOR):
        service.rotate(registry.office, stolen, HERE)


@tries(I, Attack.ANOTHERS)
def test_another_committee_speaks_for_nobody_but_itself(registry: Registry, county: Candidate) -> None:
    registry.admit(county)
    sister = Candidate(SISTER)
    registry.pending(sister)
    told = admission.Approval(id=SISTER, fingerprint=sister.fingerprint, by=THERE, at=registry.clock.now)
    with refused(registry, Code.BAD_APPROVAL):
        service.approve_there(registry.office, admission.signed_approval(told, county.root), HERE)
    with refused(registry, Code.ROOT_CHANGED):
        service.rotate(registry.office, _by(sister, county, registry), HERE)


def _by(thief: Candidate, of: Candidate, registry: Registry) -> str:
    """The next descriptor of one committee, signed by another's root key."""
    told, _ = descriptors.read(of.descriptor)
    made = msgspec.structs.replace(
        told, seq=told.seq + 1, issued_at=registry.clock.now, root=descriptors.root_of(thief.root)
    )
    return descriptors.signed(made, thief.root)


@tries(I, Attack.ANOTHERS)
def test_an_invite_of_another_registrar_is_worth_nothing_here(
    registry: Registry, county: Candidate, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Registry(tmp_path_factory.mktemp("other"))
    answer = county.answer(other.invite(county), registry.clock.now)
    with refused(registry, Code.UNKNOWN_COMMITTEE):
        service.receive(registry.office, answer, HERE)
