"""The demo does what its help says: one file that tells all, commands beside it, an end that leaves nothing running."""

import os
import signal
import subprocess
from pathlib import Path

import httpx2
import pytest

from tests.federation import demos
from tests.federation.demos import Demo, liandong
from tests.gateway.federation import free_port
from tests.waiting import until

pytestmark = [pytest.mark.federation, pytest.mark.timeout(900)]
QINGPU = "310118"


def answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/livez", timeout=2).is_success
    except httpx2.HTTPError:
        return False


ROLES = ("clerk", "secretary", "member", "coordinator", "department")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_summary_tells_where_everything_is(delta: Demo) -> None:
    told = delta.look()
    assert set(told) == {"hub", "gateway", "committees", "logins"}
    assert Path(told["hub"]["store"]).is_dir()
    assert is_alive(told["hub"]["pid"])
    assert answers(told["gateway"]["url"])
    for committee in told["committees"]:
        assert answers(committee["url"])
        assert is_alive(committee["pid"])
        assert Path(committee["database"]).is_file()
        assert Path(committee["creds"]).is_file()
    roles = {(each["committee"], each["role"]) for each in told["logins"]}
    assert {(each["id"], role) for each in told["committees"] for role in ROLES} <= roles
    contacts = [each for each in told["logins"] if each["role"] == "department"]
    assert {each["username"] for each in contacts} == {"department", "department-edu", "department-civil"}
    assert "嘉善县教育局" in {each["body"] for each in contacts}


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_committee_ends_and_starts_again(delta: Demo, how: str) -> None:
    before = delta.committee(QINGPU)
    delta.run(how, QINGPU)
    assert not is_alive(before["pid"])
    assert not answers(before["url"])
    assert delta.committee(QINGPU)["pid"] == 0
    assert "0" not in delta.run("start", QINGPU).split()[-1:]
    assert answers(before["url"])
    assert is_alive(delta.committee(QINGPU)["pid"])


def test_a_process_that_is_killed_by_hand_is_noticed(delta: Demo) -> None:
    os.kill(delta.committee(QINGPU)["pid"], signal.SIGKILL)
    until(lambda: delta.committee(QINGPU)["pid"] == 0, within=20)
    delta.run("start", QINGPU)
    assert answers(delta.committee(QINGPU)["url"])


def test_commands_say_what_they_cannot_do(delta: Demo, tmp_path: Path) -> None:
    assert "310118" in delta.run("stop", "999999", code=1), "it names those that run"
    assert "no account" in delta.run("token", QINGPU, "emperor", code=1)
    assert delta.run("token", QINGPU, "department").count(".") == 2, "a contact signs in like anybody"
    done = subprocess.run(
        liandong("demo", "stop", "--dir", str(tmp_path), "hub"), check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "no demo runs" in done.stderr


def test_a_token_works_at_home_and_at_the_gateway(delta: Demo) -> None:
    token = delta.run("token", QINGPU, "clerk").strip()
    for url in (delta.committee(QINGPU)["url"], delta.look()["gateway"]["url"]):
        answer = httpx2.post(
            f"{url}/graphql", json={"query": "{ viewer { iss roles } }"}, timeout=20,
            headers={"Authorization": f"Bearer {token}"},
        ).json()  # fmt: skip
        assert answer["data"]["viewer"] == {"iss": QINGPU, "roles": ["CLERK"]}, answer


def test_each_kind_of_work_is_there_to_look_at(delta: Demo) -> None:
    """At each of the three: a topic at its last step with its list, bodies that were appraised and the problems found
    there, calls.
    """
    told = delta.data(
        "330421",
        "clerk",
        """{
        topics(where: {states: [IN_PROCEDURE]}) { nodes { step itemsAgreed } }
        campaigns { nodes { kind state findings findingsDone } } appraisals { nodes { state ballots } }
        calls { nodes { state called } } }""",
    )
    assert [(each["step"], each["itemsAgreed"]) for each in told["topics"]["nodes"]] == [("track", 4)] * 3
    assert {(each["kind"], each["state"]) for each in told["campaigns"]["nodes"]} == {
        ("APPRAISAL", "RUNNING"), ("COLLECTIVE", "RUNNING"),
    }  # fmt: skip
    assert {each["findings"] for each in told["campaigns"]["nodes"]} == {5, 2}
    assert {(each["state"], each["ballots"]) for each in told["appraisals"]["nodes"]} == {
        ("PUBLISHED", 16), ("COUNTED", 16),
    }  # fmt: skip
    assert {(each["state"], each["called"]) for each in told["calls"]["nodes"]} == {("ANSWERED", 2), ("OPEN", 2)}


def test_the_end_leaves_nothing_running_and_the_next_start_finds_the_data(tmp_path: Path) -> None:
    folder, port = tmp_path / "demo", free_port()
    titles = '{ activities(at: {ids: ["330421"]}, first: 50) { nodes { id } } }'
    with demos.running(folder, "delta", port) as demo:
        pids = [each["pid"] for each in (demo.look()["hub"], demo.told["gateway"], *demo.told["committees"])]
        before = demo.data(QINGPU, "clerk", titles)
    until(lambda: not any(map(is_alive, pids)), within=20)
    assert not (folder / "demo.json").exists(), "nothing runs, so nothing is told"
    with demos.running(folder, "delta", port) as demo:
        assert demo.data(QINGPU, "clerk", titles) == before


@pytest.mark.timeout(1200)
def test_the_main_job_is_done_step_by_step(tmp_path: Path) -> None:
    """`liandong demo --check` over Hangzhou's thirteen districts and the Delta's three."""
    done = subprocess.run(
        liandong(
            "demo", "--check", "--scene", "hangzhou,delta", "--dir", str(tmp_path / "demo"), "--port", str(free_port())
        ),
        check=False, capture_output=True, text=True, timeout=380,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "13/13 已计入，其中 12 实时" in done.stdout
    assert [line[0] for line in done.stdout.splitlines()[:9]] == list("123456789")
