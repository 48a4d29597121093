"""What can happen to the hub: its process, its store, and what an operator does to it by mistake."""

import shutil
import signal

from nats.js.errors import APIError

from tests.faults.federation import is_stopped, remove
from tests.faults.scene import STREAMS, Scene

_MOST_DELETED = 3_000


async def kill_hub(scene: Scene) -> int:
    """Lines that were open when it was killed."""
    async with scene.hub:
        lines = await scene.until(lambda: sum(each.proxy.open_lines for each in list(scene.fed.committees.values())))
        scene.fed.hub.server.kill()
        await scene.some_time(0, 1.5)
        await scene.fed.restart_hub()
    return int(lines)


async def stop_hub(scene: Scene) -> int:
    """1: it stood still for some seconds."""
    async with scene.hub:
        process = scene.fed.hub.server.process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        stood = await scene.until(lambda: is_stopped(process.pid), within=2)
        await scene.some_time(1, 4)
        process.send_signal(signal.SIGCONT)
    return int(stood)


async def lose_store(scene: Scene) -> int:
    """Messages that were in it."""
    async with scene.hub:
        _, messages = await _fullest(scene)
        scene.fed.hub.server.kill()
        remove(scene.fed.hub.server.place.store)
        await scene.some_time(0, 1)
        await scene.fed.restart_hub()
    return messages


async def old_store(scene: Scene) -> int:
    """Messages that had been acknowledged and were gone: an older copy of the store is put back."""
    server = scene.fed.hub.server
    kept = scene.fed.folder / "store-kept"
    async with scene.hub:
        await server.stop()
        remove(kept)
        shutil.copytree(server.place.store, kept)
        await scene.fed.restart_hub()
        stream, before = await _fullest(scene)
        now = before
        await scene.some_time(0.5, 3)
        for _ in range(50):
            if (now := await scene.fed.messages(stream)) > before:
                break
            await scene.fed.pause(0.1)
        server.kill()
        remove(server.place.store)
        shutil.copytree(kept, server.place.store)
        await scene.fed.restart_hub()
    return max(now - before, 0)


async def _fullest(scene: Scene) -> tuple[str, int]:
    """The stream with the most messages, and how many; waited for, because another fault may have emptied all."""
    found = dict.fromkeys(STREAMS, 0)
    for _ in range(80):
        found = {each: await scene.fed.messages(each) for each in STREAMS}
        if any(found.values()):
            break
        await scene.fed.pause(0.1)
    stream = max(found, key=lambda each: found[each])
    return stream, found[stream]


async def delete_messages(scene: Scene) -> int:
    """Messages that were deleted while somebody who wants them was cut off."""
    away = scene.anybody()
    async with scene.line[away], scene.hub:
        scene.fed[away].proxy.cut()
        try:
            await scene.some_time(0.5, 2)
            deleted = sum([await _delete_newest(scene, each, scene.draw.randint(1, 60), 0.7) for each in STREAMS])
        finally:
            scene.fed[away].proxy.heal()
    return deleted


async def purge(scene: Scene) -> int:
    """Messages of one stream that its operator purged: of every log its oldest, or all there were."""
    async with scene.hub:
        stream, messages = await _fullest(scene)
        if scene.draw.random() < 0.5:
            await scene.fed.hub.controller.jetstream.purge_stream(stream)
            return messages
        held = await scene.fed.hub.controller.jetstream.stream_info(stream, subjects_filter="sh.>")
        counts = held.state.subjects or {}
        for subject, count in counts.items():
            await scene.fed.hub.controller.jetstream.purge_stream(stream, subject=subject, keep=max(1, count // 10))
        return sum(count - max(1, count // 10) for count in counts.values())


async def _delete_newest(scene: Scene, stream: str, count: int, share: float) -> int:
    jetstream, deleted = scene.fed.hub.controller.jetstream, 0
    state = (await jetstream.stream_info(stream)).state
    for seq in range(max(state.first_seq, state.last_seq - count + 1), state.last_seq + 1):
        if scene.draw.random() < share:
            try:
                deleted += bool(await jetstream.delete_msg(stream, seq))
            except APIError:  # it was gone already
                continue
    return deleted


async def delete_stream(scene: Scene) -> int:
    """Messages that went with a stream that its operator deleted."""
    async with scene.hub:
        stream, messages = await _fullest(scene)
        await scene.fed.hub.controller.jetstream.delete_stream(stream)
    return messages


async def delete_consumer(scene: Scene) -> int:
    """1: a reader's consumer was deleted by the operator."""
    async with scene.hub:
        return int(await scene.fed.hub.controller.jetstream.delete_consumer(STREAMS[0], scene.anybody()))
