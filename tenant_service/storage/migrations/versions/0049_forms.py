"""Forms, ours and copies of others', with whom they invited and what was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def _told() -> list[sa.Column[object]]:
    return [
        sa.Column("id", _ascii(), nullable=False), sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False), sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True), sa.Column("state", sa.String(40), nullable=False),
        sa.Column("audience", sa.String(40), nullable=False), sa.Column("question_texts", sa.Text(), nullable=False),
        sa.Column("question_kinds", sa.Text(), nullable=False),
        sa.Column("question_options", sa.Text(), nullable=False),
        sa.Column("question_needed", sa.Text(), nullable=False), sa.Column("pass_mark", sa.Integer(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True), sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=True), sa.Column("passed", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=True), sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
    ]  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "form", *_told(),
        sa.Column("shares", sa.Text(), nullable=False), sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("token", _ascii(), nullable=False), sa.Column("approval", sa.String(40), nullable=False),
        sa.Column("drafted_by", _ascii(), nullable=False), sa.Column("signed_by", _ascii(), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True), sa.Column("returned_because", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_form"), sa.UniqueConstraint("token", name="uq_form_token"),
    )  # fmt: skip
    op.create_index("form_by_change", "form", ["changed_at", "committee_id", "id"])
    op.create_index("form_by_day", "form", ["opened_on", "committee_id", "id"])
    op.create_index("form_by_approval", "form", ["approval", "changed_at"])
    op.create_table(
        "seen_form", *_told(),
        sa.Column("channels", sa.Text(), nullable=False), sa.Column("as_of", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seen_form"),
    )  # fmt: skip
    op.create_index("seen_form_by_change", "seen_form", ["changed_at", "committee_id", "id"])
    op.create_index("seen_form_by_day", "seen_form", ["opened_on", "committee_id", "id"])
    op.create_index("ix_seen_form_committee_id", "seen_form", ["committee_id"])
    _answers()


def _answers() -> None:
    op.create_table(
        "form_invited",
        sa.Column("form_id", _ascii(), nullable=False), sa.Column("person_id", _ascii(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name="fk_form_invited_form_id_form"),
        sa.PrimaryKeyConstraint("form_id", "person_id", name="pk_form_invited"),
    )  # fmt: skip
    op.create_index("ix_form_invited_person_id", "form_invited", ["person_id"])
    op.create_table(
        "form_answer",
        sa.Column("id", _ascii(), nullable=False), sa.Column("form_id", _ascii(), nullable=False),
        sa.Column("respondent", _ascii(), nullable=False), sa.Column("person_id", _ascii(), nullable=True),
        sa.Column("name", sa.String(), nullable=True), sa.Column("given", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True), sa.Column("has_passed", sa.Boolean(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False), sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name="fk_form_answer_form_id_form"),
        sa.PrimaryKeyConstraint("id", name="pk_form_answer"),
        sa.UniqueConstraint("form_id", "respondent", name="uq_form_answer_form_id_respondent"),
    )  # fmt: skip
    op.create_index("form_answer_by_day", "form_answer", ["given_on", "form_id"])
    op.create_index("ix_form_answer_person_id", "form_answer", ["person_id"])


def downgrade() -> None:
    for each in ("form_answer", "form_invited", "seen_form", "form"):
        op.drop_table(each)
