"""What has no canary, and why; whatever is named neither here nor planted makes a test fail."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from sync.contract.shapes.programmes import TargetMeasure
from sync.contract.shapes.requests import RequestState
from tenant_service.performance.shipped import TEMPLATES
from tenant_service.workdays.models import WorkdayRow
from tests.canaries.federation import MECHANISM

_EXCHANGE = "the exchange writes it from what is planted: events, their places, chains and signatures"
_HEARD = "what others told; the other owner's canaries get there by themselves"
_CHAINED = "chained and signed; its entries are planted by the log itself"
UNPLANTED_TABLES = {
    **dict.fromkeys(
        ("own_life", "own_log", "outbox", "shared_out", "hub_end", "receipt", "followed", "reading", "stash",
         "received", "copy", "change", "change_end", "salvaged", "erasure", "left_epoch"), _EXCHANGE,
    ),
    **dict.fromkeys(
        ("seen_activity", "seen_participation", "seen_unit", "seen_value", "seen_venue", "seen_campaign",
         "seen_appraisal", "seen_procedure", "seen_topic", "seen_item", "seen_assignment", "seen_call", "early_answer",
         "seen_report", "seen_proposal", "seen_post", "seen_recognition", "seen_programme", "seen_form",
          "heard_audit_head"), _HEARD,
    ),
    **dict.fromkeys(("audit_end", "audit_entry", "audit_segment", "audit_told"), _CHAINED),
    "search_text": "written from what is searched in the records",
    "value": "counted from the activities; of texts it has their ids",
    "restoration": "has places and moments alone", "recovered": "hangs on a restoration",
}  # fmt: skip
_SHORT = "too short to be told from chance; the walk of the schema asks for its field"
UNPLANTED_TYPES: dict[type, str] = dict.fromkeys((bool, int, dt.date, dt.datetime), _SHORT)
"""Columns of these types, as codes of closed lists, have none."""
BY_NAME: dict[str, tuple[Callable[[Any, str, int], Any], str]] = {
    "committee_id": (lambda of, _table, _number: of.owner, "this committee"),
    "host_ids": (lambda of, _table, _number: [of.owner], "this committee"),
    "iss": (lambda of, _table, _number: of.owner, "this committee"),
    "to_id": (lambda of, _table, _number: of.other, "the other committee"),
    "home_id": (lambda of, _table, _number: of.other, "the other committee"),
    "mechanism_id": (lambda _of, _table, _number: MECHANISM, "a mechanism, which the directory shows to everybody"),
    "shares": (lambda of, table, number: of.shares(table, number), "channels by their names"),
    "expires_at": (lambda of, _table, number: of.now + dt.timedelta(days=300, hours=number), _SHORT),
    "kept_until": (lambda of, _table, number: of.now + dt.timedelta(days=300, hours=number), _SHORT),
}
_ID = "an id; its last 32 digits are the canary"
FIXED: dict[tuple[str, str], tuple[Callable[[Any, int], Any], str]] = {
    ("campaign", "year"): (lambda _of, _number: 2026, _SHORT),
    ("proposal", "year"): (lambda _of, number: 2026 + number, _SHORT),
    ("report", "year"): (lambda _of, number: 2026 + number, _SHORT),
    ("report", "sent_to"): (lambda of, _number: of.other, "the other committee"),
    ("report_intake", "from_id"): (lambda of, _number: of.other, "the other committee"),
    ("programme", "year"): (lambda _of, _number: 2026, _SHORT),
    ("programme", "target_units"): (lambda _of, _number: ["次"], _SHORT),
    ("programme", "target_goals"): (lambda _of, _number: [1], _SHORT),
    ("programme", "target_measures"): (lambda _of, _number: [TargetMeasure.ENTRIES], "codes of a closed list"),
    ("programme", "target_counts"): (lambda _of, _number: [1], _SHORT),
    ("programme", "task_dues"): (lambda _of, _number: ["2026-12-01"], _SHORT),
    ("programme", "task_done"): (lambda _of, _number: [""], _SHORT),
    ("proposal", "round"): (lambda _of, _number: 1, _SHORT),
    ("scheme", "rules"): (lambda _of, _number: TEMPLATES["reading"].rules, "figures of a scheme"),
    ("member_result", "scored"): (lambda _of, _number: [], "ids of lines and figures"),
    ("member_result", "short"): (lambda _of, _number: [], "codes and figures"),
    ("appraisal", "year"): (lambda _of, _number: 2026, _SHORT),
    ("topic", "year"): (lambda _of, _number: 2026, _SHORT),
    ("topic", "in_charge_id"): (lambda of, number: of.ids["org_unit", number], _ID),
    ("topic_route", "target_id"): (lambda of, number: of.ids["org_unit", number], _ID),
    ("topic", "step"): (lambda _of, _number: None, "it would have to be a step of the version that it began with"),
    (WorkdayRow.__tablename__, "day"): (lambda of, number: of.now.date() + dt.timedelta(days=number), _SHORT),
    ("account", "roles"): (lambda _of, _number: ["member"], "codes of a closed list"),
    ("incoming_request", "committee_id"): (lambda of, _number: of.other, "the other committee"),
    ("incoming_request", "to_id"): (lambda of, _number: of.owner, "this committee"),
    ("incoming_request", "answer_id"): (
        lambda of, _number: of.new_id("incoming_request.answer_id", "answer", of.owner), _ID
    ),
    ("incoming_request", "state"): (lambda _of, _number: RequestState.ACCEPTED, "a code; it waits for nobody"),
    ("incoming_request", "try_after"): (lambda _of, _number: None, _SHORT),
    ("incoming_request", "person_id"): (
        lambda of, _number: of.new_id("incoming_request.person_id", "person", of.other), _ID
    ),
    ("incoming_request", "subject_id"): (lambda of, number: of.ids["activity", number], _ID),
    ("request", "subject_id"): (lambda of, _number: of.new_id("request.subject_id", "activity", of.other), _ID),
    ("participation", "person_id"): (lambda of, _number: of.new_id("participation.person_id", "person", of.other), _ID),
    ("activity", "desk_secret"): (
        lambda of, _number: of.markers.new(of.owner, "activity.desk_secret", "{}").text, "hex digits alone"
    ),
    ("alarm", "log"): (lambda of, _number: f"{of.other}/o", "a log's name"),
    ("alarm", "code"): (lambda _of, number: f"CODE_{number}", "a code of our own, which is counted for operators"),
    ("dead_letter", "log"): (lambda of, _number: f"{of.other}/o", "a log's name"),
    ("procedure", "step_codes"): (
        lambda of, _number: [of.markers.new(of.owner, "procedure.step_codes", "{}").text], "codes in a list"
    ),
    ("procedure", "step_stages"): (lambda _of, _number: ["商"], _SHORT),
    ("procedure", "step_workdays"): (lambda _of, _number: [1], _SHORT),
    ("procedure", "step_needs"): (lambda _of, _number: [[]], "codes of a closed list"),
    ("procedure", "step_papers"): (
        lambda of, _number: [[of.markers.new(of.owner, "procedure.step_papers").text]], "a list for each step"
    ),
    ("procedure", "step_roles"): (
        lambda of, _number: [[of.markers.new(of.owner, "procedure.step_roles").text]], "a list for each step"
    ),
    ("procedure", "code"): (lambda of, _number: of.markers.new(of.owner, "procedure.code", "{}").text, "a code"),
}  # fmt: skip
"""Columns of planted tables that have to be what they are."""

SECRET = {
    "account.password_hash", "activity.desk_secret", "browser_session.digest", "browser_session.csrf",
    "linked_session.session_digest", "linked_session.hint",
    "gateway_code.digest", "gateway_grant.digest", "oauth_code.digest", "oauth_code.challenge", "oauth_code.nonce",
    "oauth_refresh.digest", "oauth_assertion.digest", "sign_in_tries.digest", "idempotency_key.key",
    "idempotency_key.digest", "idempotency_key.answer", "used_code.jti",
    "topic_reporter.code_digest", "topic_reporter.remark", "roster_line.plan", "roster_line.before",
}  # fmt: skip
"""Columns that nobody is shown, at home neither."""
