"""Nobody is in the directory before an invite was answered once, in time, and two people compared what came."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from sync.contract import jose
from sync.contract.errors import Code, Refusal
from sync.contract.levels import Level
from sync.contract.trust import admission, descriptors
from sync.registrar import candidate, service
from sync.registrar.acts import Approved, Closed
from sync.registrar.candidate import Wording
from sync.registrar.register import COMMITTEE, REGISTRAR, Stage
from tests.sync.registrar.offices import CITY, COUNTY, HERE, THERE, Candidate, Registry


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path)


@pytest.fixture
def county() -> Candidate:
    return Candidate(COUNTY)


def stands(registry: Registry, id: str) -> Stage:
    return registry.office.register()[0].party(id).stage


def refuses(code: Code) -> pytest.RaisesExc[Refusal]:
    return pytest.raises(Refusal, check=lambda refusal: refusal.code is code)


def test_invited_answered_approved_by_both_and_active(registry: Registry, county: Candidate) -> None:
    invite = registry.invite(county)
    assert stands(registry, COUNTY) is Stage.INVITED
    party = service.receive(registry.office, county.answer(invite, registry.clock.now), HERE)
    assert (party.stage, COUNTY in registry.directory().entries) == (Stage.PENDING, False)
    assert service.approve_here(registry.office, COUNTY, county.fingerprint, HERE).stage is Stage.PENDING
    assert service.approve_there(registry.office, county.approval(registry.clock.now), HERE).stage is Stage.ACTIVE
    found = registry.directory()
    assert found.keys(COUNTY, "token", registry.clock.now)[0].thumbprint() == county.keys["token"][0].thumbprint()
    assert found.get(COUNTY).login_url == f"https://{COUNTY}.example/gateway-sign-in"
    names = {each.act.side: each.act.by for each in registry.office.ledger.lines() if isinstance(each.act, Approved)}
    assert names == {"registrar": HERE, "committee": THERE}


@pytest.mark.parametrize("side", ["registrar", "committee"])
def test_one_approval_admits_nobody(registry: Registry, county: Candidate, side: str) -> None:
    registry.pending(county)
    for _ in range(2):  # the same side twice is still one side
        if side == "registrar":
            service.approve_here(registry.office, COUNTY, county.fingerprint, HERE)
        else:
            service.approve_there(registry.office, county.approval(registry.clock.now), HERE)
    assert stands(registry, COUNTY) is Stage.PENDING
    assert COUNTY not in registry.directory().entries


def test_one_person_does_not_approve_for_both(registry: Registry, county: Candidate) -> None:
    registry.pending(county)
    service.approve_here(registry.office, COUNTY, county.fingerprint, HERE)
    with refuses(Code.SAME_PERSON):
        service.approve_there(registry.office, county.approval(registry.clock.now, by=f" {HERE}"), HERE)
    assert stands(registry, COUNTY) is Stage.PENDING


# ── the invite ──


def test_an_invite_is_answered_once(registry: Registry, county: Candidate) -> None:
    invite = registry.invite(county)
    service.receive(registry.office, county.answer(invite, registry.clock.now), HERE)
    thief = Candidate(COUNTY)
    with refuses(Code.INVITE_USED):
        service.receive(registry.office, thief.answer(invite, registry.clock.now), HERE)
    assert registry.office.register()[0].party(COUNTY).descriptor == county.descriptor


@pytest.mark.parametrize(("hours", "is_late"), [(71, False), (72, True), (2000, True)])
def test_an_invite_is_answered_within_72_hours(
    registry: Registry, county: Candidate, hours: int, *, is_late: bool
) -> None:  # fmt: skip
    answer = county.answer(registry.invite(county), registry.clock.now)
    registry.later(hours * 3600)
    if not is_late:
        assert service.receive(registry.office, answer, HERE).stage is Stage.PENDING
        return
    with refuses(Code.INVITE_EXPIRED):
        service.receive(registry.office, answer, HERE)
    assert stands(registry, COUNTY) is Stage.INVITED


def test_a_newer_invite_voids_the_one_before(registry: Registry, county: Candidate) -> None:
    first = registry.invite(county)
    registry.invite(county)
    with refuses(Code.INVITE_INVALID):
        service.receive(registry.office, county.answer(first, registry.clock.now), HERE)


def test_an_invite_of_a_stranger_or_for_somebody_else_is_none(registry: Registry, county: Candidate) -> None:
    told = admission.read_invite(registry.invite(county))
    forged = admission.signed_invite(told, jose.new_key())
    with refuses(Code.INVITE_INVALID):
        admission.read_invite(forged)
    with refuses(Code.INVITE_INVALID):
        Candidate("330105").answer(registry.invite(county), registry.clock.now)


def test_an_answer_without_an_invite_is_refused(registry: Registry, county: Candidate) -> None:
    mine = Registry(registry.office.folder / "other")
    with refuses(Code.UNKNOWN_COMMITTEE):
        service.receive(registry.office, county.answer(mine.invite(county), registry.clock.now), HERE)


# ── the answer ──


def test_who_answers_holds_every_key_of_the_descriptor(registry: Registry, county: Candidate) -> None:
    """A candidate shows another committee's `event` key as its own."""
    invite = registry.invite(county)
    asked, told = admission.read_invite(invite), county.particulars(invite)
    theirs = jose.new_key()
    county.keys["event"] = [theirs]
    stolen = msgspec.structs.replace(county.particulars(), held=told.held)
    made = candidate.first(stolen, asked, Wording(), county.root, registry.clock.now)
    with refuses(Code.BAD_DESCRIPTOR):
        candidate.answer(stolen, asked, made, county.root)
    held = [admission.held(asked, county.root) for _ in descriptors.read(made)[0].keys]
    for answer in (
        admission.answered(asked, made, county.root, held),
        *(_answer(registry, invite, wrong) for wrong in (_none, _one_less, _one_more)),
    ):
        with refuses(Code.BAD_DESCRIPTOR):
            service.receive(registry.office, answer, HERE)
    assert stands(registry, COUNTY) is Stage.INVITED


