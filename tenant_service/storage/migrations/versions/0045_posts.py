"""Posts, ours and copies of others', with what is said to them, and who read and follows them."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def _told() -> list[sa.Column[object]]:
    return [
        sa.Column("id", _ascii(), nullable=False), sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False), sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False), sa.Column("state", sa.String(40), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False), sa.Column("sector", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=True), sa.Column("number", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True), sa.Column("books", sa.Text(), nullable=True),
        sa.Column("links", sa.Text(), nullable=True), sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=True), sa.Column("comments", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False), sa.Column("changed_at", sa.DateTime(), nullable=False),
    ]  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "post", *_told(),
        sa.Column("shares", sa.Text(), nullable=False), sa.Column("author_id", _ascii(), nullable=True),
        sa.Column("converted_on", sa.Date(), nullable=True), sa.Column("approval", sa.String(40), nullable=False),
        sa.Column("drafted_by", _ascii(), nullable=False), sa.Column("signed_by", _ascii(), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True), sa.Column("returned_because", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
    )  # fmt: skip
    op.create_index("post_by_change", "post", ["changed_at", "committee_id", "id"])
    op.create_index("post_by_day", "post", ["published_on", "committee_id", "id"])
    op.create_index("post_by_approval", "post", ["approval", "changed_at"])
    op.create_index("post_by_author", "post", ["author_id"])
    op.create_index("post_by_conversion", "post", ["converted_on", "kind"])
    op.create_table(
        "seen_post", *_told(),
        sa.Column("channels", sa.Text(), nullable=False), sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seen_post"),
    )  # fmt: skip
    op.create_index("seen_post_by_change", "seen_post", ["changed_at", "committee_id", "id"])
    op.create_index("seen_post_by_day", "seen_post", ["published_on", "committee_id", "id"])
    op.create_index("ix_seen_post_committee_id", "seen_post", ["committee_id"])
    _comments()
    _readers()


def _comments() -> None:
    op.create_table(
        "post_comment",
        sa.Column("id", _ascii(), nullable=False), sa.Column("post_id", _ascii(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False), sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("sub", _ascii(), nullable=False), sa.Column("person_id", _ascii(), nullable=True),
        sa.Column("author", sa.String(), nullable=False), sa.Column("text", sa.String(), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False), sa.Column("sector", sa.String(), nullable=True),
        sa.Column("hidden_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_post_comment_post_id_post"),
        sa.PrimaryKeyConstraint("id", name="pk_post_comment"),
    )  # fmt: skip
    op.create_index("post_comment_of", "post_comment", ["post_id", "at", "id"])
    op.create_index("post_comment_by_state", "post_comment", ["state", "at"])
    op.create_index("ix_post_comment_person_id", "post_comment", ["person_id"])


def _readers() -> None:
    op.create_table(
        "post_reading",
        sa.Column("post_id", _ascii(), nullable=False), sa.Column("sub", _ascii(), nullable=False),
        sa.Column("person_id", _ascii(), nullable=True), sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_post_reading_post_id_post"),
        sa.PrimaryKeyConstraint("post_id", "sub", name="pk_post_reading"),
    )  # fmt: skip
    op.create_index("ix_post_reading_person_id", "post_reading", ["person_id"])
    op.create_table(
        "post_follow",
        sa.Column("post_id", _ascii(), nullable=False), sa.Column("sub", _ascii(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_post_follow_post_id_post"),
        sa.PrimaryKeyConstraint("post_id", "sub", name="pk_post_follow"),
    )  # fmt: skip
    op.create_index("ix_post_follow_sub", "post_follow", ["sub"])


def downgrade() -> None:
    for each in ("post_follow", "post_reading", "post_comment", "seen_post", "post"):
        op.drop_table(each)
