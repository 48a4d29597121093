"""The pure rules, tried with whatever hypothesis thinks of."""

from hashlib import sha256
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import log as rules
from sync.log import (
    Event,
    Fork,
    Head,
    Hold,
    Hole,
    Offer,
    Place,
    Publish,
    Reading,
    Rest,
    Step,
    Stranger,
    Trouble,
    follow,
    genesis,
    link,
    place,
)

LOG = "320509/p"


def signed(head: Head) -> str:
    return "ok:" + sha256(rules.statement(LOG, head)).hexdigest()[:12]


def verify(log: str, head: Head) -> bool | None:
    return None if head.proof.startswith("later") else head.proof == signed(head)


def life(epoch: str, bodies: list[bytes], pages: set[int], base: Head | None = None) -> list[Event]:
    """The events of one epoch, signed at the end of each page."""
    head = base or Head(epoch, 0, genesis(LOG, epoch))
    out = []
    for number, body in enumerate(bodies, 1):
        event = Event(epoch, head.seq + 1, head.chain, body)
        head = Head(epoch, event.seq, link(head.chain, body))
        if number in pages or number == len(bodies):
            event = event._replace(proof=signed(head))
        out.append(event)
    return out


def erased(log: str, head: Head) -> bool | None:
    return None if head.proof.startswith("later") else head.proof == erasure(head)


def erasure(head: Head) -> str:
    return "gone:" + sha256(rules.erasure_statement(LOG, head)).hexdigest()[:12]


def hole(event: Event, proof: str | None = None) -> Event:
    """What is left of the event."""
    head = event.head()
    return event._replace(body=b"", hole=Hole(head.chain, erasure(head) if proof is None else proof))


def bare(events: list[Event] | tuple[Event, ...]) -> list[Event]:
    return [each._replace(proof="") for each in events]


@st.composite
def lives(draw: st.DrawFn) -> list[list[Event]]:
    """Up to three epochs of one owner, each of 1 to 12 events in pages."""
    out = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        count = draw(st.integers(1, 12))
        bodies = [f"{number}/{n}/{draw(st.integers(0, 9))}".encode() for n in range(count)]
        out.append(life(f"{number:06d}-{draw(st.integers(0, 2**16)):04x}", bodies, draw(st.sets(st.integers(1, 12)))))
    return out


@given(lives(), st.randoms(use_true_random=False), st.lists(st.integers(1, 7), min_size=1))
@settings(max_examples=200, deadline=None)
def test_any_order_repetition_and_slicing_ends_at_the_newest_epochs_head(
    epochs: list[list[Event]], random: Random, slices: list[int]
) -> None:
    everything = [event for events in epochs for event in events] * 2
    random.shuffle(everything)
    reading, applied, at = Reading(LOG), list[Event](), 0
    while at < len(everything):
        size = slices[at % len(slices)]
        step = follow(reading, everything[at : at + size], verify)
        reading, at = step.reading, at + size
        applied += step.apply
    assert reading.head[:3] == epochs[-1][-1].head()[:3]
    assert not reading.stash
    assert not reading.trouble
    places = [(event.epoch, event.seq) for event in applied]
    assert places == sorted(set(places)), "ascending, none twice"
    assert bare([each for each in applied if each.epoch == epochs[-1][0].epoch]) == bare(epochs[-1])


def spoiled(event: Event, how: str) -> Event | None:
    return {
        "body": event._replace(body=event.body + b"!"),
        "prev": event._replace(prev=b"\0" * 32),
        "proof": event._replace(proof="ok:forged"),
        "dropped proof": event._replace(proof=""),
        "unknown key": event._replace(proof="later:x"),
        "missing": None,
    }[how]


@given(lives(), st.data())
@settings(max_examples=300, deadline=None)
def test_nothing_is_applied_that_the_owner_has_not_signed(epochs: list[list[Event]], data: st.DataObject) -> None:
    events = epochs[-1]
    at = data.draw(st.integers(0, len(events) - 1))
    how = data.draw(st.sampled_from(["body", "prev", "proof", "dropped proof", "unknown key", "missing"]))
    bad = spoiled(events[at], how)
    sent = [each for each in [*events[:at], bad, *events[at + 1 :]] if each]
    step = follow(Reading(LOG), sent, verify)
    assert bare(step.apply) == bare(events[: len(step.apply)])
    assert all(verify(LOG, each.head()) for each in step.apply if each.proof), "an unverified proof isn't kept"
    assert not step.apply or step.apply[-1].proof
    if bad and bad != events[at] and len(step.apply) < len(events):
        assert step.ask or how == "dropped proof"
    if sent:
        again = follow(step.reading, events[len(step.apply) :], verify)  # the owner's own bytes heal it
        assert again.reading.head[:3] == events[-1].head()[:3]
        assert not again.reading.trouble


