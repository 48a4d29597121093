"""What can happen to one committee's line to the hub."""

from tests.faults.proxy import Way
from tests.faults.scene import Scene


async def cut(scene: Scene) -> int:
    """Lines that were reset, attempts to come back meanwhile included."""
    id = scene.anybody()
    proxy = scene.fed[id].proxy
    async with scene.line[id]:
        before = proxy.counts["resets"]
        await scene.until(lambda: proxy.open_lines)
        proxy.cut()
        await scene.some_time(0.5, 4)
        proxy.heal()
    return proxy.counts["resets"] - before


async def half_open(scene: Scene) -> int:
    """Bytes that were kept back, in one direction or both; in the end they arrive, or the line is reset."""
    id = scene.anybody()
    proxy = scene.fed[id].proxy
    async with scene.line[id]:
        before = proxy.counts["withheld"]
        proxy.half_open(*scene.draw.choice([[Way.UP], [Way.DOWN], [Way.UP, Way.DOWN]]))
        await scene.some_time(2, 6)
        if scene.draw.random() < 0.5:
            proxy.reset()
        proxy.heal()
    return proxy.counts["withheld"] - before


async def delay(scene: Scene) -> int:
    """Bytes that came late."""
    id = scene.anybody()
    proxy = scene.fed[id].proxy
    async with scene.line[id]:
        before = proxy.counts["delayed"]
        proxy.delay(scene.draw.uniform(0.05, 0.4))
        await scene.some_time(2, 6)
        proxy.heal()
    return proxy.counts["delayed"] - before


async def drip(scene: Scene) -> int:
    """Bytes that came a few at a time."""
    id = scene.anybody()
    proxy = scene.fed[id].proxy
    async with scene.line[id]:
        before = proxy.counts["dripped"]
        proxy.drip(scene.draw.randint(7, 300), scene.draw.uniform(0.002, 0.02))
        await scene.some_time(2, 6)
        proxy.heal()
    return proxy.counts["dripped"] - before
