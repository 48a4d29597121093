"""What a reporter says of an answer stands per topic, and 仍未解决 has words of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_COPY = """
INSERT INTO topic_rating (
    topic_id, reporter_id, rating, rated_at, remark, unsettled_at, unsettled_words, for_department
)
SELECT stands_as_id, id, rating, rated_at, CASE WHEN unsettled_at IS NULL THEN remark END,
    CASE WHEN is_here THEN unsettled_at END, CASE WHEN is_here THEN remark END, :no
FROM (
    SELECT topic_standing.stands_as_id, topic_reporter.*, EXISTS (
        SELECT 1 FROM step_taken WHERE step_taken.subject = topic_standing.stands_as_id
        AND step_taken.act = 'unsettled' AND step_taken.at = topic_reporter.unsettled_at
    ) AS is_here
    FROM topic_reporter
    JOIN topic_standing ON topic_standing.topic_id = topic_reporter.topic_id
    JOIN topic ON topic.id = topic_standing.stands_as_id
    WHERE topic.closed_at IS NOT NULL
) AS said
WHERE rating IS NOT NULL OR is_here
"""
"""What was said of all parts at once stands with each that was answered; 仍未解决 with the one that it took up again."""


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "topic_rating",
        sa.Column("topic_id", _ascii(), nullable=False),
        sa.Column("reporter_id", _ascii(), nullable=False),
        sa.Column("rating", sa.String(40), nullable=True),
        sa.Column("rated_at", sa.DateTime(), nullable=True),
        sa.Column("remark", sa.String(), nullable=True),
        sa.Column("unsettled_at", sa.DateTime(), nullable=True),
        sa.Column("unsettled_words", sa.String(), nullable=True),
        sa.Column("for_department", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_topic_rating_topic_id_topic"),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["topic_reporter.id"], name="fk_topic_rating_reporter_id_topic_reporter"
        ),
        sa.PrimaryKeyConstraint("topic_id", "reporter_id", name="pk_topic_rating"),
    )
    op.create_index("ix_topic_rating_reporter_id", "topic_rating", ["reporter_id"])
    op.get_bind().execute(sa.text(_COPY), {"no": False})


def downgrade() -> None:
    op.drop_table("topic_rating")
