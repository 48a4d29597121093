"""What members do, and what is done to their membership."""

import asyncio

from nats.aio.client import Client
from nats.errors import Error as NatsError

from tests.faults.committee import Control
from tests.faults.hostile import hostile
from tests.faults.parties import HOSTILE, JOINER
from tests.faults.scene import Scene


async def hostile_member(scene: Scene) -> int:
    """Messages that it sent, and answers that it gave."""
    hub = scene.fed.hub
    creds, heard = hub.creds / f"{HOSTILE}.creds", scene.fed.folder / HOSTILE / "heard.bin"
    async with asyncio.timeout(40), hostile(hub.url, creds, scene.fed.registry, heard, scene.draw) as attacker:
        await attacker.attack()
        await scene.some_time(1, 4)
        return sum(attacker.done.values())


async def revoke(scene: Scene) -> int:
    """1: a committee was suspended in the middle of its work, the hub let it in no more, and it was admitted again."""
    id = scene.draw.choice([each for each in scene.fed.committees if each != JOINER])
    async with scene.of[id], scene.directory:
        scene.fed.registry.suspended.add(id)
        await scene.fed.learn()
        is_out = False
        for _ in range(60):
            if is_out := not await _is_let_in(scene, id):
                break
            await scene.fed.pause(0.1)
        await scene.some_time(0.5, 2.5)
        scene.fed.registry.suspended.discard(id)
        await scene.fed.learn()
    return int(is_out)


async def _is_let_in(scene: Scene, id: str) -> bool:
    """Also while the hub cannot be asked: then nobody knows."""
    hub, refused = scene.fed.hub, list[Exception]()

    async def note(error: Exception) -> None:
        refused.append(error)

    client = Client()
    try:
        await client.connect(
            hub.url, user_credentials=str(hub.creds / f"{id}.creds"), allow_reconnect=False, connect_timeout=2,
            error_cb=note, name="tried",
        )  # fmt: skip
    except (NatsError, OSError, TimeoutError) as error:
        refused.append(error)
    else:
        await client.close()
    return not any("authorization" in str(each).lower() for each in refused)


async def late_joiner(scene: Scene) -> int:
    """Events that a committee had taken in some seconds after it was admitted; the next time it joins a mechanism,
    which gives it a channel whose past it has to be given.
    """
    fed, parties = scene.fed, scene.fed.registry.parties
    async with scene.directory:
        if JOINER not in parties.present:
            parties.present.append(JOINER)
            await fed.learn()
            await scene.until((fed.hub.creds / f"{JOINER}.creds").exists)
            await fed.admit(JOINER)
            some = next(iter(fed.committees.values())).control
            fed.tell(JOINER, Control(acts=some.acts))
            fed.start(JOINER)
        elif JOINER not in parties.members:
            parties.members.append(JOINER)
            await fed.learn()
        else:
            return 1
    # Until then it is not counted among those whom other faults may meet with a backup.
    return int(await scene.until(lambda: scene.number(JOINER, "SELECT count(*) FROM applied")))
