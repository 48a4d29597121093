"""Whatever people try, in whatever order: nobody is active whom two did not approve, and nobody comes back."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.contract.errors import Refusal
from sync.contract.trust import admission
from sync.contract.trust.admission import Invite
from sync.contract.trust.descriptors import root_of
from sync.registrar.acts import Act, Answered, Approved, Closed, Invited, Resumed, Rotated, Suspended, Voided
from sync.registrar.register import Party, Register, Stage, founded_anew
from tests.sync.registrar.offices import COUNTY, HERE, THERE, Candidate

NOW = 1_775_000_000


@cache
def acts() -> list[Act]:
    """Everything that can be tried on one committee: by itself, by a thief who has an invite, in time and too late."""
    found: list[Act] = []
    for number, each in enumerate((Candidate(COUNTY), Candidate(COUNTY))):
        invite = Invite(
            jti=f"{number}", id=COUNTY, issued_at=NOW, expires_at=NOW + 100, registrar=root_of(each.root),
            registrar_name="", root=root_of(each.root),
        )  # fmt: skip
        each.answer(admission.signed_invite(invite, each.root), NOW)
        found += [
            Invited(id=COUNTY, jti=invite.jti, expires_at=invite.expires_at),
            Answered(id=COUNTY, jti=invite.jti, descriptor=each.descriptor),
            Approved(id=COUNTY, side="registrar", by=HERE, fingerprint=each.fingerprint),
            Approved(id=COUNTY, side="registrar", by=THERE, fingerprint=each.fingerprint),
            Approved(
                id=COUNTY, side="committee", by=THERE, fingerprint=each.fingerprint, proof=each.approval(NOW)
            ),
            Rotated(id=COUNTY, descriptor=each.descriptor),
            Rotated(id=COUNTY, descriptor=each.renew(NOW, contact="1")),
            Rotated(id=COUNTY, descriptor=each.renew(NOW, contact="2")),
        ]  # fmt: skip
    voided = [Voided(id=COUNTY, nbf_tokens=at) for at in (1, 2)]
    return [*found, *voided, Suspended(id=COUNTY, why=""), Resumed(id=COUNTY), Closed(id=COUNTY)]


@settings(max_examples=300, deadline=None)
@given(
    begun=st.sampled_from([[], [0, 1], [0, 1, 2, 4]]),
    then=st.lists(st.tuples(st.integers(0, 20), st.sampled_from([0, 99, 100])), max_size=25),
)
def test_whatever_is_tried_a_party_only_goes_where_it_may(begun: list[int], then: list[tuple[int, int]]) -> None:
    register, taken = Register([]), list[Act]()
    was: Party | None = None
    for which, later in [*((each, 0) for each in begun), *then]:
        act, before = acts()[which], snapshot(register)
        try:
            register.take(act, NOW + later)
        except Refusal:
            assert snapshot(register) == before, "a refusal changes nothing"
            continue
        taken.append(act)
        now = register.parties[COUNTY]
        if now.stage in (Stage.ACTIVE, Stage.SUSPENDED):
            assert len(set(now.approvals.values())) == 2
            assert any(isinstance(each, Answered) for each in taken)
        if was is not None and was.stage is Stage.CLOSED:
            raise AssertionError("nothing happens to whoever is closed")
        if was is not None and was.stage in (Stage.ACTIVE, Stage.SUSPENDED):
            assert now.told().root == was.told().root
            assert now.told().seq >= was.told().seq
            assert now.nbf_tokens >= was.nbf_tokens
        assert bool(now.entry()) == (now.stage not in (Stage.INVITED, Stage.PENDING))
        was = Party(**vars(now))


def snapshot(register: Register) -> str:
    return repr(register.parties)


def test_the_next_id_under_a_used_code() -> None:
    assert [founded_anew("330102"), founded_anew("330102r2")] == ["330102r2", "330102r3"]
