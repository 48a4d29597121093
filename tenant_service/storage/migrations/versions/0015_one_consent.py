"""One consent to be audited is in force at a time; of several that two acts left at one moment the newest stays."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        UPDATE audit_consent SET withdrawn_at = given_at, withdrawn_by = given_by, withdrawn_reason = reason
        WHERE withdrawn_at IS NULL AND id <> (SELECT max(id) FROM audit_consent WHERE withdrawn_at IS NULL)
    """)
    op.create_index(
        "audit_consent_in_force",
        "audit_consent",
        [sa.text("(withdrawn_at IS NULL)")],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("audit_consent_in_force", "audit_consent")
