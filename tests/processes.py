"""What the kernel says of another process."""

import os
from pathlib import Path


def cpu_of(pid: int) -> float:
    """Seconds of user and system time so far."""
    told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> float:
    """Megabytes that it has in memory now."""
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    [resident] = [line.split()[1] for line in told if line.startswith("VmRSS:")]
    return int(resident) / 1024