@given(lives(), st.randoms(use_true_random=False), st.lists(st.tuples(st.integers(0, 11), st.binary(max_size=3))))
@settings(max_examples=200, deadline=None)
def test_forgeries_between_the_true_bytes_delay_and_change_nothing(
    epochs: list[list[Event]], random: Random, forged: list[tuple[int, bytes]]
) -> None:
    events = epochs[-1]
    lies = [events[at % len(events)]._replace(body=body, proof=random.choice(["", "ok:x"])) for at, body in forged]
    mixed = [*events, *lies]
    random.shuffle(mixed)
    reading, applied = Reading(LOG), list[Event]()
    for each in mixed:
        step = follow(reading, [each], verify)
        reading, applied = step.reading, applied + list(step.apply)
    while reading.head.seq < events[-1].seq:  # what a holder hands out when it is asked
        step = follow(reading, events[reading.head.seq :], verify)
        assert step.apply, "the true bytes always move it on"
        reading, applied = step.reading, applied + list(step.apply)
    assert bare(applied) == bare(events)
    assert rules.settled(reading, events[-1].head()) == Reading(LOG, events[-1].head())


@given(lives(), st.integers(0, 12), st.integers(0, 12))
def test_every_head_of_a_log_is_on_it_and_every_other_is_not(epochs: list[list[Event]], one: int, two: int) -> None:
    events = epochs[-1]
    mine = events[min(one, len(events) - 1)].head()
    chains = {each.seq: each.head().chain for each in events if each.seq <= mine.seq}
    theirs = events[min(two, len(events) - 1)].head()
    assert place(mine, chains.get, theirs) is (Place.ON_LOG if theirs.seq <= mine.seq else Place.BEYOND)
    assert place(mine, chains.get, theirs._replace(chain=b"x")) is Place.BEYOND
    assert place(mine, chains.get, None) is Place.OLDER
    for left in epochs[:-1]:
        assert place(mine, chains.get, left[-1].head()) is Place.OLDER
        assert place(left[-1].head(), {each.seq: each.head().chain for each in left}.get, mine) is Place.BEYOND


@given(lives(), st.data())
@settings(max_examples=150, deadline=None)
def test_whoever_is_restored_is_told_by_anybody_who_is_ahead_and_the_next_epoch_is_above_all(
    epochs: list[list[Event]], data: st.DataObject
) -> None:
    """Restored to any place of any epoch, with any number of fresh events after it."""
    backup = data.draw(st.integers(0, len(epochs) - 1))
    events = epochs[backup][: data.draw(st.integers(1, len(epochs[backup])))]
    fresh = [f"fresh {n}".encode() for n in range(data.draw(st.integers(0, 5)))]
    mine = [*events, *life(events[0].epoch, fresh, {1, 2, 3}, events[-1].head())] if fresh else events
    chains = {each.seq: each.head().chain for each in mine}
    head = mine[-1].head()
    for witness in [each.head() for events in epochs for each in events]:
        seen = witness._replace(proof=signed(witness))
        is_on_log = chains.get(witness.seq) == witness.chain and witness.epoch == head.epoch
        said = rules.answer(LOG, head, chains.get, seen, verify, is_owner=True)
        same = rules.relay(LOG, head, chains.get, seen, verify)
        if is_on_log or witness.epoch < head.epoch:
            after = witness.seq if is_on_log else 0
            assert said == Offer(after)
            assert same == (Rest() if after == head.seq else Publish(after))
        else:
            assert said == same == Fork(seen)
            assert rules.next_epoch([head.epoch, seen.epoch], "0000") > max(seen.epoch, head.epoch)
            assert rules.answer(LOG, head, chains.get, seen, verify, is_owner=False) == Offer(None)
            unsigned = witness._replace(proof="ok:forged")
            assert rules.answer(LOG, head, chains.get, unsigned, verify, is_owner=True) == Offer(None)
            assert rules.relay(LOG, head, chains.get, unsigned, verify) == Stranger(head.seq - 1)


def test_a_head_signed_with_a_key_not_known_yet_makes_the_owner_wait() -> None:
    events = life("000001-aaaa", [b"1", b"2"], {1, 2})
    mine, newer = events[0].head(), events[1].head()._replace(proof="later:x")
    assert rules.relay(LOG, mine, {1: mine.chain}.get, newer, verify) == Hold()


def test_what_is_signed_with_an_unknown_key_waits_until_the_key_is_known() -> None:
    events = life("000001-aaaa", [b"1", b"2"], set())
    later = [events[0], events[1]._replace(proof="later:x")]
    step = follow(Reading(LOG), later, verify)
    assert (step.apply, step.alarm, step.ask) == ((), Trouble.UNKNOWN_KEY, True)
    assert len(step.reading.stash) == 2
    again = follow(step.reading, later, verify)
    assert again.alarm is Trouble.NONE, "people are told once"
    known = follow(again.reading, later, lambda *_: True)
    assert len(known.apply) == 2
    assert not known.reading.trouble


