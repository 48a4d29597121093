"""Proposals, ours and copies of others', with who signed them, from where they are, and what was said of the answers."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def _told() -> list[sa.Column[object]]:
    return [
        sa.Column("kind", sa.String(40), nullable=False), sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("category", sa.String(40), nullable=False), sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=True), sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("is_key", sa.Boolean(), nullable=False), sa.Column("session", sa.String(), nullable=True),
        sa.Column("proposers", sa.Integer(), nullable=True),
        sa.Column("suggestions", sa.Integer(), nullable=True),
        sa.Column("project", sa.String(), nullable=True), sa.Column("handled_by", sa.Text(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=True), sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("first_class", sa.String(40), nullable=True),
        sa.Column("reply_class", sa.String(40), nullable=True),
        sa.Column("satisfaction", sa.String(40), nullable=True),
        sa.Column("attitude", sa.String(40), nullable=True), sa.Column("names", sa.Text(), nullable=True),
        sa.Column("situation", sa.String(), nullable=True), sa.Column("analysis", sa.String(), nullable=True),
        sa.Column("advice", sa.Text(), nullable=True), sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("id", _ascii(), nullable=False), sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
    ]  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "proposal", *_told(),
        sa.Column("seq", sa.Integer(), nullable=True), sa.Column("meeting_id", _ascii(), nullable=True),
        sa.Column("bodies_wanted", sa.Text(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("wants_meeting", sa.Boolean(), nullable=False),
        sa.Column("sign_until", sa.Date(), nullable=True),
        sa.Column("signed_title", sa.String(), nullable=True),
        sa.Column("signed_advice", sa.Text(), nullable=True),
        sa.Column("not_filed_for", sa.String(40), nullable=True),
        sa.Column("not_filed_because", sa.String(), nullable=True),
        sa.Column("lead_leader", sa.String(), nullable=True),
        sa.Column("supervising_leader", sa.String(), nullable=True),
        sa.Column("project_id", _ascii(), nullable=True), sa.Column("stages", sa.Text(), nullable=False),
        sa.Column("rate_until", sa.Date(), nullable=True), sa.Column("shares", sa.Text(), nullable=False),
        sa.Column("approval", sa.String(40), nullable=False),
        sa.Column("drafted_by", _ascii(), nullable=False), sa.Column("signed_by", _ascii(), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("returned_because", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
    )  # fmt: skip
    op.create_index("ix_proposal_meeting_id", "proposal", ["meeting_id"])
    op.create_index("ix_proposal_project_id", "proposal", ["project_id"])
    op.create_index("proposal_by_change", "proposal", ["changed_at", "committee_id", "id"])
    op.create_index("proposal_by_day", "proposal", ["filed_on", "category"])
    op.create_index("proposal_by_number", "proposal", ["year", "seq"], unique=True)
    op.create_index("proposal_by_state", "proposal", ["state", "changed_at"])
    op.create_index("proposal_by_year", "proposal", ["year", "committee_id", "id"])
    op.create_table(
        "seen_proposal", *_told(),
        sa.Column("channels", sa.Text(), nullable=False), sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seen_proposal"),
    )  # fmt: skip
    op.create_index("ix_seen_proposal_committee_id", "seen_proposal", ["committee_id"])
    op.create_index("seen_proposal_by_change", "seen_proposal", ["changed_at", "committee_id", "id"])
    op.create_index("seen_proposal_by_year", "seen_proposal", ["year", "committee_id", "id"])
    op.create_table(
        "proposal_signer",
        sa.Column("proposal_id", _ascii(), nullable=False), sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("person_id", _ascii(), nullable=True), sa.Column("unit_id", _ascii(), nullable=True),
        sa.Column("name", sa.String(), nullable=False), sa.Column("head", sa.String(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("invited_at", sa.DateTime(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("entered_by", _ascii(), nullable=True),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_proposal_signer_proposal_id"),
        sa.PrimaryKeyConstraint("proposal_id", "seq", name="pk_proposal_signer"),
    )  # fmt: skip
    op.create_index("ix_proposal_signer_person_id", "proposal_signer", ["person_id"])
    op.create_table(
        "proposal_source",
        sa.Column("proposal_id", _ascii(), nullable=False), sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False), sa.Column("sector", sa.String(), nullable=True),
        sa.Column("record_id", _ascii(), nullable=True), sa.Column("told", sa.String(), nullable=True),
        sa.Column("voices", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_proposal_source_proposal_id"),
        sa.PrimaryKeyConstraint("proposal_id", "seq", name="pk_proposal_source"),
    )  # fmt: skip
    op.create_index("ix_proposal_source_record_id", "proposal_source", ["record_id"])
    op.create_table(
        "proposal_rating",
        sa.Column("proposal_id", _ascii(), nullable=False),
        sa.Column("signer_seq", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False), sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("attitude", sa.String(40), nullable=False),
        sa.Column("result", sa.String(40), nullable=False), sa.Column("because", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False), sa.Column("entered_by", _ascii(), nullable=True),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_proposal_rating_proposal_id"),
        sa.PrimaryKeyConstraint("proposal_id", "signer_seq", "round", "stage", name="pk_proposal_rating"),
    )  # fmt: skip
    op.create_table(
        "proposal_project",
        sa.Column("id", _ascii(), nullable=False), sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False), sa.Column("leader", sa.String(), nullable=True),
        sa.Column("body_id", _ascii(), nullable=True), sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_proposal_project"),
    )  # fmt: skip
    op.create_index("ix_proposal_project_year", "proposal_project", ["year"])


def downgrade() -> None:
    op.drop_table("proposal_project")
    op.drop_table("proposal_rating")
    op.drop_table("proposal_source")
    op.drop_table("proposal_signer")
    op.drop_table("seen_proposal")
    op.drop_table("proposal")
