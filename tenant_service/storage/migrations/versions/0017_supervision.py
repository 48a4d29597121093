"""Campaigns of supervision, ours and copies of others', with their lines and bodies."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("drafted_report", sa.String(), nullable=True),
        sa.Column("unsettled", sa.Integer(), nullable=False),
        sa.Column("open_appraisals", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("policy", sa.String(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("works", sa.Text(), nullable=True),
        sa.Column("bodies", sa.Text(), nullable=True),
        sa.Column("procedure_id", _ascii(), nullable=True),
        sa.Column("step", _ascii(), nullable=True),
        sa.Column("findings", sa.Integer(), nullable=True),
        sa.Column("suggestions", sa.Integer(), nullable=True),
        sa.Column("handed_over", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=True),
        sa.Column("set_aside", sa.Integer(), nullable=True),
        sa.Column("report", sa.String(), nullable=True),
        sa.Column("cancelled_because", sa.String(), nullable=True),
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
        sa.PrimaryKeyConstraint("id", name="pk_campaign"),
    )
    op.create_index("campaign_by_approval", "campaign", ["approval", "changed_at"])
    op.create_index("campaign_by_change", "campaign", ["changed_at", "committee_id", "id"])
    op.create_index("campaign_by_day", "campaign", ["begun_on", "kind"])
    op.create_index("campaign_by_year", "campaign", ["year", "committee_id", "id"])
    op.create_table(
        "campaign_line",
        sa.Column("campaign_id", _ascii(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_campaign_line_campaign_id_campaign"),
        sa.PrimaryKeyConstraint("campaign_id", "kind", "number", name="pk_campaign_line"),
    )
    op.create_table(
        "campaign_body",
        sa.Column("campaign_id", _ascii(), nullable=False),
        sa.Column("body_id", _ascii(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_campaign_body_campaign_id_campaign"),
        sa.PrimaryKeyConstraint("campaign_id", "body_id", name="pk_campaign_body"),
    )
    op.create_index("ix_campaign_body_body_id", "campaign_body", ["body_id"])
    op.create_table(
        "seen_campaign",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("policy", sa.String(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("works", sa.Text(), nullable=True),
        sa.Column("bodies", sa.Text(), nullable=True),
        sa.Column("procedure_id", _ascii(), nullable=True),
        sa.Column("step", _ascii(), nullable=True),
        sa.Column("findings", sa.Integer(), nullable=True),
        sa.Column("suggestions", sa.Integer(), nullable=True),
        sa.Column("handed_over", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=True),
        sa.Column("set_aside", sa.Integer(), nullable=True),
        sa.Column("report", sa.String(), nullable=True),
        sa.Column("cancelled_because", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seen_campaign"),
    )
    op.create_index("ix_seen_campaign_committee_id", "seen_campaign", ["committee_id"])
    op.create_index("seen_campaign_by_change", "seen_campaign", ["changed_at", "committee_id", "id"])
    op.create_index("seen_campaign_by_year", "seen_campaign", ["year", "committee_id", "id"])


def downgrade() -> None:
    op.drop_table("seen_campaign")
    op.drop_table("campaign_body")
    op.drop_table("campaign_line")
    op.drop_table("campaign")