def test_a_stash_never_outgrows_its_limit() -> None:
    events = life("000001-aaaa", [b"%d" % n for n in range(rules.STASH_LIMIT + 500)], {50})
    step = follow(Reading(LOG), events[1:], verify)
    assert len(step.reading.stash) == rules.STASH_LIMIT
    assert (step.apply, step.ask) == ((), True)
    assert follow(step.reading, events, verify).reading.head.seq == len(events)


def test_a_reader_keeps_a_proof_every_so_many_bytes_and_checks_no_more() -> None:
    size = rules.PROVEN_EVERY // 4
    events = life("000001-aaaa", [b"x" * size] * 12, set(range(1, 13)))
    checked = list[int]()

    def counting(log: str, head: Head) -> bool | None:
        checked.append(head.seq)
        return verify(log, head)

    step = follow(Reading(LOG), events, counting)
    assert [each.seq for each in step.apply if each.proof] == sorted(checked) == [4, 8, 12]


def test_a_newer_epoch_is_begun_only_when_its_beginning_is_signed() -> None:
    old, new = life("000001-aaaa", [b"1"], set()), life("000002-bbbb", [b"2", b"3"], {2})
    begun: Step = follow(Reading(LOG), [*old, new[1]], verify)
    assert bare(begun.apply) == bare(old)
    assert begun.ask
    assert bare(follow(begun.reading, [new[0]], verify).apply) == bare(new)


def test_no_head_fits_into_another_log_or_epoch() -> None:
    assert len({genesis(log, epoch) for log in (LOG, "320509/c") for epoch in ("000001-a", "000002-a")}) == 4


@given(st.integers(0, 5_000), st.floats(0, 0.999))
def test_pauses_grow_to_a_limit_and_asks_reach_owner_and_fellows(tries: int, spread: float) -> None:
    assert 0.5 <= rules.pause(tries, spread) <= 45
    assert rules.whom(["o"], tries, spread) == "o"
    assert rules.whom(["o", "a", "b"], tries, spread) in ({"o"} if tries % 2 == 0 else {"a", "b"})


def test_two_lives_that_drew_the_same_number_are_a_fork_whichever_tag_is_greater() -> None:
    """A backup older than the first word: both lives begin with epoch 1."""
    here, there = (life(f"000001-{tag}", [b"one", b"two"], set()) for tag in ("bbbb", "cccc"))
    for mine, theirs in ((here, there), (there, here)):
        chains = {each.seq: each.head().chain for each in mine}
        head, seen = mine[-1].head(), theirs[-1].head()
        assert place(head, chains.get, seen) is Place.BEYOND
        assert rules.relay(LOG, head, chains.get, seen, verify) == Fork(seen)
    later, none = Head("000002-aaaa", 1, b"x"), dict[int, bytes]()
    assert place(later, none.get, here[-1].head()) is Place.OLDER
    assert place(later, none.get, Head("no epoch", 1, b"x")) is Place.BEYOND


@pytest.mark.parametrize(("seen", "next"), [([], "000001-t"), (["000009-x", "000010-a"], "000011-t")])
def test_the_next_epoch_is_above_all_seen(seen: list[str], next: str) -> None:
    assert rules.next_epoch(seen, "t") == next


@given(lives(), st.data())
@settings(max_examples=100, deadline=None)
def test_a_log_with_signed_holes_is_followed_to_the_same_head(epochs: list[list[Event]], data: st.DataObject) -> None:
    newest = epochs[-1]
    gone = data.draw(st.sets(st.integers(1, len(newest))))
    left = [hole(each) if each.seq in gone else each for each in newest]
    step = follow(Reading(LOG), left, verify, erased)
    assert step.reading.head == newest[-1].head()
    assert [(each.seq, bool(each.hole)) for each in step.apply] == [(each.seq, each.seq in gone) for each in newest]


def test_nobody_can_withhold_an_event_by_calling_it_erased() -> None:
    events = life("000001-aaaa", [b"one", b"two", b"three"], set())
    other = life("000001-aaaa", [b"one", b"2", b"three"], set())
    for proof in ("", signed(events[1].head()), erasure(other[1].head()), erasure(events[0].head())):
        step = follow(Reading(LOG), [events[0], hole(events[1], proof), events[2]], verify, erased)
        assert (step.apply, step.reading.trouble, step.ask) == ((), Trouble.FORGED, True)
        healed = follow(step.reading, [events[1]], verify, erased)
        assert (len(healed.apply), healed.reading.trouble) == (3, Trouble.NONE)
    assert follow(Reading(LOG), [hole(each) for each in events], verify).apply == (), "unless somebody checks holes"


def test_a_hole_signed_with_a_key_not_known_yet_waits() -> None:
    events = life("000001-aaaa", [b"one", b"two"], set())
    left = [hole(events[0], "later"), events[1]]
    step = follow(Reading(LOG), left, verify, erased)
    assert (step.apply, step.reading.trouble, len(step.reading.stash)) == ((), Trouble.UNKNOWN_KEY, 2)
    assert len(follow(step.reading, left[:1], verify, known_now).apply) == 2


def known_now(_log: str, head: Head) -> bool | None:
    return head.proof == "later"
