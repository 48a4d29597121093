"""Which browsers another provider signed in, and in which of its sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "linked_session",
        sa.Column("session_digest", _ascii(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_digest"], ["browser_session.digest"], name="fk_linked_session_session_digest", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_digest", name="pk_linked_session"),
    )
    op.create_index("linked_session_by_subject", "linked_session", ["issuer", "subject"])
    op.create_index("linked_session_by_sid", "linked_session", ["issuer", "sid"])


def downgrade() -> None:
    op.drop_table("linked_session")
