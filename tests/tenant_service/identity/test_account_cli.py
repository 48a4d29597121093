"""`liandong tenant init` and `tenant account`: three people for three roles, and roles by their own administrator."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from deploy.command import app
from sync.contract import jose
from sync.contract.shapes.members import BodyKind
from sync.contract.trust.directory import NOBODY_LISTED
from tenant_service.commands_cli import login
from tenant_service.identity import account_acts, accounts, passwords
from tenant_service.identity.audit_log import consents as audit_consents
from tenant_service.identity.models import AuditRow
from tenant_service.identity.policy import Role
from tenant_service.members import body_service
from tenant_service.members.body_service import BodyDraft
from tenant_service.storage.engine import open_engine
from tenant_service.storage.unit_of_work import Units, utc_now
from tests.directories import signed
from tests.tenant_service.places import HANGZHOU, JIASHAN, JIAXING, directory, key, staff

THREE = ("--system", "zhou=周一", "--security", "wu=吴二")
WHY = ("--reason", "分工调整")


class _Untold:
    directory = NOBODY_LISTED

    def put_all(self, *_: object) -> None: ...
    def delete(self, *_: object) -> None: ...


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tenant.toml").write_text(
        f'committee = "{JIASHAN}"\ndatabase = "sqlite:///{tmp_path}/jiashan.db"\n'
        f'directory = "{tmp_path}/directory.jws"\nroot = "{tmp_path}/root.jwk"\nkeys = "{tmp_path}/keys"\n'
    )
    return tmp_path


def joined(folder: Path) -> None:
    """The directory in which Jiaxing is above Jiashan lies at the machine."""
    root = key("root", "directory")
    (folder / "root.jwk").write_bytes(msgspec.json.encode(jose.public(root)))
    (folder / "directory.jws").write_text(signed(directory().contents, root), encoding="utf-8")


def units_in(folder: Path) -> Units:
    return Units(open_engine(f"sqlite:///{folder}/jiashan.db"), JIASHAN, _Untold(), utc_now)


def run(folder: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["tenant", *words, "--config", str(folder / "tenant.toml")], input=typed)


def roles_in(folder: Path) -> dict[str, set[Role]]:
    with units_in(folder).read() as unit:
        return {each.username: set(each.roles) for each in accounts.everybody(unit.session) if each.is_open}


def test_three_people_are_asked_for_and_each_has_a_first_password(folder: Path) -> None:
    said = run(folder, "init", typed="zhou=周一\nwu=吴二\nzheng=郑三\n")
    assert said.exit_code == 0, said.output
    assert roles_in(folder) == {
        "zhou": {Role.SYSTEM_ADMIN}, "wu": {Role.SECURITY_ADMIN}, "zheng": {Role.AUDIT_ADMIN},
    }  # fmt: skip
    role, username, first = said.output.splitlines()[-3].split()
    assert (role, username) == ("system_admin", "zhou")
    with units_in(folder).read() as unit:
        found = accounts.by_username(unit, "zhou")
        assert found.account is not None
        assert found.account.must_change
        assert passwords.matches(first, found.password_hash)
    again = run(folder, "init", *THREE, "--audit", "x=X")
    assert again.exit_code == 1
    assert "there are accounts already" in again.output


@pytest.mark.parametrize(
    "words",
    [
        ("account", "list"),
        ("client", "list"),
        ("link", "list"),
        ("audit", "verify"),
        ("audit", "heads"),
        ("retention",),
    ],
)
def test_before_a_committee_is_set_up_every_command_says_how(folder: Path, words: tuple[str, ...]) -> None:
    joined(folder)
    said = run(folder, *words)
    assert (said.exit_code, said.exception.__class__) == (1, SystemExit)
    assert said.output.rstrip().endswith("请先运行 liandong tenant init。 run liandong tenant init first")
    assert len(said.output.splitlines()) == 1


def test_one_person_is_not_two_of_the_three(folder: Path) -> None:
    said = run(folder, "init", "--system", "zhou", "--security", "zhou", "--audit", "zheng")
    assert said.exit_code == 1
    assert "USERNAME_TAKEN" in said.output
    assert roles_in(folder) == {}


def test_a_county_without_a_third_person_leaves_the_audit_to_its_parent(folder: Path) -> None:
    said = run(folder, "init", *THREE, "--audit", "", "--parent", JIAXING)
    assert said.exit_code == 0, said.output
    with units_in(folder).read() as unit:
        consent = audit_consents.in_force(unit.session)
        assert consent is not None
        assert consent.parent_id == JIAXING
        assert "audit.consent" in unit.session.scalars(select(AuditRow.act)).all()


@pytest.mark.parametrize("parent", ["33O4OO", "嘉兴", JIASHAN])
def test_the_parent_is_named_by_its_id_or_nothing_is_set_up(folder: Path, parent: str) -> None:
    said = run(folder, "init", *THREE, "--audit", "", "--parent", parent)
    assert (said.exit_code, "BAD_ID" in said.output) == (1, True)
    assert (roles_in(folder), consents_in(folder)) == ({}, ([], []))


def test_where_a_directory_lies_already_the_parent_is_the_one_that_it_shows(folder: Path) -> None:
    joined(folder)
    said = run(folder, "init", *THREE, "--audit", "", "--parent", HANGZHOU)
    assert (said.exit_code, "NOT_PARENT" in said.output) == (1, True)
    assert roles_in(folder) == {}
    assert run(folder, "init", *THREE, "--audit", "", "--parent", JIAXING).exit_code == 0


def test_accounts_are_opened_listed_and_closed_at_the_machine(folder: Path) -> None:
    run(folder, "init", *THREE, "--audit", "zheng=郑三")
    made = run(folder, "account", "add", "qian", "钱四", *WHY, typed="jia-shan-first\n")
    assert made.exit_code == 0, made.output
    assert roles_in(folder)["qian"] == set()
    assert "qian  -  -  FIRST_PASSWORD  never signed in" in run(folder, "account", "list").output
    with units_in(folder).read() as unit:
        found = accounts.by_username(unit, "qian").account
        assert found is not None
        subs = {row.sub for row in unit.session.scalars(select(AuditRow).where(AuditRow.subject == found.id))}
        assert subs == {done.sub for done in account_acts.of(unit.session, found.id)} == {f"console:{login()}"}
    assert run(folder, "account", "close", "qian", *WHY).exit_code == 0
    assert "qian" not in roles_in(folder)
    assert (
        "NEEDS_REASON" in run(folder, "account", "password", "zheng", "--reason", " ", typed="jia-shan-first\n").output
    )


def test_roles_are_given_by_who_types_the_security_administrators_password(folder: Path) -> None:
    said = run(folder, "init", *THREE, "--audit", "zheng=郑三")
    first = {line.split()[1]: line.split()[2] for line in said.output.splitlines()}
    run(folder, "account", "add", "qian", "钱四", *WHY, typed="jia-shan-first\n")
    give = ("account", "roles", "qian", *WHY, "--give", "clerk")
    assert "PASSWORD_CHANGE_NEEDED" in run(folder, *give, "--by", "wu", typed=first["wu"] + "\n").output
    for username in ("zhou", "wu"):
        own = passwords.hashed(f"of-{username}-2026")
        with units_in(folder).write() as unit:
            found = accounts.by_username(unit, username)
            assert found.account is not None
            accounts.change_own_password(unit, found.account.id, str(found.password_hash), own)
    assert "FORBIDDEN" in run(folder, *give, "--by", "zhou", typed="of-zhou-2026\n").output
    assert "BAD_CREDENTIALS" in run(folder, *give, "--by", "wu", typed="of-zhou-2026\n").output
    assert roles_in(folder)["qian"] == set()
    assert run(folder, *give, "--by", "wu", typed="of-wu-2026\n").output.endswith("clerk\n")
    assert roles_in(folder)["qian"] == {Role.CLERK}
    with units_in(folder).read() as unit:
        seen = {each.username: each.signed_in_at for each in accounts.everybody(unit.session)}
    assert set(seen.values()) == {None}, "who types a password for one command has not signed in"
    assert "no role nonsense" in run(folder, *give[:-1], "nonsense", "--by", "wu", typed="of-wu-2026\n").output
    for_a_body(folder)


def for_a_body(folder: Path) -> None:
    """The system administrator names it when the account is opened, by its name; then it is the other's."""
    with units_in(folder).write() as unit:
        draft = BodyDraft("县水务局", BodyKind.DEPARTMENT)
        water = body_service.add_body(unit, staff(JIASHAN, Role.CLERK), draft).id
    add = ("account", "add", "sun", "孙五", *WHY, "--body")
    assert "单位名录中没有此单位" in run(folder, *add, "县水利局", typed="jia-shan-first\n").output
    assert run(folder, *add, "县水务局", typed="jia-shan-first\n").output.endswith("opened\n")
    assert "sun  -  县水务局  FIRST_PASSWORD" in run(folder, "account", "list").output
    assert f"{water}  县水务局  DEPARTMENT  -  1 accounts" in run(folder, "bodies", "list").output
    wu = (*WHY, "--by", "wu")
    said = run(folder, "account", "roles", "sun", "--give", "department", *wu, typed="of-wu-2026\n")
    assert said.output.endswith("department\n")
    assert "BODY_NEEDED" in run(folder, "account", "body", "sun", *wu, typed="of-wu-2026\n").output
    said = run(folder, "account", "body", "qian", "--give", water, *wu, typed="of-wu-2026\n")
    assert said.output.endswith(f"{water}\n")
    assert run(folder, "account", "body", "qian", *wu, typed="of-wu-2026\n").output.endswith("-\n")


