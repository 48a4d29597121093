"""Heads of audit logs: those we told, and those we heard."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "audit_told",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_told"),
    )
    op.create_table(
        "heard_audit_head",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("month", _ascii(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("chain", _ascii(), nullable=False),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.Column("heard_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(40), nullable=False),
        sa.Column("broken_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_heard_audit_head"),
    )
    op.create_index("heard_audit_head_by_committee", "heard_audit_head", ["committee_id", "id"])


def downgrade() -> None:
    op.drop_table("heard_audit_head")
    op.drop_table("audit_told")
