"""`liandong demo`: the whole federation on this machine, and commands beside a running one."""

import json
import logging
import shutil
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.demo import scenes
from deploy.demo.layout import Layout, control_of, free_ports
from deploy.demo.supervisor import EVERYTHING, Supervisor, command

if TYPE_CHECKING:
    from rich.progress import Progress

app = typer.Typer(
    help="演示：整个联动网络在本机运行，Ctrl-C 结束（不可用于生产）。 "
    "The whole federation on this machine until Ctrl-C; not for production.",
    invoke_without_command=True,
)
Folder = Annotated[Path, typer.Option("--dir", help="Folder of the demo; kept, and found again next time.")]
What = Annotated[str, typer.Argument(help="A committee's id, `hub` or `gateway`.")]
_DEFAULT = Path(".liandong-demo")
_VICTIM = "330110"
_SHOWN = ("330100", "330110", "330421", "310118", "320509")
"""Committees whose own addresses are printed: those that the README's three things to try are about."""


@app.callback()
def demo(
    context: typer.Context,
    scene: Annotated[str, typer.Option(help="delta, hangzhou, nanchong, several with commas, or all.")] = "all",
    dir: Folder = _DEFAULT,
    port: Annotated[int, typer.Option(help="First of the ports to listen on; those taken are passed over.")] = 8600,
    *,
    check: Annotated[bool, typer.Option("--check", help="Do the main job once by steps; end with 0 or 1.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the data of an earlier run first.")] = False,
) -> None:  # fmt: skip
    """Start the hub, the committees, the gateway and their data; Ctrl-C ends all of it."""
    if context.invoked_subcommand is not None:
        return
    logging.disable(logging.INFO)
    try:
        chosen = scenes.chosen(scene)
    except KeyError:
        raise _stopped(f"there is no scene {scene}: {', '.join(scenes.SCENES)}, all") from None
    folder = Path(tempfile.mkdtemp(prefix="liandong-check-")) if check and dir == _DEFAULT else dir.resolve()
    if fresh and folder.exists():
        _forget(folder)
    try:
        status = _run(folder, chosen, port, check=check)
    finally:
        if check and dir == _DEFAULT:
            shutil.rmtree(folder, ignore_errors=True)
    raise typer.Exit(status)


