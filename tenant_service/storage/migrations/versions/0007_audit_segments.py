"""The audit log is kept in months whose heads are signed, and the database forbids to change it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


# What the database forbids, as it was when this was written: a database that is at this revision has these triggers,
# whatever a later release puts in their place (`tenant_service.identity.audit_triggers` has those of today).
SAYS = "the audit log only grows"
IN_A_DROPPED_MONTH = (
    "EXISTS (SELECT 1 FROM audit_segment s "
    "WHERE OLD.seq BETWEEN s.first_seq AND s.last_seq AND s.dropped_at IS NOT NULL)"
)
MONTH_CHANGED = (
    "NEW.month <> OLD.month OR NEW.first_seq <> OLD.first_seq OR NEW.last_seq <> OLD.last_seq "
    "OR NEW.before <> OLD.before OR NEW.chain <> OLD.chain OR NEW.head <> OLD.head OR NEW.at <> OLD.at"
)
ON_SQLITE = {
    "audit_entry_replace": "INSERT ON audit_entry WHEN EXISTS (SELECT 1 FROM audit_entry WHERE seq = NEW.seq)",
    "audit_entry_update": "UPDATE ON audit_entry",
    "audit_entry_delete": (
        f"DELETE ON audit_entry WHEN OLD.at > datetime('now', '-6 months') OR NOT {IN_A_DROPPED_MONTH}"
    ),
    "audit_end_replace": "INSERT ON audit_end WHEN EXISTS (SELECT 1 FROM audit_end WHERE id = NEW.id)",
    "audit_end_update": "UPDATE ON audit_end WHEN NEW.seq <= OLD.seq",
    "audit_end_delete": "DELETE ON audit_end",
    "audit_segment_replace": "INSERT ON audit_segment WHEN EXISTS (SELECT 1 FROM audit_segment WHERE month = NEW.month)",
    "audit_segment_update": f"UPDATE ON audit_segment WHEN {MONTH_CHANGED}",
    "audit_segment_delete": "DELETE ON audit_segment",
}
"""Trigger → what it stands before."""
ON_POSTGRESQL = {
    "audit_entry_truncate": ("TRUNCATE ON audit_entry", ""),
    "audit_entry_update": ("UPDATE ON audit_entry FOR EACH ROW", ""),
    "audit_entry_delete": (
        "DELETE ON audit_entry FOR EACH ROW",
        f"OLD.at > (now() AT TIME ZONE 'utc') - INTERVAL '6 months' OR NOT {IN_A_DROPPED_MONTH}",
    ),
    "audit_end_truncate": ("TRUNCATE ON audit_end", ""),
    "audit_end_update": ("UPDATE ON audit_end FOR EACH ROW", "NEW.seq <= OLD.seq"),
    "audit_end_delete": ("DELETE ON audit_end FOR EACH ROW", ""),
    "audit_segment_truncate": ("TRUNCATE ON audit_segment", ""),
    "audit_segment_update": ("UPDATE ON audit_segment FOR EACH ROW", MONTH_CHANGED),
    "audit_segment_delete": ("DELETE ON audit_segment FOR EACH ROW", ""),
}
"""Trigger, and its function → what it stands before, and when it refuses; empty: always."""


def upgrade() -> None:
    op.create_table(
        "audit_segment",
        sa.Column("month", sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql"), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("dropped_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("month", name="pk_audit_segment"),
    )
    # Null in what the release before writes: its entries keep the hash that they have.
    op.add_column("audit_entry", sa.Column("digest", sa.LargeBinary(), nullable=True))
    op.create_index("audit_by_time", "audit_entry", ["at"])
    op.create_index("audit_by_actor", "audit_entry", ["sub", "seq"])
    if op.get_bind().dialect.name == "sqlite":
        _guard_on_sqlite()
    else:
        _guard_on_postgresql()


def downgrade() -> None:
    digests = op.get_bind().scalar(sa.text("SELECT count(*) FROM audit_entry WHERE digest IS NOT NULL"))
    if digests:  # the chain was made over them; without them the log would read as altered for ever
        raise RuntimeError(f"{digests} entries of the audit log have a digest: put a backup back instead")
    if op.get_bind().dialect.name == "sqlite":
        for name in ON_SQLITE:
            op.execute(f"DROP TRIGGER IF EXISTS {name}")
    else:
        for name in ON_POSTGRESQL:
            op.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
    op.drop_index("audit_by_actor", "audit_entry")
    op.drop_index("audit_by_time", "audit_entry")
    op.drop_column("audit_entry", "digest")
    op.drop_table("audit_segment")


def _guard_on_sqlite() -> None:
    for name, before in ON_SQLITE.items():
        does = "RAISE(IGNORE)" if name == "audit_end_replace" else f"RAISE(ABORT, '{SAYS}')"
        op.execute(f"CREATE TRIGGER {name} BEFORE {before} BEGIN SELECT {does}; END")


def _guard_on_postgresql() -> None:
    for name, (before, refused) in ON_POSTGRESQL.items():
        body = f"RAISE EXCEPTION '{SAYS}';"
        body = f"IF {refused} THEN {body} END IF;" if refused else body
        if not name.endswith("truncate"):
            body += " RETURN OLD;" if name.endswith("delete") else " RETURN NEW;"
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
        op.execute(f"CREATE TRIGGER {name} BEFORE {before} EXECUTE FUNCTION {name}()")
