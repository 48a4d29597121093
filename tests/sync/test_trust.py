"""Which of its keys a committee signs with, and whose word counts."""

import msgspec
from joserfc.jwk import ECKey

from sync.bus import wire
from sync.bus.trust import Trust
from sync.contract import jose
from sync.contract.shapes.committees import CommitteeState
from sync.contract.trust.directory import Contents, Directory, Listed
from sync.log import Head

ME, LOG = "330110", "330110/c"
HEAD = Head("000001-aaaa", 1, b"x" * 32)


def directory(*keys: ECKey) -> Directory:
    listed = Listed(id=ME, name="余杭", keys={"event": [jose.public(key) for key in keys]})
    return Directory(Contents(serial=1, issued_at=0, expires_at=2**40, entries=[listed]))


def test_a_committee_signs_with_the_newest_of_its_keys_that_others_know() -> None:
    first, second, third = (jose.new_key() for _ in range(3))
    trust = Trust(ME, directory(first), third, older_event=[second, first])
    assert trust.signing().kid == first.kid, "the registrar does not show the others yet"
    trust.directory = directory(second, first)
    assert trust.signing().kid == second.kid
    trust.directory = directory(third, second)
    assert trust.signing().kid == third.kid
    for said in (trust.sign(LOG, HEAD), trust.sign_erasure(LOG, HEAD)):
        assert jose.header_of(said)["kid"] == third.kid


def test_a_committee_that_nobody_knows_a_key_of_signs_with_its_newest() -> None:
    first, second = jose.new_key(), jose.new_key()
    assert Trust(ME, directory(jose.new_key()), second, older_event=[first]).signing().kid == second.kid


def test_no_key_of_another_use_vouches_for_a_log() -> None:
    event, token = jose.new_key(), jose.new_key()
    listed = Listed(id=ME, name="余杭", keys={"event": [jose.public(event)], "token": [jose.public(token)]})
    trust = Trust(ME, Directory(Contents(serial=1, issued_at=0, expires_at=2**40, entries=[listed])), event)
    assert trust.verify(LOG, HEAD._replace(proof=wire.signer(token)(LOG, HEAD))) is None
    assert trust.erased(LOG, HEAD._replace(proof=wire.eraser(token)(LOG, HEAD))) is None
    as_token = Trust(ME, trust.directory, token)
    assert not trust.stands(LOG, HEAD, "nonce", as_token.sign_stand(LOG, HEAD, "nonce"))


def test_where_a_log_ended_is_its_owners_word_for_one_question() -> None:
    """An old word, said again, would hide from a restored reader what came after it."""
    trust, other = Trust(ME, directory(key := jose.new_key()), key), jose.new_key()
    said = trust.sign_stand(LOG, HEAD, "nonce")
    assert trust.stands(LOG, HEAD, "nonce", said)
    assert not trust.stands(LOG, HEAD, "another", said)
    assert not trust.stands("330110/o", HEAD, "nonce", said)
    assert not trust.stands(LOG, HEAD._replace(chain=b"y" * 32), "nonce", said)
    assert not trust.stands(LOG, HEAD, "nonce", wire.signer(key)(LOG, HEAD))
    stranger = Trust(ME, directory(other), other)
    assert not trust.stands(LOG, HEAD, "nonce", stranger.sign_stand(LOG, HEAD, "nonce"))


def test_a_committee_that_was_suspended_is_handed_nothing_not_even_its_own() -> None:
    known = directory(key := jose.new_key())
    trust = Trust("330100", known, key)
    assert trust.may_read(ME, LOG)
    [entry] = known.contents.entries
    suspended = msgspec.structs.replace(entry, state=CommitteeState.SUSPENDED)
    trust.directory = Directory(msgspec.structs.replace(known.contents, entries=[suspended]))
    assert not trust.may_read(ME, LOG)


def test_what_an_older_key_signed_counts_while_the_directory_shows_it() -> None:
    first, second = jose.new_key(), jose.new_key()
    trust = Trust(ME, directory(second, first), second)
    old = HEAD._replace(proof=wire.signer(first)(LOG, HEAD))
    gone = HEAD._replace(proof=wire.eraser(first)(LOG, HEAD))
    assert (trust.verify(LOG, old), trust.erased(LOG, gone)) == (True, True)
    trust.directory = directory(second)
    assert (trust.verify(LOG, old), trust.erased(LOG, gone)) == (None, None)
    closed = msgspec.structs.replace(directory(second).contents, entries=[])
    trust.directory = Directory(closed)
    assert trust.verify(LOG, HEAD._replace(proof=wire.signer(second)(LOG, HEAD))) is None
