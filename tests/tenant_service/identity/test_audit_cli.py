"""`liandong tenant audit verify` ends with 0 over a whole log, and else with 1 and the first entry that is wrong."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner, Result

from deploy.command import app
from sync.contract.shapes.audit import Head, signed
from sync.contract.trust.directory import NOBODY_LISTED
from tenant_service.identity import audit
from tenant_service.identity.actor import Actor
from tenant_service.identity.keys import keys_in
from tenant_service.identity.models import AuditRow
from tenant_service.storage.engine import open_engine
from tenant_service.storage.migrate import migrate
from tenant_service.storage.unit_of_work import Units, utc_now
from tests.tenant_service.identity.tampering import disarm, run
from tests.tenant_service.places import JIASHAN


class _Untold:
    directory = NOBODY_LISTED

    def put_all(self, *_: object) -> None: ...
    def delete(self, *_: object) -> None: ...


@pytest.fixture
def engine(tmp_path: Path, clerk: Actor) -> Engine:
    """A committee's folder with three acts in its log, made by migrations, as in production."""
    (tmp_path / "tenant.toml").write_text(f'committee = "{JIASHAN}"\ndatabase = "sqlite:///{tmp_path}/jiashan.db"\n')
    made = open_engine(f"sqlite:///{tmp_path}/jiashan.db")
    migrate(made)
    for n in range(3):
        with Units(made, JIASHAN, _Untold(), utc_now).write() as unit:
            audit.note(unit, clerk, "venue.change", f"{JIASHAN}.venue.{n}")
    return made


def verify(folder: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["tenant", "audit", "verify", "--config", str(folder / "tenant.toml"), *more])


def test_a_whole_log(engine: Engine, tmp_path: Path) -> None:
    said = verify(tmp_path)
    assert (said.exit_code, said.output) == (0, "the audit log is whole: 3 entries\n")


def test_a_broken_log_is_named_by_entry(engine: Engine, tmp_path: Path) -> None:
    disarm(engine)
    run(engine, "UPDATE audit_entry SET sub = 'x' WHERE seq = 2")
    said = verify(tmp_path)
    assert said.exit_code == 1
    assert "BROKEN at entry 2: it does not follow from those before it" in said.output


def test_a_tail_that_was_cut_with_its_end_is_found_by_the_parents_heads(engine: Engine, tmp_path: Path) -> None:
    with Units(engine, JIASHAN, _Untold(), utc_now).read() as unit:
        chain = unit.session.scalar(select(AuditRow.chain).where(AuditRow.seq == 3))
    assert chain is not None
    proof = signed(Head(JIASHAN, "2026-04", 3, chain.hex(), 0), keys_in(tmp_path / "keys").event)
    heads = tmp_path / "heads.jsonl"
    heads.write_bytes(msgspec.json.encode({"proof": proof}) + b"\n")
    assert verify(tmp_path, "--heads", str(heads)).output == (
        "the audit log is whole: 3 entries, and contains 1 heads that were told of it\n"
    )
    disarm(engine)
    run(engine, "DELETE FROM audit_entry WHERE seq = 3")
    run(engine, "UPDATE audit_end SET seq = 2, chain = (SELECT chain FROM audit_entry WHERE seq = 2)")
    assert verify(tmp_path).exit_code == 0, "the chain alone cannot know"
    said = verify(tmp_path, "--heads", str(heads))
    assert said.exit_code == 1
    assert "BROKEN at entry 3" in said.output


def test_a_head_that_this_committee_did_not_sign_is_no_head(engine: Engine, tmp_path: Path) -> None:
    heads = tmp_path / "heads.jsonl"
    heads.write_text('{"proof": "a.b.c"}\n')
    assert verify(tmp_path, "--heads", str(heads)).exit_code == 1
