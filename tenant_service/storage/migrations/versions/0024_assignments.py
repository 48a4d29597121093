"""Items of lists and their assignments, ours and copies of others'."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def _ascii() -> sa.String:
    return sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")


def _item() -> list[sa.Column[object]]:
    return [
        sa.Column("id", _ascii(), nullable=False), sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False), sa.Column("state", sa.String(40), nullable=False),
        sa.Column("list_id", _ascii(), nullable=False), sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False), sa.Column("agreed_at", sa.DateTime(), nullable=True),
        sa.Column("done_at", sa.DateTime(), nullable=True), sa.Column("body", sa.String(), nullable=True),
        sa.Column("adopted_by", sa.Text(), nullable=True), sa.Column("reason", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False), sa.Column("changed_at", sa.DateTime(), nullable=False),
    ]  # fmt: skip


def _assignment() -> list[sa.Column[object]]:
    return [
        sa.Column("id", _ascii(), nullable=False), sa.Column("committee_id", _ascii(), nullable=False),
        sa.Column("item_id", _ascii(), nullable=False), sa.Column("state", sa.String(40), nullable=False),
        sa.Column("role", sa.String(40), nullable=False), sa.Column("body", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True), sa.Column("replied_at", sa.DateTime(), nullable=True),
        sa.Column("days_late", sa.Integer(), nullable=True), sa.Column("reply_class", sa.String(40), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True), sa.Column("body_id", _ascii(), nullable=True),
        sa.Column("office", sa.String(), nullable=True), sa.Column("assigned_on", sa.Date(), nullable=True),
        sa.Column("was_due_on", sa.Date(), nullable=True), sa.Column("due_is_estimate", sa.Boolean(), nullable=True),
        sa.Column("satisfaction", sa.String(40), nullable=True), sa.Column("reply", sa.String(), nullable=True),
        sa.Column("files", sa.Integer(), nullable=True), sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
    ]  # fmt: skip


def _copy() -> list[sa.Column[object]]:
    return [
        sa.Column("channels", sa.Text(), nullable=False), sa.Column("as_of", sa.DateTime(), nullable=False),
    ]  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "item", *_item(),
        sa.Column("shares", sa.Text(), nullable=False), sa.Column("body_id", _ascii(), nullable=True),
        sa.Column("proposed_by", _ascii(), nullable=False), sa.PrimaryKeyConstraint("id", name="pk_item"),
    )  # fmt: skip
    op.create_index("item_by_number", "item", ["list_id", "number"], unique=True)
    op.create_index("item_by_list", "item", ["list_id", "kind", "state"])
    op.create_index("item_by_body", "item", ["body_id"])
    op.create_table("seen_item", *_item(), *_copy(), sa.PrimaryKeyConstraint("id", name="pk_seen_item"))
    op.create_index("ix_seen_item_committee_id", "seen_item", ["committee_id"])
    op.create_index("seen_item_by_list", "seen_item", ["list_id"])
    for table in ("item", "seen_item"):
        op.create_index(f"{table}_by_change", table, ["changed_at", "committee_id", "id"])
        op.create_index(f"{table}_by_agreement", table, ["agreed_at", "committee_id", "id"])
    op.create_table(
        "assignment", *_assignment(),
        sa.Column("shares", sa.Text(), nullable=False), sa.Column("office_id", _ascii(), nullable=True),
        sa.Column("instructions", sa.String(), nullable=True), sa.Column("return_because", sa.String(), nullable=True),
        sa.Column("return_to", sa.String(), nullable=True), sa.Column("extension_until", sa.Date(), nullable=True),
        sa.Column("extension_because", sa.String(), nullable=True),
        sa.Column("sent_back_because", sa.String(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=True),
        sa.Column("drafted_reply", sa.String(), nullable=True), sa.Column("drafted_class", sa.String(40), nullable=True),
        sa.Column("contact_name", sa.String(), nullable=True), sa.Column("contact_phone", sa.String(), nullable=True),
        sa.Column("verification", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_assignment_item_id_item"),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
    )  # fmt: skip
    op.create_index("assignment_by_item", "assignment", ["item_id", "role"])
    op.create_index("assignment_by_body", "assignment", ["body_id", "state", "due_on"])
    op.create_index("assignment_by_office", "assignment", ["office_id", "state"])
    op.create_table(
        "seen_assignment", *_assignment(), *_copy(), sa.PrimaryKeyConstraint("id", name="pk_seen_assignment")
    )
    op.create_index("ix_seen_assignment_committee_id", "seen_assignment", ["committee_id"])
    op.create_index("seen_assignment_by_item", "seen_assignment", ["item_id"])
    for table in ("assignment", "seen_assignment"):
        op.create_index(f"{table}_by_due", table, ["due_on", "committee_id", "id"])
        op.create_index(f"{table}_by_change", table, ["changed_at", "committee_id", "id"])


def downgrade() -> None:
    for table in ("seen_assignment", "assignment", "seen_item", "item"):
        op.drop_table(table)
