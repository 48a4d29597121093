"""授权: who signs in whose place from one day to another; and who signed which record."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "deputy",
        sa.Column("id", _ascii(), nullable=False), sa.Column("account_id", _ascii(), nullable=False),
        sa.Column("uses", sa.Text(), nullable=False), sa.Column("behalf", sa.String(40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False), sa.Column("until", sa.Date(), nullable=False),
        sa.Column("given_by", _ascii(), nullable=False), sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False), sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_by", _ascii(), nullable=True), sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deputy"),
    )  # fmt: skip
    op.create_index("ix_deputy_account_id", "deputy", ["account_id"])
    op.create_table(
        "signature",
        sa.Column("subject", _ascii(), nullable=False), sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False), sa.Column("sub", _ascii(), nullable=False),
        sa.Column("behalf", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("subject", "seq", name="pk_signature"),
    )  # fmt: skip


def downgrade() -> None:
    for table in ("signature", "deputy"):
        op.drop_table(table)
