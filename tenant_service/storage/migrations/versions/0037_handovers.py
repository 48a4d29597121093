"""What is handed over to bodies of other committees' lists, there and here, and what a request about it says."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None
REQUESTS = ("request", "incoming_request")


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def _of_request() -> list[sa.Column[object]]:
    return [
        sa.Column("until", sa.Date(), nullable=True), sa.Column("suggested", sa.String(), nullable=True),
        sa.Column("reply_class", sa.String(40), nullable=True), sa.Column("document_no", sa.String(), nullable=True),
        sa.Column("contact_name", sa.String(), nullable=True), sa.Column("contact_phone", sa.String(), nullable=True),
        sa.Column("without_opinions", sa.Boolean(), nullable=True), sa.Column("files", sa.Integer(), nullable=True),
    ]  # fmt: skip


def _told() -> list[sa.Column[object]]:
    needed: dict[str, sa.types.TypeEngine[Any]] = {
        "id": _ascii(), "committee_id": _ascii(), "to_id": _ascii(), "assignment_id": _ascii(), "body_id": _ascii(),
        "state": sa.String(40), "role": sa.String(40), "revision": sa.Integer(), "changed_at": sa.DateTime(),
    }  # fmt: skip
    optional: dict[str, sa.types.TypeEngine[Any]] = {
        "title": sa.String(), "text": sa.String(), "office": sa.String(), "instructions": sa.String(),
        "assigned_on": sa.Date(), "due_on": sa.Date(), "was_due_on": sa.Date(), "due_is_estimate": sa.Boolean(),
        "return_until": sa.Date(), "return_days": sa.Integer(), "extension_until": sa.Date(),
        "replied_at": sa.DateTime(), "days_late": sa.Integer(), "reason": sa.String(), "opinions": sa.Text(),
        "awaited": sa.Text(), "satisfaction": sa.String(40), "files": sa.Integer(), "closed_at": sa.DateTime(),
        "moved_at": sa.DateTime(),
    }  # fmt: skip
    return [
        *(sa.Column(name, type_, nullable=False) for name, type_ in needed.items()),
        *(sa.Column(name, type_, nullable=True) for name, type_ in optional.items()),
    ]


def upgrade() -> None:
    op.create_table(
        "handover", *_told(), sa.Column("since", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
    )  # fmt: skip
    op.create_index("handover_by_assignment", "handover", ["assignment_id", "moved_at"])
    op.create_table(
        "seen_handover", *_told(), sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=False), sa.Column("is_taken", sa.Boolean(), nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False), sa.PrimaryKeyConstraint("id", name="pk_seen_handover"),
    )  # fmt: skip
    op.create_index("ix_seen_handover_committee_id", "seen_handover", ["committee_id"])
    op.create_index("seen_handover_by_body", "seen_handover", ["body_id", "state", "due_on"])
    op.create_index("seen_handover_by_due", "seen_handover", ["due_on", "committee_id", "id"])
    for table in REQUESTS:
        for column in _of_request():
            op.add_column(table, column)


def downgrade() -> None:
    for table in REQUESTS:
        with op.batch_alter_table(table) as batch:
            for column in _of_request():
                batch.drop_column(column.name)
    for table in ("seen_handover", "handover"):
        op.drop_table(table)
