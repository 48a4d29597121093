"""What is read out of bytes that anybody may have sent."""

from typing import Any

import pytest

from sync.bus import wire
from sync.contract import envelope, jose
from sync.contract.shapes.committees import CommitteeState
from sync.contract.trust.directory import Contents, Directory, Listed
from sync.log import Event, Head, Hole, erasure_statement, genesis, link, statement

LOG, EPOCH = "320509/p", "000001-9f86d0818f3e21aa"
HEAD = Head(EPOCH, 3, link(genesis(LOG, EPOCH), b"body"))


def body(**changed: object) -> bytes:
    told = {
        "id": "1", "source": "urn:liandong:320509", "type": "t", "channel": "p", "epoch": EPOCH, "seq": 1,
        "prev": genesis(LOG, EPOCH).hex(), "op": "put",
    } | changed  # fmt: skip
    return envelope.encode(envelope.Envelope(**told))  # type: ignore[arg-type]


def test_an_event_is_read_out_of_its_bytes() -> None:
    assert wire.event(body(), "proof", LOG) == Event(EPOCH, 1, genesis(LOG, EPOCH), body(), "proof")


@pytest.mark.parametrize(
    "bad",
    [
        b"", b"{}", b"\xff", body()[:-1], body(channel="c"), body(source="urn:liandong:320508"), body(epoch=""),
        body(epoch="999999-unreadable"), body(epoch="1-aaaa"), body(seq=0), body(seq=-1), body(prev=""),
        body(prev="zz"), b"[" * 100_000, body()[:-1] + b',"zz":' + b"[" * 100_000,
    ],
)  # fmt: skip
def test_bytes_that_have_no_place_in_the_log_of_their_subject_are_unreadable(bad: bytes) -> None:
    with pytest.raises(wire.Unreadable):
        wire.event(bad, "", LOG)


def test_a_hole_is_read_out_of_its_bytes_and_has_only_one_way_to_be_written() -> None:
    made = wire.hole(LOG, HEAD._replace(proof="gone"), genesis(LOG, EPOCH))
    assert made == Event(EPOCH, 3, genesis(LOG, EPOCH), made.body, "", Hole(HEAD.chain, "gone"))
    assert wire.event(made.body, "proof", LOG) == made._replace(proof="proof")
    assert wire.is_hole(made.body)
    smuggled = made.body.replace(b'"seq":3', b'"seq":3,"note":"what nobody signed"')
    assert wire.event(smuggled, "", LOG) == made
    assert not wire.is_hole(body())
    for bad in (made.body.replace(HEAD.chain.hex().encode(), b"00"), made.body.replace(b'"p"', b'"c"')):
        with pytest.raises(wire.Unreadable):
            wire.event(bad, "", LOG)


def test_an_erasure_vouches_for_no_head_and_a_head_for_no_erasure() -> None:
    key = jose.new_key()
    listed = Listed(id="320509", name="吴江", keys={"event": [jose.public(key)]})
    directory = Directory(Contents(serial=1, issued_at=0, expires_at=0, entries=[listed]))
    heads, erasures = wire.verifier(lambda: directory), wire.verifier(lambda: directory, wire.ERASED)
    head = HEAD._replace(proof=wire.signer(key)(LOG, HEAD))
    gone = HEAD._replace(proof=wire.eraser(key)(LOG, HEAD))
    assert [heads(LOG, head), heads(LOG, gone), erasures(LOG, head), erasures(LOG, gone)] == [True, False, False, True]
    as_head = HEAD._replace(proof=jose.sign_detached(wire.HEAD, erasure_statement(LOG, HEAD), key))
    assert not erasures(LOG, as_head)


def test_the_hub_is_asked_to_forget_a_bounded_number_of_places() -> None:
    erase = wire.Erase("c", EPOCH, [1, 5])
    assert wire.read_erase(wire.pack(erase)) == erase
    assert wire.read_erased(wire.pack(wire.Erased(2))) == wire.Erased(2)
    for bad in (b"", wire.pack(wire.Erase("c", EPOCH, list(range(wire.MOST_ERASED + 1)))), wire.pack([1])):
        with pytest.raises(wire.Unreadable):
            wire.read_erase(bad)
    with pytest.raises(wire.Unreadable):
        wire.read_erased(b"")


def test_asks_and_answers_survive_the_wire() -> None:
    ask = wire.Ask(LOG, HEAD, 7)
    assert wire.read_ask(wire.pack(ask)) == ask
    answer = wire.Answer(HEAD, [(b"body", "proof")], 0.5, "")
    assert wire.read_answer(wire.pack(answer)) == answer


@pytest.mark.parametrize("bad", [b"", b"\xc1", b"\x91\x01", wire.pack([LOG, ["e", "x", b"", ""]])])
def test_other_bytes_are_no_ask(bad: bytes) -> None:
    with pytest.raises(wire.Unreadable):
        wire.read_ask(bad)


class TestHeads:
    key, other = jose.new_key(), jose.new_key()

    def directory(self, *keys: dict[str, Any], state: CommitteeState = CommitteeState.ACTIVE) -> Directory:
        listed = Listed(id="320509", name="吴江", keys={"event": list(keys)}, state=state)
        return Directory(Contents(serial=1, issued_at=0, expires_at=0, entries=[listed]))

    def proven(self, log: str = LOG) -> Head:
        return HEAD._replace(proof=wire.signer(self.key)(log, HEAD))

    def test_the_owners_own_signature_is_believed(self) -> None:
        shown = self.directory(jose.public(self.other), jose.public(self.key))
        assert wire.verifier(lambda: shown)(LOG, self.proven()) is True

    def test_a_signature_over_another_head_or_log_is_not(self) -> None:
        verify = wire.verifier(lambda: self.directory(jose.public(self.key)))
        assert verify(LOG, self.proven()._replace(seq=4)) is False
        assert verify(LOG, self.proven()._replace(chain=b"x")) is False
        assert verify(LOG, self.proven("320509/c")) is False
        assert verify(LOG, HEAD) is False
        assert verify(LOG, HEAD._replace(proof="a.b.c")) is False

    def test_a_proof_that_brings_its_own_payload_is_not(self) -> None:
        whole = jose.sign(wire.HEAD, statement(LOG, HEAD), self.key)
        verify = wire.verifier(lambda: self.directory(jose.public(self.key)))
        assert verify(LOG, HEAD._replace(proof=whole)) is False

    def test_a_key_that_the_directory_does_not_show_is_unknown_rather_than_wrong(self) -> None:
        verify = wire.verifier(lambda: self.directory(jose.public(self.other)))
        assert verify(LOG, self.proven()) is None
        suspended = self.directory(jose.public(self.key), state=CommitteeState.SUSPENDED)
        assert wire.verifier(lambda: suspended)(LOG, self.proven()) is None