def _none(_words: list[str]) -> list[str]:
    return []


def _one_less(words: list[str]) -> list[str]:
    return words[:-1]


def _one_more(words: list[str]) -> list[str]:
    return [*words, words[0]]


def _answer(registry: Registry, invite: str, words: Callable[[list[str]], list[str]], **about: object) -> str:
    """A candidate's answer with other words of its keys' holders, or another descriptor, under its own good root."""
    of = Candidate(COUNTY)
    good, descriptor = admission.read_answer(of.answer(invite, registry.clock.now))
    made = descriptors.signed(msgspec.structs.replace(descriptor, **about), of.root)
    return admission.answered(admission.read_invite(invite), made, of.root, words(good.held))


def test_an_answer_that_another_root_signed_is_refused(registry: Registry, county: Candidate) -> None:
    answer, _ = admission.read_answer(county.answer(registry.invite(county), registry.clock.now))
    asked = msgspec.structs.replace(admission.read_invite(registry.invite(county)), jti=answer.jti)
    with refuses(Code.BAD_DESCRIPTOR):
        service.receive(
            registry.office, admission.answered(asked, answer.descriptor, jose.new_key(), answer.held), HERE
        )


@pytest.mark.parametrize("about", [{"parent": CITY}, {"level": Level.CITY}])
def test_a_descriptor_says_what_the_invite_said(registry: Registry, about: dict[str, str]) -> None:
    invited, other = Candidate(COUNTY), Candidate(COUNTY, **about)  # type: ignore[arg-type]
    told = admission.read_invite(registry.invite(invited))
    changed = admission.signed_invite(msgspec.structs.replace(told, **about), registry.office.key())
    with refuses(Code.BAD_DESCRIPTOR):
        service.receive(registry.office, other.answer(changed, registry.clock.now), HERE)


@pytest.mark.parametrize("about", [{"kind": "gateway"}, {"level": Level.CITY}, {"parent": CITY}, {"id": "330105"}])
def test_a_descriptor_says_what_the_invite_said_whoever_wrote_it(registry: Registry, about: dict[str, str]) -> None:
    """The candidate's own program would not; whoever writes another one does."""
    invite = registry.invite(Candidate(COUNTY))
    registry.invite(Candidate("330105"))
    with pytest.raises(Refusal) as refusal:
        service.receive(registry.office, _answer(registry, invite, list, **about), HERE)
    assert refusal.value.code is (Code.INVITE_INVALID if "id" in about else Code.BAD_DESCRIPTOR)
    assert stands(registry, COUNTY) is Stage.INVITED


