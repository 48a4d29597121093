"""Schemes of points, yearly results and objections."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "scheme",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("origin", _ascii(), nullable=True),
        sa.Column("drafted_by", _ascii(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scheme"),
        sa.UniqueConstraint("year", "version", name="uq_scheme_year_version"),
    )
    op.create_table(
        "yearly_result",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("scheme_id", _ascii(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("computed_at", sa.DateTime(), nullable=False),
        sa.Column("computed_by", _ascii(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("final_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name="fk_yearly_result_scheme_id_scheme"),
        sa.PrimaryKeyConstraint("id", name="pk_yearly_result"),
        sa.UniqueConstraint("year", name="uq_yearly_result_year"),
    )
    op.create_table(
        "member_result",
        sa.Column("result_id", _ascii(), nullable=False),
        sa.Column("person_id", _ascii(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(40), nullable=False),
        sa.Column("is_warned", sa.Boolean(), nullable=False),
        sa.Column("is_capped", sa.Boolean(), nullable=False),
        sa.Column("scored", sa.Text(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("first_points", sa.Integer(), nullable=True),
        sa.Column("first_grade", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(["result_id"], ["yearly_result.id"], name="fk_member_result_result_id_yearly_result"),
        sa.PrimaryKeyConstraint("result_id", "person_id", name="pk_member_result"),
    )
    op.create_index("member_result_by_points", "member_result", ["result_id", "points"])
    op.create_table(
        "objection",
        sa.Column("id", _ascii(), nullable=False),
        sa.Column("result_id", _ascii(), nullable=False),
        sa.Column("person_id", _ascii(), nullable=False),
        sa.Column("line_id", _ascii(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("was", sa.Integer(), nullable=True),
        sa.Column("became", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["result_id"], ["yearly_result.id"], name="fk_objection_result_id_yearly_result"),
        sa.PrimaryKeyConstraint("id", name="pk_objection"),
    )
    op.create_index("objection_by_state", "objection", ["state", "at"])
    op.create_index("objection_by_person", "objection", ["person_id", "result_id"])


def downgrade() -> None:
    for table in ("objection", "member_result", "yearly_result", "scheme"):
        op.drop_table(table)
