"""What can happen to one committee: its process, its database, its disk, its clock, its release, its key."""

import signal
import time
from collections.abc import Awaitable, Callable

import msgspec

from sync.contract import jose
from tests.faults.databases import Backup
from tests.faults.evidence import Window
from tests.faults.federation import is_stopped, remove
from tests.faults.scene import Scene

DAY = 86_400.0
_SMALL = 256 * 1024
"""Bytes: below any committee's database, above each file of its journal."""


async def kill_committee(scene: Scene) -> int:
    """1: its process was killed and started again."""
    id = scene.anybody()
    async with scene.of[id]:
        scene.fed.kill(id)
        await scene.some_time(0, 1)
        scene.fed.start(id)
    return 1


async def stop_committee(scene: Scene) -> int:
    """1: its process stood still for some seconds."""
    id = scene.anybody()
    async with scene.of[id]:
        running = scene.fed[id].running
        assert running is not None
        scene.fed.signal(id, signal.SIGSTOP)
        stood = await scene.until(lambda: is_stopped(running.pid), within=2)
        await scene.some_time(1, 4)
        scene.fed.signal(id, signal.SIGCONT)
    return int(stood)


async def die_at_a_point(scene: Scene) -> int:
    """1: its process killed itself between two lines of our code; see `tests.faults.kill_points`."""
    id = scene.anybody()
    point = scene.draw.choice(["written", "page-sent", "applied", "page-stored"])
    async with scene.of[id]:
        return await dies_at(scene, id, f"{point}:{scene.draw.randint(1, 12)}")


async def dies_at(scene: Scene, id: str, point: str) -> int:
    each = scene.fed[id]
    scene.fed.kill(id)
    each.config = msgspec.structs.replace(each.config, kill_at=point)
    scene.fed.start(id)
    each.config = msgspec.structs.replace(each.config, kill_at="")
    running = each.running
    assert running is not None
    died = await scene.until(lambda: running.poll() == -signal.SIGKILL, within=10)
    scene.fed.kill(id)
    scene.fed.start(id)
    return int(died)


# ── backups ──


async def _restored(scene: Scene, how: Callable[[str, Backup], Awaitable[None]]) -> int:
    """Whether the database was another afterwards. Waits for a backup, and for some work that it does not know."""
    having = await scene.until(lambda: sorted(id for id, backups in scene.backups.items() if backups), within=30)
    if not having:
        return 0  # on a very slow machine nobody has one yet
    id = scene.draw.choice(having)
    async with scene.of[id]:
        backup = scene.draw.choice(scene.backups[id])
        await scene.until(lambda: len(scene.acts(id, backup.ended)) > 5)
        before = _stand(scene, id)
        await how(id, backup)
        return int(_stand(scene, id) != before)


def _stand(scene: Scene, id: str) -> tuple[object, ...]:
    """Which acts it knows, and what it has applied."""
    return (
        scene.rows(id, "SELECT record, canary FROM mine ORDER BY record"),
        scene.number(id, "SELECT max(n) FROM applied"),
    )


async def restore(scene: Scene) -> int:
    """1: the process was stopped, its database replaced by an older one, and it was started again."""

    async def stopped(id: str, backup: Backup) -> None:
        scene.fed.kill(id)
        scene.fed.restore(id, backup)
        await scene.some_time(0, 1)
        scene.fed.start(id)

    return await _restored(scene, stopped)


async def restore_live(scene: Scene) -> int:
    """1: the database was replaced under the running process."""

    async def live(id: str, backup: Backup) -> None:
        scene.fed.restore(id, backup, is_live=True)

    return await _restored(scene, live)


async def restore_twice(scene: Scene) -> int:
    """1: the same backup was restored twice in a row, with some work between."""

    async def twice(id: str, backup: Backup) -> None:
        for _ in range(2):
            scene.fed.kill(id)
            scene.fed.restore(id, backup)
            scene.fed.start(id)
            await scene.some_time(0.5, 2.5)

    return await _restored(scene, twice)


async def restore_with_store(scene: Scene) -> int:
    """1: an owner's database was replaced while the hub lost all it had: only readers know what was said."""

    async def both(id: str, backup: Backup) -> None:
        async with scene.hub:
            scene.fed.kill(id)
            scene.fed.hub.server.kill()
            remove(scene.fed.hub.server.place.store)
            scene.fed.restore(id, backup)
            await scene.fed.restart_hub()
            scene.fed.start(id)

    return await _restored(scene, both)


async def restore_and_die(scene: Scene) -> int:
    """1: after a restore it was killed in the act of beginning its new epoch."""
    died = 0

    async def dying(id: str, backup: Backup) -> None:
        nonlocal died
        scene.fed.kill(id)
        scene.fed.restore(id, backup)
        died = await dies_at(scene, id, "epoch-begun:1")

    await _restored(scene, dying)
    return died


# ── its machine ──


async def full_disk(scene: Scene) -> int:
    """Acts that failed while no file of its process could grow beyond a small size. Only of those on SQLite: others'
    files are not their process's.
    """
    committees = scene.fed.committees
    id = scene.draw.choice([each for each in committees if committees[each].config.database.startswith("sqlite")])
    async with scene.of[id]:
        begun = time.monotonic_ns()
        scene.fed.limit_files(id, _SMALL)

        found = await scene.until(lambda: sum(bool(each.error) for each in scene.acts(id, begun)))
        await scene.some_time(0, 2)
        scene.fed.limit_files(id, -1)
        await scene.fed.pause(0.2)
        scene.fed.evidence.windows.append(Window(id, begun, time.monotonic_ns()))
    return int(found)


async def wrong_clock(scene: Scene) -> int:
    """Acts that were written with a clock a day ahead or behind."""
    id = scene.anybody()
    async with scene.of[id]:
        begun = time.monotonic_ns()
        was = scene.fed[id].control
        scene.fed.tell(id, msgspec.structs.replace(was, clock_off=scene.draw.choice([-DAY, DAY])))
        await scene.some_time(2, 5)
        scene.fed.tell(id, msgspec.structs.replace(scene.fed[id].control, clock_off=0.0))
    return sum(abs(each.intent.wall - time.time()) > DAY / 2 for each in scene.acts(id, begun))


async def newer_release(scene: Scene) -> int:
    """Records that older neighbours held unread, because a newer release had written them."""
    id = scene.anybody()
    async with scene.of[id]:
        scene.fed.kill(id)
        scene.fed[id].config = msgspec.structs.replace(scene.fed[id].config, schema=2)
        scene.fed.start(id)
    statement = "SELECT count(*) FROM copy WHERE state = 'UNSUPPORTED'"
    older = [each for each in list(scene.fed.committees) if scene.fed[each].config.schema == 1]
    return int(await scene.until(lambda: sum(scene.number(each, statement) for each in older)))


async def rotate_key(scene: Scene) -> int:
    """Pages that readers hold with a signature of the new key. The old one stays in the directory beside it."""
    id = scene.anybody()
    async with scene.directory:
        key = jose.new_key()
        scene.fed.registry.event[id].append(key)
        scene.fed.give_keys(id)
        await scene.fed.learn()

    def signed() -> int:
        found = 0
        for reader in list(scene.fed.committees):
            statement = "SELECT DISTINCT proof FROM received WHERE log LIKE ? AND proof <> ''"
            proofs = scene.rows(reader, statement, f"{id}/%")
            found += sum(jose.header_of(proof).get("kid") == key.kid for (proof,) in proofs)
        return found

    return int(await scene.until(signed))
