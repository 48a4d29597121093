"""When an account was signed in last, what was done to it and why, and consents to be audited by the parent."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("account", sa.Column("signed_in_at", sa.DateTime(), nullable=True))
    op.create_table(
        "account_act",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("sub", _ascii(), nullable=False),
        sa.Column("act", _ascii(), nullable=False),
        sa.Column("account_id", _ascii(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account_act"),
    )
    op.create_index("ix_account_act_at", "account_act", ["at"])
    op.create_index("ix_account_act_account_id", "account_act", ["account_id"])
    op.create_table(
        "audit_consent",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("parent_id", _ascii(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("given_by", _ascii(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by", _ascii(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_consent"),
    )
    op.create_table(
        "heard_audit_consent",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("heard_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_heard_audit_consent"),
    )
    op.create_index("ix_heard_audit_consent_committee_id", "heard_audit_consent", ["committee_id"])


def downgrade() -> None:
    op.drop_table("heard_audit_consent")
    op.drop_table("audit_consent")
    op.drop_table("account_act")
    op.drop_column("account", "signed_in_at")
