"""What a service keeps for good is what it works with, and nothing that its start left behind."""

import subprocess
import sys

PROGRAM = """
import gc, weakref
from sync.edge.collecting import settled

class Thing: ...

gc.disable()
kept, left = Thing(), Thing()
left.itself = left
seen = weakref.ref(left)
del left
settled()
print(seen() is None, gc.get_freeze_count() > 0, gc.get_threshold()[0] > 700)
"""


def test_garbage_of_the_start_is_thrown_away_before_the_rest_is_kept() -> None:
    """In a process of its own: it would change this one's collector."""
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["True", "True", "True"]