@pytest.mark.parametrize("text", ["", "x", "a.b.c"])
def test_nonsense_is_refused_by_its_code(registry: Registry, text: str) -> None:
    for call, code in (
        (service.receive, Code.BAD_DESCRIPTOR),
        (service.approve_there, Code.BAD_APPROVAL),
        (service.rotate, Code.BAD_DESCRIPTOR),
    ):
        with refuses(code):
            call(registry.office, text, HERE)
    with refuses(Code.INVITE_INVALID):
        admission.read_invite(text)


# ── the fingerprint ──


def test_who_swaps_the_answer_on_its_way_is_noticed_by_both(registry: Registry, county: Candidate) -> None:
    invite = registry.invite(county)
    county.answer(invite, registry.clock.now)
    thief = Candidate(COUNTY)
    service.receive(registry.office, thief.answer(invite, registry.clock.now), HERE)
    with refuses(Code.WRONG_FINGERPRINT):
        service.approve_here(registry.office, COUNTY, county.fingerprint, HERE)
    with refuses(Code.WRONG_FINGERPRINT):
        candidate.approval(county.descriptor, thief.fingerprint, THERE, county.root, registry.clock.now)
    with refuses(Code.ROOT_CHANGED):
        candidate.approval(thief.descriptor, thief.fingerprint, THERE, county.root, registry.clock.now)
    with refuses(Code.BAD_APPROVAL):
        service.approve_there(registry.office, county.approval(registry.clock.now), HERE)
    assert stands(registry, COUNTY) is Stage.PENDING


def test_an_approval_cannot_be_made_up_at_the_registrar(registry: Registry, county: Candidate) -> None:
    registry.pending(county)
    made_up = admission.Approval(id=COUNTY, fingerprint=county.fingerprint, by=THERE, at=registry.clock.now)
    with refuses(Code.BAD_APPROVAL):
        service.approve_there(registry.office, admission.signed_approval(made_up, registry.office.key()), HERE)


def test_a_committees_word_is_for_one_descriptor_of_one_committee_by_one_person(
    registry: Registry, county: Candidate
) -> None:
    """Somebody at the registrar writes the ledger's line by hand, with a word that the committee's root did sign."""
    registry.pending(county)
    newer, sister = county.approval(registry.clock.now), Candidate("330102", root=county.root)
    registry.pending(sister)
    twin = msgspec.structs.replace(
        admission.read_approval(newer, descriptors.key_of(descriptors.read(county.descriptor)[0].root)), id="330102"
    )
    for by, proof in (
        ("别人", newer), (THERE, admission.signed_approval(twin, county.root)),
        (THERE, admission.signed_approval(msgspec.structs.replace(twin, id=COUNTY, fingerprint="0" * 32), county.root)),
    ):  # fmt: skip
        with refuses(Code.BAD_APPROVAL):
            registry.office.act(
                Approved(id=COUNTY, side=COMMITTEE, by=by, fingerprint=county.fingerprint, proof=proof), HERE
            )
    assert stands(registry, COUNTY) is Stage.PENDING


def test_a_fingerprint_is_the_same_however_it_is_typed(registry: Registry, county: Candidate) -> None:
    registry.pending(county)
    typed = county.fingerprint.replace(" ", "").upper()
    assert service.approve_here(registry.office, COUNTY, typed, HERE).approvals == {REGISTRAR: HERE}


# ── ids ──


@pytest.mark.parametrize("id", ["310118", "330000", "33011", "gw-3101", "330110.activity.1", "../330110"])
def test_a_registrar_invites_nobody_whom_it_may_not_define(registry: Registry, id: str) -> None:
    with pytest.raises(Refusal) as found:
        registry.invite(Candidate(id))
    assert found.value.code in (Code.NOT_OUR_ID, Code.BAD_ID)
    assert not registry.office.ledger.lines()


def test_an_id_is_never_used_again_and_the_next_one_is_named(registry: Registry, county: Candidate) -> None:
    registry.admit(county)
    registry.office.act(Closed(id=COUNTY, successor=CITY, why="并入"), HERE)
    with pytest.raises(Refusal) as found:
        registry.invite(Candidate(COUNTY))
    assert (found.value.code, found.value.about["next"]) == (Code.ID_TAKEN, f"{COUNTY}r2")
    anew = registry.admit(Candidate(f"{COUNTY}r2"))
    assert registry.directory().is_active(anew.id)
    assert not registry.directory().is_active(COUNTY)
