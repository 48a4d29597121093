"""Appraisals, ours and copies of others', with who may give a ballot, and the ballots apart."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "appraisal",
        sa.Column("body_id", _ascii(), nullable=True),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("objected", sa.String(), nullable=True),
        sa.Column("campaign_id", _ascii(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("ballots", sa.Integer(), nullable=True),
        sa.Column("is_enough", sa.Boolean(), nullable=True),
        sa.Column("satisfied", sa.Integer(), nullable=True),
        sa.Column("basically", sa.Integer(), nullable=True),
        sa.Column("dissatisfied", sa.Integer(), nullable=True),
        sa.Column("unknown", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("objection", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("shares", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appraisal"),
    )
    op.create_index("appraisal_by_campaign", "appraisal", ["campaign_id", "body_id"])
    op.create_index("appraisal_by_change", "appraisal", ["changed_at", "committee_id", "id"])
    op.create_index("appraisal_by_day", "appraisal", ["published_on", "state"])
    op.create_table(
        "appraiser",
        sa.Column("appraisal_id", _ascii(), nullable=False),
        sa.Column("person_id", _ascii(), nullable=False),
        sa.Column("has_given", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["appraisal_id"], ["appraisal.id"], name="fk_appraiser_appraisal_id_appraisal"),
        sa.PrimaryKeyConstraint("appraisal_id", "person_id", name="pk_appraiser"),
    )
    op.create_index("ix_appraiser_person_id", "appraiser", ["person_id"])
    op.create_table(
        "ballot",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("appraisal_id", _ascii(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["appraisal_id"], ["appraisal.id"], name="fk_ballot_appraisal_id_appraisal"),
        sa.PrimaryKeyConstraint("id", name="pk_ballot"),
    )
    op.create_index("ix_ballot_appraisal_id", "ballot", ["appraisal_id"])
    op.create_table(
        "ballot_remark",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("appraisal_id", _ascii(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["appraisal_id"], ["appraisal.id"], name="fk_ballot_remark_appraisal_id_appraisal"),
        sa.PrimaryKeyConstraint("id", name="pk_ballot_remark"),
    )
    op.create_index("ix_ballot_remark_appraisal_id", "ballot_remark", ["appraisal_id"])
    op.create_table(
        "seen_appraisal",
        sa.Column("campaign_id", _ascii(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("ballots", sa.Integer(), nullable=True),
        sa.Column("is_enough", sa.Boolean(), nullable=True),
        sa.Column("satisfied", sa.Integer(), nullable=True),
        sa.Column("basically", sa.Integer(), nullable=True),
        sa.Column("dissatisfied", sa.Integer(), nullable=True),
        sa.Column("unknown", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("objection", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seen_appraisal"),
    )
    op.create_index("ix_seen_appraisal_committee_id", "seen_appraisal", ["committee_id"])
    op.create_index("seen_appraisal_by_change", "seen_appraisal", ["changed_at", "committee_id", "id"])


def downgrade() -> None:
    op.drop_table("seen_appraisal")
    op.drop_table("ballot_remark")
    op.drop_table("ballot")
    op.drop_table("appraiser")
    op.drop_table("appraisal")
