"""Acts on the hub that go side by side, and those that must not."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.hub.plan import (
    Act,
    DeclareConsumer,
    DeclareStream,
    DropConsumer,
    PushAccount,
    chains,
    consumer_config,
    stream_config,
)
from sync.hub.together import together

_readers = st.sampled_from(["330100", "330110", "330110_boot", "330102"])
_acts: st.SearchStrategy[Act] = st.one_of(
    st.builds(lambda stream, name: DeclareConsumer(stream, consumer_config(name, ["sh.33.01.00.c"])),
              st.sampled_from(["SH_33", "SH_31"]), _readers),
    st.builds(DropConsumer, st.sampled_from(["SH_33", "SH_31"]), _readers),
    st.builds(lambda name: DeclareStream(stream_config(name, ["sh.33.01.00.c"]), is_new=True), st.just("SH_33")),
    st.builds(lambda id: PushAccount(id, id, {}), _readers),
)  # fmt: skip


def _reader(act: Act) -> tuple[str, str] | None:
    match act:
        case DeclareConsumer(stream, config):
            return stream, str(config.name).removesuffix("_boot")
        case DropConsumer(stream, name):
            return stream, name.removesuffix("_boot")
        case DeclareStream():
            return "a stream", ""
        case _:
            return None


@given(st.lists(_acts))
def test_what_touches_one_reader_or_the_streams_is_done_in_its_order_and_everything_once(phase: list[Act]) -> None:
    found = chains(phase)
    assert sorted(map(id, (act for chain in found for act in chain))) == sorted(map(id, phase))
    for reader in {_reader(act) for act in phase} - {None}:
        its = [act for act in phase if _reader(act) == reader]
        assert [chain for chain in found if any(_reader(act) == reader for act in chain)] == [its]


@pytest.mark.asyncio
async def test_no_more_than_a_few_are_on_their_way_and_all_are_done() -> None:
    under_way, most, done = 0, 0, list[int]()

    async def work(number: int) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(number % 3):
            await asyncio.sleep(0)
        under_way -= 1
        done.append(number)

    await together(work, range(20), 4)
    assert (sorted(done), most) == (list(range(20)), 4)
    await together(work, [], 4)


@pytest.mark.asyncio
async def test_when_one_fails_it_is_told_and_the_others_have_stopped() -> None:
    ended = list[int]()

    async def work(number: int) -> None:
        try:
            if number == 2:
                raise LookupError
            await asyncio.Event().wait()
        finally:
            ended.append(number)

    with pytest.raises(LookupError):
        await together(work, range(10), 3)
    assert sorted(ended) == [0, 1, 2], "nothing more was begun"
