"""The commands, as three people type them: the registrar's, the candidate's, and whoever keeps its root key."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.command import app
from sync.contract import jose
from tests.sync.registrar.offices import COUNTY, SISTER


class Desk:
    """A folder with everybody's files, and what was printed last."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        monkeypatch.chdir(folder)
        (folder / "tenant.toml").write_text(f'committee = "{COUNTY}"\npublic_url = "https://zx.yuhang.example"\n')

    def run(self, line: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, line.split(), catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.output

    def into(self, file: str, line: str) -> None:
        (self.folder / file).write_text(self.run(line))

    def admitted(self) -> "Desk":
        self.run("directory init --prefix 3301 --name 杭州登记处")
        self.run(f"directory invite {COUNTY} --by 王芳 --out invite.jws")
        self.into("told.json", "tenant particulars --invite invite.jws")
        fingerprint = self.run("descriptor answer invite.jws told.json --name 余杭区政协").rpartition("指纹")[2]
        shown = self.run("directory admit answer.jws --by 王芳")
        assert fingerprint.strip() in shown
        typed = "".join(fingerprint.split())
        self.run(f"directory admit {COUNTY} --by 王芳 --fingerprint {typed}")
        self.run(f"descriptor approve {typed} --by 李强")
        assert "ACTIVE" in self.run("directory admit approval.jws --by 王芳")
        return self


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


def test_from_an_empty_folder_to_a_committee_in_the_directory(desk: Desk) -> None:
    desk.admitted()
    assert "1 parties" in desk.run("directory verify")
    assert "余杭区政协" in desk.run("directory show")
    assert desk.run("directory audit").count("王芳") >= 4
    roots = [json.loads((desk.folder / each).read_bytes()) for each in ("federation-root.jwk", "registry/root.jwk")]
    assert roots[0] == roots[1]
    told = json.loads(desk.run("descriptor show").partition("fingerprint")[0])
    assert told["login_url"] == "https://zx.yuhang.example/gateway-sign-in"


def test_no_secret_is_in_what_leaves_a_machine(desk: Desk) -> None:
    desk.admitted()
    secrets = [json.loads(each.read_bytes())["d"] for each in desk.folder.rglob("*.jwk") if b'"d"' in each.read_bytes()]
    assert len(secrets) >= 7
    for name in ("told.json", "invite.jws", "answer.jws", "approval.jws", "descriptor.jws", "directory.jws"):
        text = (desk.folder / name).read_text()
        opened = [jose.payload_of(each).decode() for each in text.split() if name.endswith(".jws")]
        assert not [secret for secret in secrets if secret in text + "".join(opened)], name


def test_each_command_changes_what_the_directory_says(desk: Desk) -> None:
    desk.admitted()
    desk.run(f"directory suspend {COUNTY} --by 王芳 --why 演练")
    assert "SUSPENDED" in desk.run("directory show")
    desk.run(f"directory resume {COUNTY} --by 王芳")
    desk.run(f"directory void-tokens {COUNTY} --by 王芳 --why 外泄")
    desk.run(f"directory recode {COUNTY} 330119 --by 王芳")
    desk.run(f"directory mechanism {COUNTY}.mechanism.{1:032x} 联动 --member {COUNTY} --by 王芳")
    desk.into("told.json", "tenant particulars")
    assert "nothing changed" in desk.run("descriptor renew told.json")
    desk.run("tenant replace-key event")
    desk.into("told.json", "tenant particulars")
    desk.run("descriptor renew told.json --contact 0571-12345678")
    desk.run("directory rotate descriptor.jws --by 王芳")
    assert "seq 2" in desk.run("directory show")
    desk.run(f"directory close {COUNTY} --by 王芳 --why 并入 --successor 330100")
    shown = desk.run("directory show")
    assert ("CLOSED" in shown, "successor 330100" in shown, "void" in shown) == (True, True, True)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f"directory invite {COUNTY} --by 王芳", "ID_TAKEN"),
        ("directory invite 310118 --by 王芳", "NOT_OUR_ID"),
        (f"directory suspend {SISTER} --by 王芳 --why x", "UNKNOWN_COMMITTEE"),
        ("directory rotate descriptor.jws --by 王芳", "OLDER_DESCRIPTOR"),
        ("directory admit answer.jws --by 王芳", "INVITE_USED"),
        (f"directory admit {COUNTY} --by 王芳 --fingerprint 0", "OUT_OF_TURN"),
        ("directory verify nowhere.jws", "nowhere.jws"),
        ("descriptor approve 0000 --by 李强", "WRONG_FINGERPRINT"),
        ("descriptor renew told.json --root other.jwk", "other.jwk"),
    ],
)
def test_a_refusal_names_its_code_and_changes_nothing(desk: Desk, line: str, why: str) -> None:
    desk.admitted()
    before = (desk.folder / "directory.jws").read_bytes()
    assert why in desk.run(line, 1)
    assert (desk.folder / "directory.jws").read_bytes() == before


def test_a_directory_that_was_touched_does_not_verify(desk: Desk) -> None:
    desk.admitted()
    text = (desk.folder / "directory.jws").read_text()
    (desk.folder / "touched.jws").write_text(text[:-9] + "AAAAAAAAA")
    desk.run("directory verify touched.jws", 1)
    desk.run("directory verify --root registry/registrar.jwk", 1)


def test_a_touched_ledger_stops_everything(desk: Desk) -> None:
    desk.admitted()
    ledger = desk.folder / "registry" / "ledger.jsonl"
    ledger.write_text(ledger.read_text().replace("王芳", "张三", 1))
    for line in ("directory audit", "directory show", f"directory suspend {COUNTY} --by 王芳 --why x"):
        assert "line 1 was altered" in desk.run(line, 1)


def test_a_second_registrar_is_granted_its_ids(desk: Desk) -> None:
    desk.admitted()
    (desk.folder / "shanghai.toml").write_text('folder = "shanghai"\ndirectory = "shanghai.jws"\n')
    desk.run("directory init -c shanghai.toml")
    assert "上海" in desk.run("directory grant 上海 shanghai/registrar.jwk --prefix 31")
    for name in ("root.jwk", "charter.jws"):
        (desk.folder / "shanghai" / name).write_bytes((desk.folder / "registry" / name).read_bytes())
    desk.run("directory invite 310118 --by 赵敏 --out other.jws -c shanghai.toml")
    assert "NOT_OUR_ID" in desk.run(f"directory invite {SISTER} --by 赵敏 -c shanghai.toml", 1)