def test_the_audit_is_left_and_taken_back_by_who_types_the_security_administrators_password(folder: Path) -> None:
    said = run(folder, "init", *THREE, "--audit", "zheng=郑三")
    first = {line.split()[1]: line.split()[2] for line in said.output.splitlines()}
    leave = ("audit", "leave", JIAXING, *WHY)
    joined(folder)
    assert "PASSWORD_CHANGE_NEEDED" in run(folder, *leave, "--by", "wu", typed=first["wu"] + "\n").output
    for username in ("zhou", "wu", "zheng"):
        own = passwords.hashed(f"of-{username}-2026")
        with units_in(folder).write() as unit:
            found = accounts.by_username(unit, username)
            assert found.account is not None
            accounts.change_own_password(unit, found.account.id, str(found.password_hash), own)
    before = consents_in(folder)
    for username in ("zhou", "zheng"):
        refused = run(folder, *leave, "--by", username, typed=f"of-{username}-2026\n")
        assert (refused.exit_code, "FORBIDDEN" in refused.output) == (1, True)
    assert "BAD_CREDENTIALS" in run(folder, *leave, "--by", "wu", typed="of-zhou-2026\n").output
    assert "BAD_VALUE" in run(folder, *leave[:-1], "无", "--by", "wu", typed="of-wu-2026\n").output
    withdraw = ("audit", "withdraw", *WHY, "--by", "wu")
    assert "NOT_FOUND" in run(folder, *withdraw, typed="of-wu-2026\n").output
    other = ("audit", "leave", HANGZHOU, *WHY, "--by", "wu")
    assert "NOT_PARENT" in run(folder, *other, typed="of-wu-2026\n").output
    assert consents_in(folder) == before == ([], [])
    assert run(folder, *leave, "--by", "wu", typed="of-wu-2026\n").exit_code == 0
    assert consents_in(folder) == ([(JIAXING, True)], ["audit.consent"])
    assert "ALREADY_DONE" in run(folder, *leave, "--by", "wu", typed="of-wu-2026\n").output
    assert "NOT_PARENT" in run(folder, *other, typed="of-wu-2026\n").output
    assert "FORBIDDEN" in run(folder, *withdraw[:-1], "zhou", typed="of-zhou-2026\n").output
    assert consents_in(folder) == ([(JIAXING, True)], ["audit.consent"])
    assert run(folder, *withdraw, typed="of-wu-2026\n").exit_code == 0
    assert consents_in(folder) == ([(JIAXING, False)], ["audit.consent", "audit.consent_withdrawn"])


def consents_in(folder: Path) -> tuple[list[tuple[str, bool]], list[str]]:
    """Whom each consent names and whether it is in force; and what the log says of them."""
    with units_in(folder).read() as unit:
        rows = [(row.parent_id, row.withdrawn_at is None) for row in audit_consents.all_of(unit.session)]
        acts = select(AuditRow.act).where(AuditRow.act.startswith("audit.")).order_by(AuditRow.seq)
        return rows, list(unit.session.scalars(acts))