def _run(folder: Path, chosen: list[scenes.Scene], port: int, *, check: bool) -> int:
    # All that a committee and a gateway are made of is loaded here, and not for the small commands below.
    import httpx2
    from rich.console import Console
    from rich.progress import Progress

    from deploy.demo import founding, running
    from deploy.demo.check import Check, CheckFailed
    from deploy.demo.signing_in import Refused

    if control_of(folder).exists() and _runs(folder):
        raise _stopped(f"a demo runs in {folder} already; `liandong demo stop`, or another --dir")
    ids = [place.id for scene in chosen for place in scene.places]
    layout = Layout(folder, chosen, free_ports(port, ids))
    screen = Console(stderr=True)
    running.preload()
    founding.found(layout)
    supervisor = running.supervise(layout)
    try:
        with Progress(console=screen, transient=True, disable=not screen.is_terminal) as progress:
            _prepare(layout, supervisor, progress)
        if check:
            Check(layout, supervisor, lambda line: print(line, flush=True)).run()
            print("通过：主要任务已逐步完成 / the main job is done", flush=True)
            return 0
        print(_welcome(layout), flush=True)
        supervisor.run()
    except (CheckFailed, Refused, RuntimeError, httpx2.HTTPError) as failed:
        print(f"失败 / failed: {failed}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        pass
    finally:
        supervisor.end()
        layout.summary.unlink(missing_ok=True)
    return 0


def _prepare(layout: Layout, supervisor: Supervisor, progress: "Progress") -> None:
    """Data and services are there. What is slow shows how far it is."""
    from deploy.demo import running

    filling = progress.add_task("准备数据 / filling databases", total=len(layout.places))
    running.fill(layout, lambda _name, done, total: progress.update(filling, completed=done, total=total))
    progress.update(filling, completed=len(layout.places), total=len(layout.places))
    starting = progress.add_task("启动服务 / starting", total=len(supervisor.services))
    running.start_all(
        layout, supervisor, lambda _name, done, total: progress.update(starting, completed=done, total=total)
    )


def _welcome(layout: Layout) -> str:
    """What runs, where, who can sign in, and what to try, in 26 lines."""
    first = layout.scenes[0]
    leads = [(scene, scene.leads[0]) for scene in layout.scenes]
    ids = [place.id for place in layout.places]
    victim = _VICTIM if _VICTIM in ids else first.places[-1].id
    shown = [place for place in layout.places if place.id in _SHOWN] or list(first.places[:3])
    said = f"{_program()} demo"
    dir_ = "" if layout.folder == _DEFAULT.resolve() else f" --dir {layout.folder}"
    lines = [
        "联动 Liandong 演示已就绪（仅供试用，不可用于生产）/ ready; not for production",
        "",
        f"  驾驶舱 cockpit   {layout.gateway_url}/",
        f"  网关 gateway     {layout.gateway_url}/graphql",
        f"  枢纽 hub         {layout.hub_url}    {len(layout.places)} 家政协 committees",
        "",
        "  一键登录 / one click:",
        *(f"    {scene.title}\n      {layout.gateway_url}/sign-in/{lead}" for scene, lead in leads),
        *(f"    {place.name}  {layout.url(place.id)}/" for place in shown),
        "  账号 / logins: clerk secretary member coordinator department …  密码 / password: liandong-demo",
        "",
        "  试一试 / try:",
        f"    1 停掉一家再看驾驶舱 / stop one:    {said} stop{dir_} {victim}",
        f"    2 重新启动，看它追上 / start it:    {said} start{dir_} {victim}",
        f"    3 用接口提问 / ask by API:           {said} token{dir_} {leads[0][1]} clerk",
        "",
        f"  全部地址和账号 / everything else: {layout.summary}",
        "  Ctrl-C 结束 / ends all of it",
    ]
    return "\n".join(lines)


def _program() -> str:
    """How the command was called, so that what is printed can be typed."""
    called = Path(sys.argv[0])
    if called.name != "liandong":
        return "python -m deploy"
    return str(called.relative_to(Path.cwd())) if called.is_relative_to(Path.cwd()) else str(called)


@app.command()
def stop(
    what: Annotated[
        str, typer.Argument(help="A committee's id, `hub`, `gateway`, or `all`: the whole demo.")
    ] = EVERYTHING,
    dir: Folder = _DEFAULT,
) -> None:
    """End a committee, the hub or the gateway of a running demo in order; without a name, all of it."""
    _tell(dir, "stop", what)


@app.command()
def start(what: What, dir: Folder = _DEFAULT) -> None:
    """Start it again, and wait until it answers."""
    _tell(dir, "start", what)


@app.command()
def kill(what: What, dir: Folder = _DEFAULT) -> None:
    """End it at once, as a power failure would."""
    _tell(dir, "kill", what)


@app.command()
def token(
    committee: Annotated[str, typer.Argument(help="A committee's id.")],
    role: Annotated[str, typer.Argument(help="clerk, secretary, member, chair, coordinator, department …")],
    dir: Folder = _DEFAULT,
) -> None:
    """Print a bearer token of one of the demo's accounts, for the committee's API and the gateway's."""
    import httpx2

    from deploy.demo.signing_in import Refused, sign_in

    told = _summary(dir)
    logins = [each for each in told["logins"] if (each["committee"], each["role"]) == (committee, role)]
    urls = {each["id"]: each["url"] for each in told["committees"]}
    if not logins:
        raise _stopped(f"no account of {role} at {committee}")
    try:
        login = logins[0]
        print(sign_in(urls[committee], login["username"], login["password"], [told["gateway"]["id"]]))
    except (httpx2.HTTPError, Refused) as failed:
        raise _stopped(f"{committee} does not answer: {failed}") from None


@app.command(name="open")
def open_(dir: Folder = _DEFAULT) -> None:
    """Open the cockpit of a running demo in the browser."""
    webbrowser.open(_summary(dir)["gateway"]["url"])


def _tell(folder: Path, act: str, what: str) -> None:
    try:
        told = command(control_of(folder.resolve()), act, what)
    except OSError:
        raise _stopped(f"no demo runs in {folder}") from None
    if not told["ok"]:
        raise _stopped(told["why"])
    print(_DONE[act].format(what=what, pid=told.get("pid")))


_DONE = {
    "stop": "{what} 已停止 / stopped",
    "kill": "{what} 已强行结束 / ended at once",
    "start": "{what} 已启动，进程 {pid} / started, process {pid}",
}


def _runs(folder: Path) -> bool:
    try:
        command(control_of(folder), "look", "")
    except OSError:
        return False
    return True


def _summary(folder: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads((folder.resolve() / "demo.json").read_text(encoding="utf-8"))
    except OSError:
        raise _stopped(f"no demo runs in {folder}") from None
    return told


def _forget(folder: Path) -> None:
    """Only what a demo makes is removed: somebody may have named a folder with other things in it."""
    for name in ("trust", "hub", "creds", "committees", "gateway"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _stopped(why: object) -> typer.Exit:
    print(f"liandong demo: {why}", file=sys.stderr)
    return typer.Exit(1)
