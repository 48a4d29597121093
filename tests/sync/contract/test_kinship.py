"""Who is related to whom and who may read what, beside plain definitions that walk through everybody."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sync.bus.streams import MOST_FELLOWS, MOST_WITNESSES, Wanted, holders, stream_of, subject_of, wanted
from sync.bus.trust import Trust
from sync.contract import jose
from sync.contract.channels import log_of, parts_of
from sync.contract.levels import Level
from sync.contract.shapes.committees import CommitteeState
from sync.contract.trust.directory import Contents, Directory, Listed, ListedMechanism
from tests.sync.nations import NATION, contents

KEY = jose.new_key()


@st.composite
def odd_directories(draw: st.DrawFn) -> Directory:
    """Anything that can be signed: parents that are unknown, suspended, gateways or in a circle, members twice."""
    ids = [f"33{number:04}" for number in range(draw(st.integers(1, 14)))]
    somebody = st.sampled_from([*ids, "990000"])
    entries = [
        Listed(
            id=id, name="政协", kind=draw(st.sampled_from(["committee"] * 5 + ["gateway"])),
            level=draw(st.sampled_from(Level)), parent=draw(st.none() | somebody),
            state=draw(st.sampled_from([CommitteeState.ACTIVE] * 4 + list(CommitteeState))),
        )
        for id in ids
    ]  # fmt: skip
    mechanisms = [
        ListedMechanism(id=f"{draw(somebody)}.mechanism.{draw(st.integers(0, 2)):032x}", name="机制", members=members)
        for members in draw(st.lists(st.lists(somebody, max_size=5), max_size=4))
    ]
    return Directory(Contents(serial=1, issued_at=0, expires_at=0, entries=entries, mechanisms=mechanisms))


class Plain:
    """The definitions, one after the other, with nothing remembered."""

    def __init__(self, directory: Directory) -> None:
        self.it, self.committees = directory, list(directory.committees)
        self.mechanisms = [(f"m_{id.rpartition('.')[2]}", each.members) for id, each in directory.mechanisms.items()]

    def ancestors(self, id: str) -> list[str]:
        found: list[str] = []
        while (at := self.it.parent(found[-1] if found else id)) and at not in found:
            found.append(at)
        return found

    def children(self, id: str | None) -> list[str]:
        return [each for each in self.committees if id and self.it.committees[each].parent_id == id]

    def subtree(self, id: str) -> list[str]:
        return [each for each in self.committees if id in self.ancestors(each)]

    def partners(self, id: str) -> list[str]:
        return [
            each for each in self.committees
            if each != id and any({id, each} <= set(members) for _, members in self.mechanisms)
        ]  # fmt: skip

    def neighbours(self, id: str) -> list[str]:
        up = self.it.parent(id)
        near = {up, *self.children(id), *self.children(up), *self.partners(id)} - {id}
        return [each for each in self.committees if each in near]

    def channels_of(self, owner: str) -> list[str]:
        mine = [channel for channel, members in self.mechanisms if owner in members]
        return ["c", "p", "n", "d", "o", *mine, *(f"x_{each}" for each in self.neighbours(owner))]

    def readers(self, log: str) -> list[str]:
        owner, channel = parts_of(log)
        above = self.ancestors(owner)
        parties = [members for known, members in self.mechanisms if known == channel and owner in members]
        found = {
            "c": above[:1], "p": [each for each in above if self.it.entries[each].level is not Level.NATION],
            "n": above, "d": self.subtree(owner), "o": self.neighbours(owner), "x": [channel[2:]],
            "m": next(iter(parties), []),
        }[channel[0]]  # fmt: skip
        return [each for each in found if each != owner and each in self.committees]

    def between(self, owner: str, reader: str) -> list[str]:
        found = []
        above = self.ancestors(owner)
        if reader in above:
            found += ["c"] if reader == above[0] else []
            found += ["p"] if self.it.entries[reader].level is not Level.NATION else []
            found += ["n"]
        found += ["d"] if owner in self.ancestors(reader) else []
        found += ["o", f"x_{reader}"] if reader in self.neighbours(owner) else []
        return found + [channel for channel, members in self.mechanisms if owner in members and reader in members]

    def follows(self, reader: str) -> list[str]:
        owners = (each for each in self.committees if each != reader)
        return [log_of(owner, channel) for owner in owners for channel in self.between(owner, reader)]

    def fellows(self, readers: list[str], at: int) -> list[str]:
        return (readers[at + 1 :] + readers[:at])[:MOST_FELLOWS]

    def holders(self, log: str, reader: str) -> list[str]:
        readers = self.readers(log)
        owner, _ = parts_of(log)
        return [owner, *self.fellows(readers, readers.index(reader))] if reader in readers else [owner]

    def wanted(self) -> Wanted:
        found = Wanted()
        for owner in self.committees:
            for log in (log_of(owner, channel) for channel in self.channels_of(owner)):
                stream, readers = stream_of(owner), self.readers(log)
                found.streams.setdefault(stream, set()).add(subject_of(log))
                found.asks.setdefault(owner, set()).update(readers[:MOST_WITNESSES])
                for at, reader in enumerate(readers):
                    found.consumers.setdefault((stream, reader), set()).add(subject_of(log))
                    found.follows.setdefault(reader, set()).add(log)
                    found.asks.setdefault(reader, set()).update([owner, *self.fellows(readers, at)])
        return found


@given(odd_directories())
def test_kin_and_readers_are_those_of_the_plain_definitions(directory: Directory) -> None:
    plain, everybody = Plain(directory), [*directory.entries, "990000", "nobody"]
    for id in everybody:
        assert directory.ancestors(id) == plain.ancestors(id)
        assert directory.children(id) == plain.children(id)
        assert directory.subtree(id) == plain.subtree(id)
        assert directory.partners(id) == plain.partners(id)
        assert directory.neighbours(id) == plain.neighbours(id)
        assert directory.channels_of(id) == plain.channels_of(id)
        assert directory.follows(id) == plain.follows(id)
        for other in everybody:
            if directory.is_active(other):
                between = plain.between(id, other)
                assert directory.reach(id, other) == (between if "o" in between else [*between, "o"])


@given(odd_directories())
def test_who_may_read_and_whom_one_asks_are_those_of_the_plain_definitions(directory: Directory) -> None:
    plain, everybody = Plain(directory), [*directory.entries, "990000", "nobody"]
    unknown = [f"m_{9:032x}", "x_990000"]
    for log in (log_of(id, channel) for id in everybody for channel in [*plain.channels_of(id), *unknown]):
        readers = plain.readers(log)
        assert directory.readers(log) == readers
        for who in everybody:
            trust = Trust(who, directory, KEY)
            assert trust.may_read(who, log) == (directory.is_active(who) and (log.startswith(who) or who in readers))
            assert directory.is_reader(log, who) == (who in readers)
            assert trust.holders(log) == holders(directory, log, who) == plain.holders(log, who)


@given(odd_directories())
def test_what_is_wanted_of_the_hub_is_what_the_plain_definition_says(directory: Directory) -> None:
    assert wanted(directory) == Plain(directory).wanted()


def test_many_readers_are_given_the_same_few_witnesses_and_fellows() -> None:
    directory = Directory(contents(120))
    assert len(directory.readers(f"{NATION}/d")) > MOST_WITNESSES > MOST_FELLOWS
    assert wanted(directory) == Plain(directory).wanted()


def test_eight_times_the_committees_are_eight_times_the_work() -> None:
    assert work(800) / 800 < 1.5 * work(100) / 100


def work(count: int) -> int:
    """Bytecode instructions for what the hub is wanted to be and what each committee follows: no clock decides."""
    done = 0

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any]:
        nonlocal done
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        done += event == "opcode"
        return trace

    directory, before = Directory(contents(count)), sys.gettrace()
    sys.settrace(trace)
    try:
        wanted(directory)
        for id in directory.committees:
            directory.follows(id)
    finally:
        sys.settrace(before)
    return done
