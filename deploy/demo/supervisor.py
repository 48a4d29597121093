"""Runs the demo's processes: one for each committee, the gateway, the hub and its controller.

One parent loads everything once and forks each service from there, before any thread or event loop begins; it waits in
a plain `select` for commands on a Unix socket, for children that end, and for the signal to end all of them.
"""

import ctypes
import gc
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 20.0
"""Seconds that a process has to end by itself before it is killed."""
_LONGEST_COMMAND = 4096
EVERYTHING = "all"


@dataclass
class Service:
    """Something that runs, or could.

    Attributes:
        begin: Starts it as a child of this process and returns the child's id.
        ready: Whether it answers.
    """

    name: str
    begin: Callable[[], int]
    ready: Callable[[], bool]
    pid: int = 0

    @property
    def runs(self) -> bool:
        return self.pid != 0


@dataclass
class Supervisor:
    """The parent of all services."""

    control: Path
    services: dict[str, Service] = field(default_factory=dict)
    changed: Callable[[], None] = lambda: None
    _ended: bool = False

    def add(self, name: str, begin: Callable[[], int], ready: Callable[[], bool]) -> Service:
        self.services[name] = Service(name, begin, ready)
        return self.services[name]

    # ── acts ──

    def start(self, name: str) -> None:
        service = self.services[name]
        if not service.runs:
            service.pid = service.begin()

    def stop(self, name: str, how: int = signal.SIGTERM) -> None:
        """It has ended; killed if it would not."""
        service = self.services[name]
        if not service.runs:
            return
        os.kill(service.pid, how)
        until = time.monotonic() + PATIENCE
        while self._waited(service) is False:
            if time.monotonic() > until:
                os.kill(service.pid, signal.SIGKILL)
                until = time.monotonic() + PATIENCE
            time.sleep(0.02)

    def _waited(self, service: Service) -> bool:
        try:
            pid, _ = os.waitpid(service.pid, os.WNOHANG)
        except ChildProcessError:
            pid = service.pid
        if pid:
            service.pid = 0
        return bool(pid)

    def wait_ready(self, names: list[str], within: float) -> list[str]:
        """Those that do not answer within so many seconds."""
        until, left = time.monotonic() + within, list(names)
        while left and time.monotonic() < until:
            left = [name for name in left if not self.services[name].ready()]
            for name in left:
                if self._has_died(self.services[name]):
                    return left
            time.sleep(0.05)
        return left

    def _has_died(self, service: Service) -> bool:
        return not service.runs or self._waited(service)

    # ── the loop ──

    def run(self) -> None:
        """Serves commands until SIGTERM or Ctrl-C; then everything has ended."""
        self.control.unlink(missing_ok=True)
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        signal.set_wakeup_fd(wake_write)
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(each, self._heard)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening, selectors.DefaultSelector() as waiting:
            listening.bind(str(self.control))
            self.control.chmod(0o600)
            listening.listen()
            waiting.register(listening, selectors.EVENT_READ)
            waiting.register(wake_read, selectors.EVENT_READ)
            while not self._ended:
                for key, _ in waiting.select(1.0):
                    if key.fileobj is listening:
                        self._serve(listening)
                    else:
                        os.read(wake_read, 1024)
                self._reap()
        self.control.unlink(missing_ok=True)

    def _heard(self, number: int, _frame: object) -> None:
        if number != signal.SIGCHLD:
            self._ended = True

    def _reap(self) -> None:
        gone = [service for service in self.services.values() if service.runs and self._waited(service)]
        if gone:
            self.changed()

    def _serve(self, listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.settimeout(2)
            answer = self._obey(connection.recv(_LONGEST_COMMAND))
            connection.settimeout(PATIENCE)
            connection.sendall(json.dumps(answer, ensure_ascii=False).encode())
            connection.shutdown(socket.SHUT_RDWR)  # a child that was forked meanwhile has it open, too

    def _obey(self, said: bytes) -> dict[str, object]:
        try:
            told = json.loads(said)
            act, name = told["act"], told["what"]
        except (ValueError, KeyError, TypeError):
            return {"ok": False, "why": "not a command"}
        if (act, name) == ("stop", EVERYTHING):
            self._ended = True
            return {"ok": True, "why": "", "pid": 0}
        if name not in self.services or act not in ("start", "stop", "kill"):
            return {"ok": False, "why": f"{name} 不在此演示中 / is not in this demo: {', '.join(self.services)}"}
        if act == "start":
            self.start(name)
            slow = self.wait_ready([name], PATIENCE)
            ok, why = not slow, "it does not answer; its log says why" if slow else ""
        else:
            self.stop(name, signal.SIGKILL if act == "kill" else signal.SIGTERM)
            ok, why = True, ""
        self.changed()
        return {"ok": ok, "why": why, "pid": self.services[name].pid}

    def end(self) -> None:
        """Everything has ended, the hub last."""
        for name in reversed(self.services):
            with suppress(ProcessLookupError):
                if self.services[name].runs:
                    os.kill(self.services[name].pid, signal.SIGTERM)
        for name in reversed(self.services):
            self.stop(name)


def forked(work: Callable[[], None], log: Path) -> int:
    """A child of this process that does `work` and ends; what it prints goes to `log`. It ends when its parent does."""
    gc.freeze()
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        _become_a_child(parent, log)
        work()
        status = 0
    except SystemExit as exit_:
        status = exit_.code if isinstance(exit_.code, int) else 1
    except BaseException:  # noqa: BLE001 — a child has nobody else to tell
        traceback.print_exc()
    finally:
        with suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _become_a_child(parent: int, log: Path) -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    signal.set_wakeup_fd(-1)
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(each, signal.SIG_DFL)
    os.setsid()  # Ctrl-C in the terminal reaches the parent alone, who ends the children in order
    log.parent.mkdir(parents=True, exist_ok=True)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.close(written)


def spawned(command: list[str], log: Path) -> int:
    """A child that runs another program."""
    with log.open("ab") as writing:
        process = subprocess.Popen(
            command, stdout=writing, stderr=writing, start_new_session=True,
            preexec_fn=lambda: ctypes.CDLL(None).prctl(1, signal.SIGKILL),  # noqa: PLW1509 — there is one thread only
        )  # fmt: skip
    process.returncode = 0  # it is waited for by its id, not by this object
    return process.pid


def command(control: Path, act: str, what: str) -> dict[str, object]:
    """Asks a running demo for something.

    Raises:
        OSError: no demo runs in that folder.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(3 * PATIENCE)
        line.connect(str(control))
        line.sendall(json.dumps({"act": act, "what": what}).encode())
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := line.recv(_LONGEST_COMMAND):
            answer += piece
    told: dict[str, object] = json.loads(answer or b'{"ok": false, "why": "no answer"}')
    return told
