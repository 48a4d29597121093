"""A file that nobody waits for any more leaves nothing behind."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.export.files import xlsx_pieces
from sync.edge.streams.server import bounded


def test_a_download_that_is_broken_off_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: list[list[Path]] = []

    async def pages() -> AsyncIterator[list[list[Any]]]:
        for number in range(3):
            yield [[f"第{number}期", number]] * 1_000
            seen.append(list(tmp_path.rglob("*")))  # noqa: ASYNC240 — nothing else runs meanwhile
        await asyncio.Event().wait()

    async def broken_off() -> None:
        reading = asyncio.ensure_future(anext(xlsx_pieces("活动", ["名称", "数"], pages(), list)))
        while len(seen) < 3:  # noqa: ASYNC110 — it waits for threads
            await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading

    asyncio.run(broken_off())
    assert all(seen)
    assert list(tmp_path.iterdir()) == []


def test_a_socket_reads_no_more_than_a_request_may_have() -> None:
    told = bounded(100_000)
    assert told["ws_max_size"] < 110_000
    assert told["ws_per_message_deflate"] is False
