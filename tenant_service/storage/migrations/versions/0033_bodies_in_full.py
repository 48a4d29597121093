"""Bodies: whether one assigns, whom the office calls there, why one was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("body", sa.Column("coordinates", sa.Boolean(), nullable=False, server_default=sa.false()))
    for column in ("contact_name", "contact_phone", "closed_because"):
        op.add_column("body", sa.Column(column, sa.String(), nullable=True))
    # Where somebody assigns already, the body is one that does.
    op.execute(
        "UPDATE body SET coordinates = true WHERE id IN "
        "(SELECT body_id FROM account WHERE body_id IS NOT NULL AND roles LIKE '%\"coordinator\"%')"
    )


def downgrade() -> None:
    for column in ("closed_because", "contact_phone", "contact_name", "coordinates"):
        op.drop_column("body", column)
