"""For which body of the committee's list an account's holder works."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    plain = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")
    op.add_column("account", sa.Column("body_id", plain, nullable=True))


def downgrade() -> None:
    op.drop_column("account", "body_id")
