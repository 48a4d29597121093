"""The audit log is kept in months whose heads are signed, and the database forbids to change it."""

import sqlalchemy as sa
from alembic import op

from tenant_service.identity import audit_triggers

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


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
    for table in audit_triggers.TABLES:
        _run(audit_triggers.made(table))


def downgrade() -> None:
    for table in audit_triggers.TABLES:
        _run(audit_triggers.dropped(table))
    op.drop_index("audit_by_actor", "audit_entry")
    op.drop_index("audit_by_time", "audit_entry")
    op.drop_column("audit_entry", "digest")
    op.drop_table("audit_segment")


def _run(statements: dict[str, list[str]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.execute(statement)
