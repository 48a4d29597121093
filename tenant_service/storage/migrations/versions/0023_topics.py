"""Topics, ours and copies of others', who reported them, what shows their needs, who follows and who looks after them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "topic",
        sa.Column("drafted_answer", sa.String(), nullable=True),
        sa.Column("work_note", sa.String(), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("accept_by", sa.Date(), nullable=False),
        sa.Column("accept_by_is_estimate", sa.Boolean(), nullable=False),
        sa.Column("in_charge_id", _ascii(), nullable=True),
        sa.Column("step_due_on", sa.Date(), nullable=True),
        sa.Column("step_due_is_estimate", sa.Boolean(), nullable=False),
        sa.Column("items_open", sa.Integer(), nullable=True),
        sa.Column("items_unassigned", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("category", sa.String(40), nullable=True),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("theme", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("channel", sa.String(40), nullable=True),
        sa.Column("venue_id", _ascii(), nullable=True),
        sa.Column("area_id", _ascii(), nullable=True),
        sa.Column("procedure_id", _ascii(), nullable=True),
        sa.Column("step", _ascii(), nullable=True),
        sa.Column("reporters", sa.Integer(), nullable=True),
        sa.Column("items_agreed", sa.Integer(), nullable=True),
        sa.Column("items_done", sa.Integer(), nullable=True),
        sa.Column("satisfied", sa.Integer(), nullable=True),
        sa.Column("dissatisfied", sa.Integer(), nullable=True),
        sa.Column("reopened", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("tracked_until", sa.Date(), nullable=True),
        sa.Column("merged_into_id", _ascii(), nullable=True),
        sa.Column("split_from_id", _ascii(), nullable=True),
        sa.Column("follows_up_id", _ascii(), nullable=True),
        sa.Column("generalises_ids", sa.Text(), nullable=True),
        sa.Column("summary", sa.String(), nullable=True),
        sa.Column("return_reason", sa.String(40), nullable=True),
        sa.Column("forwarded_to", sa.String(), nullable=True),
        sa.Column("photos", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("shares", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("approval", sa.String(40), nullable=False),
        sa.Column("drafted_by", _ascii(), nullable=False),
        sa.Column("signed_by", _ascii(), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("returned_because", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_topic"),
    )
    op.create_index("topic_by_accepted_on", "topic", ["accepted_on", "source"])
    op.create_index("topic_by_answered_on", "topic", ["answered_on", "source"])
    op.create_index("topic_by_area", "topic", ["area_id", "category"])
    op.create_index("topic_by_change", "topic", ["changed_at", "committee_id", "id"])
    op.create_index("topic_by_raised", "topic", ["raised_at", "committee_id", "id"])
    op.create_index("topic_by_raised_on", "topic", ["raised_on", "source"])
    op.create_index("topic_by_state", "topic", ["state", "changed_at"])
    op.create_table(
        "seen_topic",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("category", sa.String(40), nullable=True),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("raised_at", sa.DateTime(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("theme", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("channel", sa.String(40), nullable=True),
        sa.Column("venue_id", _ascii(), nullable=True),
        sa.Column("area_id", _ascii(), nullable=True),
        sa.Column("procedure_id", _ascii(), nullable=True),
        sa.Column("step", _ascii(), nullable=True),
        sa.Column("reporters", sa.Integer(), nullable=True),
        sa.Column("items_agreed", sa.Integer(), nullable=True),
        sa.Column("items_done", sa.Integer(), nullable=True),
        sa.Column("satisfied", sa.Integer(), nullable=True),
        sa.Column("dissatisfied", sa.Integer(), nullable=True),
        sa.Column("reopened", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("tracked_until", sa.Date(), nullable=True),
        sa.Column("merged_into_id", _ascii(), nullable=True),
        sa.Column("split_from_id", _ascii(), nullable=True),
        sa.Column("follows_up_id", _ascii(), nullable=True),
        sa.Column("generalises_ids", sa.Text(), nullable=True),
        sa.Column("summary", sa.String(), nullable=True),
        sa.Column("return_reason", sa.String(40), nullable=True),
        sa.Column("forwarded_to", sa.String(), nullable=True),
        sa.Column("photos", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seen_topic"),
    )
    op.create_index("ix_seen_topic_committee_id", "seen_topic", ["committee_id"])
    op.create_index("seen_topic_by_change", "seen_topic", ["changed_at", "committee_id", "id"])
    op.create_index("seen_topic_by_raised", "seen_topic", ["raised_at", "committee_id", "id"])
    op.create_table(
        "topic_reporter",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("topic_id", _ascii(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("person_id", _ascii(), nullable=True),
        sa.Column("code_digest", _ascii(), nullable=True),
        sa.Column("told_step", _ascii(), nullable=True),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("rating", sa.String(40), nullable=True),
        sa.Column("rated_at", sa.DateTime(), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("unsettled_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_topic_reporter_topic_id_topic"),
        sa.PrimaryKeyConstraint("id", name="pk_topic_reporter"),
        sa.UniqueConstraint("code_digest", name="uq_topic_reporter_code_digest"),
    )
    op.create_index("ix_topic_reporter_person_id", "topic_reporter", ["person_id"])
    op.create_index("ix_topic_reporter_topic_id", "topic_reporter", ["topic_id"])
    op.create_table(
        "topic_proof",
        sa.Column("topic_id", _ascii(), nullable=False),
        sa.Column("need", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("sub", _ascii(), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_topic_proof_topic_id_topic"),
        sa.PrimaryKeyConstraint("topic_id", "need", name="pk_topic_proof"),
    )
    op.create_table(
        "topic_follow",
        sa.Column("topic_id", _ascii(), nullable=False),
        sa.Column("sub", _ascii(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_topic_follow_topic_id_topic"),
        sa.PrimaryKeyConstraint("topic_id", "sub", name="pk_topic_follow"),
    )
    op.create_index("ix_topic_follow_sub", "topic_follow", ["sub"])
    op.create_table(
        "topic_route",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("category", sa.String(40), nullable=True),
        sa.Column("area_id", _ascii(), nullable=True),
        sa.Column("target_id", _ascii(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_topic_route"),
    )


def downgrade() -> None:
    op.drop_table("topic_route")
    op.drop_table("topic_follow")
    op.drop_table("topic_proof")
    op.drop_table("topic_reporter")
    op.drop_table("seen_topic")
    op.drop_table("topic")
