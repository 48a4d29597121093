"""Programmes, ours and copies of others', with what is entered under ours."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def _told() -> list[sa.Column[object]]:
    return [
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=True),
        sa.Column("parent_id", _ascii(), nullable=True),
        sa.Column("tasks", sa.Text(), nullable=True),
        sa.Column("task_units", sa.Text(), nullable=True),
        sa.Column("task_dues", sa.Text(), nullable=True),
        sa.Column("task_done", sa.Text(), nullable=True),
        sa.Column("targets", sa.Text(), nullable=True),
        sa.Column("target_units", sa.Text(), nullable=True),
        sa.Column("target_goals", sa.Text(), nullable=True),
        sa.Column("target_measures", sa.Text(), nullable=True),
        sa.Column("target_details", sa.Text(), nullable=True),
        sa.Column("target_counts", sa.Text(), nullable=True),
        sa.Column("counted_at", sa.DateTime(), nullable=True),
        sa.Column("report", sa.String(), nullable=True),
        sa.Column("cancelled_because", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("committee_id", _ascii(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "programme",
        *_told(),
        sa.Column("drafted_report", sa.String(), nullable=True),
        sa.Column("shares", sa.Text(), nullable=False),
        sa.Column("approval", sa.String(40), nullable=False),
        sa.Column("drafted_by", _ascii(), nullable=False),
        sa.Column("signed_by", _ascii(), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("returned_because", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_programme"),
    )
    op.create_index("programme_by_year", "programme", ["year", "committee_id", "id"])
    op.create_index("programme_by_change", "programme", ["changed_at", "committee_id", "id"])
    op.create_index("programme_by_state", "programme", ["state", "approval"])
    op.create_index("programme_by_parent", "programme", ["parent_id"])
    op.create_table(
        "seen_programme",
        *_told(),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seen_programme"),
    )
    op.create_index("ix_seen_programme_committee_id", "seen_programme", ["committee_id"])
    op.create_index("seen_programme_by_year", "seen_programme", ["year", "committee_id", "id"])
    op.create_index("seen_programme_by_change", "seen_programme", ["changed_at", "committee_id", "id"])
    op.create_index("seen_programme_by_parent", "seen_programme", ["parent_id"])
    op.create_table(
        "programme_entry",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("programme_id", _ascii(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("person_id", _ascii(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("sub", _ascii(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_programme_entry_programme_id_programme"),
        sa.PrimaryKeyConstraint("id", name="pk_programme_entry"),
    )
    op.create_index("ix_programme_entry_person_id", "programme_entry", ["person_id"])
    op.create_index("programme_entry_by_target", "programme_entry", ["programme_id", "target", "day"])


def downgrade() -> None:
    op.drop_table("programme_entry")
    op.drop_table("seen_programme")
    op.drop_table("programme")
