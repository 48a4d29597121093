"""A PostgreSQL server of the tests' own, on a free port of the loopback, gone when they end."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

POSTGRESQL = "LIANDONG_TEST_POSTGRESQL"
"""Environment: URL of a database in which tests may make and drop schemas, instead of a server of their own."""
_WAIT = 30.0


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, if it is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of an empty database; nothing is kept on disk for long, so nothing is flushed.

    Its folder is none of pytest's: every pytest that starts closes those to other users, and a server that runs as
    another user dies of it at its next checkpoint, with all tests that come after.
    """
    kept = TemporaryDirectory(prefix="liandong-postgresql-", ignore_cleanup_errors=True)
    with kept as folder, _running(Path(folder)) as url:
        yield url


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    bin_ = programs()
    assert bin_ is not None
    data, port = folder / "data", _free_port()
    as_whom = _not_root(folder)
    _run(
        [bin_ / "initdb", "-D", data, "-U", "liandong", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"], as_whom
    )
    server = subprocess.Popen(
        [
            bin_ / "postgres", "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1",
            "-c", f"unix_socket_directories={folder}", "-c", "fsync=off", "-c", "max_connections=40",
            "-c", "autovacuum=off",  # rows stay in the order in which they came
        ],
        stdout=subprocess.DEVNULL, stderr=(folder / "log").open("wb"), user=as_whom, group=as_whom,
    )  # fmt: skip
    try:
        _listens(port, server, folder / "log")
        _run([bin_ / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "liandong", "committee"], as_whom)
        yield f"postgresql+psycopg://liandong@127.0.0.1:{port}/committee"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


def _run(command: list[object], as_whom: int | None) -> None:
    subprocess.run([str(each) for each in command], check=True, stdout=subprocess.DEVNULL, user=as_whom, group=as_whom)


def _not_root(folder: Path) -> int | None:
    """PostgreSQL refuses to run as root: then it runs as its own user, who needs the folder."""
    if os.geteuid() != 0:
        return None
    user = pwd.getpwnam("postgres").pw_uid
    os.chown(folder, user, -1)
    for above in folder.parents:  # where temporary files are may be closed to others
        if not above.stat().st_mode & 0o001:
            above.chmod(above.stat().st_mode | 0o011)
    return user


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _listens(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _WAIT
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as tried:
            tried.settimeout(0.2)
            if tried.connect_ex(("127.0.0.1", port)) == 0 and "ready to accept" in log.read_text(errors="replace"):
                return
    raise RuntimeError(log.read_text(errors="replace")[-2000:])
