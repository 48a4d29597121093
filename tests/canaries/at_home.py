"""Who of the owner's own people is shown which column, as the use cases of docs/policy.md are printed."""

import re
from collections.abc import Iterator
from pathlib import Path

from tenant_service.graphql import schema as tenant_schema
from tenant_service.identity.policy import Role
from tests.canaries import documents
from tests.canaries.asking import Answer, Asker, Asking
from tests.canaries.exceptions import SECRET
from tests.canaries.federation import OWNER
from tests.canaries.markers import Marker

_USE = re.compile(r"^\| `([A-Z_]+)` \S+ \| (\S+) \|$", re.MULTILINE)
_LABELS = {role.label: role.value for role in Role}
_PAGE = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
PRINTED = {
    use: {_LABELS[each] for each in labels.split("、")}
    for use, labels in _USE.findall(_PAGE.partition("## People of other committees")[0])
}
"""Use case → codes of the roles that have it."""
TABLES = {
    "account": "SEE_ACCOUNTS", "audit_consent": "SEE_AUDIT_HEADS", "audit_entry": "SEE_AUDIT", "alarm": "SEE_SYNC",
    "dead_letter": "SEE_SYNC", "body": "SEE_WORK", "request": "SEE_WORK", "incoming_request": "SEE_WORK",
    "participation": "SEE_WORK", "person": "SEE_MEMBERS", "person_tag": "SEE_MEMBERS", "membership": "SEE_MEMBERS",
    "topic_reporter": "SEE_WORK", "topic_proof": "SEE_WORK", "topic_route": "SEE_WORK", "topic_hand": "SEE_WORK",
    "topic_standing": "SEE_WORK", "topic_rating": "SEE_WORK", "venue_keeper": "SEE_WORK", "workday": "SEE_WORK",
    "programme_entry": "SEE_WORK", "programme_answer": "SEE_WORK",
    "call": "SEE_WORK", "call_answer": "SEE_WORK",
    "notification": "SEE_NOTICES", "notification_delivery": "SEE_NOTICES",
    "post_comment": "SEE_WORK", "post_reading": "EDIT_POSTS",
    "ledger_line": "KEEP_LEDGER", "member_result": "SEE_WORK", "objection": "SEE_WORK", "scheme": "SEE_WORK",
    "entry": "SEE_WORK",
    "form_answer": "EDIT_FORMS", "form_invited": "EDIT_FORMS",
    "roster_batch": "EDIT_MEMBERS", "roster_line": "EDIT_MEMBERS", "oauth_client": "MANAGE_CLIENTS",
}  # fmt: skip
"""Table → who works with it. By hand: the policy's page says what a use case opens, and this says where that lies."""
COLUMNS = {
    "activity.contact_name": "SEE_WORK", "activity.returned_because": "SEE_WORK", "venue.contact_name": "SEE_WORK",
    "venue.qr_token": "SEE_WORK", "campaign.returned_because": "SEE_WORK", "campaign.drafted_report": "SEE_WORK",
    "campaign.drafted_by": "SEE_WORK", "programme.drafted_by": "SEE_WORK", "programme.signed_by": "SEE_WORK",
    "programme.returned_because": "SEE_WORK", "programme.drafted_report": "SEE_WORK",
    "campaign.signed_by": "SEE_WORK", "topic.drafted_answer": "SEE_WORK",
    "topic.work_note": "SEE_WORK", "topic.returned_because": "SEE_WORK",
    "topic.drafted_by": "SEE_WORK", "topic.signed_by": "SEE_WORK", "item.body_id": "SEE_WORK",
    "item.proposed_by": "SEE_WORK", "post.returned_because": "SEE_WORK", "post.drafted_by": "SEE_WORK",
    "post.signed_by": "SEE_WORK",
    **dict.fromkeys(
        (f"assignment.{each}" for each in (
            "office_id", "instructions", "return_because", "return_to", "extension_because", "sent_back_because",
            "withdrawn_because", "drafted_reply", "contact_name", "verification",
        )), "SEE_WORK",
    ),
}  # fmt: skip
NAMED_BY_ACCOUNTS = {"person.id", "body.id", "body.name"}
"""Pseudonym of the member to whom an account belongs, and the body that its holder works for, to be chosen by name."""
MASKED = {
    "activity.contact_phone", "venue.contact_phone", "person.birth_month", "roster_line.birth_month",
    "topic_reporter.phone", "assignment.contact_phone",
}  # fmt: skip
OPEN = ("activity", "venue", "venue_space", "org_unit", "procedure", "post", "form")
"""Tables of what everybody at home is shown."""
BESIDE_ROWS = ("venue_space",)
"""Of these: rows without channels of their own."""
SIGNED = ("campaign", "campaign_line", "campaign_body", "appraisal", "topic", "item", "assignment", "programme")
"""Tables of what members are shown beside the office; whoever else has an account is shown what is shared with all."""
BESIDE = {"campaign_line.text", "appraisal.questions"}
"""Of these: rows without channels of their own, shown at home to whoever is shown their record."""
OF_BODIES = {Role.DEPARTMENT.value, Role.COORDINATOR.value}
"""Roles of people who work for bodies: of rows with channels of their own they are shown what is shared with all."""
AMONG_US = {Role.MEMBER.value, Role.CONVENER.value}
SHOWN = {
    "account.name", "audit_entry.sub", "alarm.text", "dead_letter.error", "body.name", "request.text",
    "incoming_request.detail", "participation.name", "participation.reason", "person.name", "person.work_phone",
    "membership.title", "person_tag.tag", "roster_batch.file_name", "activity.contact_name", "venue.contact_name",
    "activity.title", "venue.name", "org_unit.name", "workday.note",
}  # fmt: skip
"""Columns that whoever has the use case is shown; else the search would see nothing because nothing is shown."""


def is_shown(role: str, column: str) -> bool:
    """Whether the printed policy lets this role be shown it at home."""
    if column in SECRET or column in MASKED:
        return False
    if column in NAMED_BY_ACCOUNTS and role in PRINTED["SEE_ACCOUNTS"]:
        return True
    table = column.partition(".")[0]
    use = COLUMNS.get(column) or TABLES.get(table)
    if column in BESIDE:
        return True
    if role in OF_BODIES and not use:
        return table in BESIDE_ROWS
    if table in SIGNED and not use:
        return role in PRINTED["SEE_WORK"] | AMONG_US
    return role in PRINTED[use] if use else table in OPEN


def answers(asking: Asking, role: str) -> Iterator[Answer]:
    """Every page and file of the owner's site, and every field of its schema."""
    asker, planted = Asker(OWNER, role), asking.planted
    yield from asking.pages(asker, planted.url(OWNER), alike=3)
    kept = documents.ids_of(planted.markers, OWNER)
    for document in documents.documents(tenant_schema._schema, "query", kept, deep=1):
        yield asking.at_the_committee(asker, OWNER, document, asking.token(asker))


def is_wanted(role: str, marker: Marker) -> bool:
    """Who sees accounts alone is not looked at for what stands beside them: an account names one body at most."""
    if marker.column in NAMED_BY_ACCOUNTS and role not in PRINTED["SEE_WORK"]:
        return False
    return marker.owner == OWNER and marker.column in SHOWN and is_shown(role, marker.column)
