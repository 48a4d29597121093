"""What things weigh: bytes that are still held once they are made."""

import gc
import tracemalloc
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def traced(make: Callable[[], T]) -> tuple[T, int]:
    """What was made, and its bytes; whatever else runs in this process is measured as well."""
    gc.freeze()  # what was there before is not traced, and need not be gone through to find what this leaves behind
    tracemalloc.start()
    try:
        made = make()
        gc.collect()
        return made, tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        gc.unfreeze()
