"""Applications sign people in here; where a browser was signed in is kept; who comes from another provider is known."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ASCII = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")
TABLES = ("oauth_assertion", "oauth_client", "oauth_grant", "sign_in_link", "oauth_code", "oauth_refresh")


# fmt: off
def upgrade() -> None:
    op.create_table("oauth_assertion",
    sa.Column("digest", ASCII, nullable=False),
    sa.Column("expires_at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("digest", name="pk_oauth_assertion")
    )
    op.create_index("ix_oauth_assertion_expires_at", "oauth_assertion", ["expires_at"], unique=False)
    op.create_table("oauth_client",
    sa.Column("id", ASCII, nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("redirects", sa.Text(), nullable=False),
    sa.Column("scopes", sa.Text(), nullable=False),
    sa.Column("keys", sa.String(), nullable=True),
    sa.Column("is_own", sa.Boolean(), nullable=False),
    sa.Column("created_at", sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_oauth_client")
    )
    op.create_table("oauth_grant",
    sa.Column("id", ASCII, nullable=False),
    sa.Column("client_id", ASCII, nullable=False),
    sa.Column("account_id", ASCII, nullable=False),
    sa.Column("scope", sa.String(), nullable=False),
    sa.Column("began_at", sa.DateTime(), nullable=False),
    sa.Column("seen_at", sa.DateTime(), nullable=False),
    sa.Column("expires_at", sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_oauth_grant_account_id"),
    sa.ForeignKeyConstraint(["client_id"], ["oauth_client.id"], name="fk_oauth_grant_client_id", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("id", name="pk_oauth_grant")
    )
    op.create_index("ix_oauth_grant_account_id", "oauth_grant", ["account_id"], unique=False)
    op.create_index("ix_oauth_grant_client_id", "oauth_grant", ["client_id"], unique=False)
    op.create_index("ix_oauth_grant_expires_at", "oauth_grant", ["expires_at"], unique=False)
    op.create_table("sign_in_link",
    sa.Column("issuer", sa.String(), nullable=False),
    sa.Column("subject", sa.String(), nullable=False),
    sa.Column("account_id", ASCII, nullable=False),
    sa.Column("linked_at", sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_sign_in_link_account_id"),
    sa.PrimaryKeyConstraint("issuer", "subject", name="pk_sign_in_link")
    )
    op.create_index("ix_sign_in_link_account_id", "sign_in_link", ["account_id"], unique=False)
    op.create_table("oauth_code",
    sa.Column("digest", ASCII, nullable=False),
    sa.Column("client_id", ASCII, nullable=False),
    sa.Column("session_digest", ASCII, nullable=False),
    sa.Column("account_id", ASCII, nullable=False),
    sa.Column("redirect", sa.String(), nullable=False),
    sa.Column("scope", sa.String(), nullable=False),
    sa.Column("nonce", sa.String(), nullable=True),
    sa.Column("challenge", sa.String(), nullable=False),
    sa.Column("signed_in_at", sa.DateTime(), nullable=False),
    sa.Column("expires_at", sa.DateTime(), nullable=False),
    sa.Column("used_at", sa.DateTime(), nullable=True),
    sa.Column("grant_id", ASCII, nullable=True),
    sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_oauth_code_account_id"),
    sa.ForeignKeyConstraint(["client_id"], ["oauth_client.id"], name="fk_oauth_code_client_id", ondelete="CASCADE"),
    sa.ForeignKeyConstraint(["grant_id"], ["oauth_grant.id"], name="fk_oauth_code_grant_id", ondelete="CASCADE"),
    sa.ForeignKeyConstraint(["session_digest"], ["browser_session.digest"], name="fk_oauth_code_session_digest", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("digest", name="pk_oauth_code")
    )
    op.create_index("ix_oauth_code_account_id", "oauth_code", ["account_id"], unique=False)
    op.create_index("ix_oauth_code_client_id", "oauth_code", ["client_id"], unique=False)
    op.create_index("ix_oauth_code_expires_at", "oauth_code", ["expires_at"], unique=False)
    op.create_index("ix_oauth_code_grant_id", "oauth_code", ["grant_id"], unique=False)
    op.create_index("ix_oauth_code_session_digest", "oauth_code", ["session_digest"], unique=False)
    op.create_table("oauth_refresh",
    sa.Column("digest", ASCII, nullable=False),
    sa.Column("grant_id", ASCII, nullable=False),
    sa.Column("expires_at", sa.DateTime(), nullable=False),
    sa.Column("used_at", sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(["grant_id"], ["oauth_grant.id"], name="fk_oauth_refresh_grant_id", ondelete="CASCADE"),
    sa.PrimaryKeyConstraint("digest", name="pk_oauth_refresh")
    )
    op.create_index("ix_oauth_refresh_grant_id", "oauth_refresh", ["grant_id"], unique=False)
    op.add_column("browser_session", sa.Column("address", sa.String(), server_default="", nullable=False))
    op.add_column("browser_session", sa.Column("agent", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    for column in ("agent", "address"):
        op.drop_column("browser_session", column)
    for table in reversed(TABLES):
        op.drop_table(table)
