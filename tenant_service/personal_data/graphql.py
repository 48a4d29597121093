"""Personal data in GraphQL: one masked field is shown for a reason, and how much of people may be looked at today."""

import datetime as dt

import strawberry

from sync.contract.errors import Code, Refusal
from sync.contract.ids import Id
from sync.contract.visibility import Visible, visible
from tenant_service.graph.context import Info
from tenant_service.graph.inputs import plain
from tenant_service.graph.types import Home, contract_enum, shown
from tenant_service.identity import quotas
from tenant_service.identity.disclosures import Purpose, Told
from tenant_service.personal_data import service
from tenant_service.personal_data.rules import MaskedField

TENANT, SUBJECT = Visible.TENANT, Visible.SUBJECT
for each in (MaskedField, Purpose):
    contract_enum(each)


@strawberry.type(description="查看的一项: one masked field, shown for a reason that stands in the audit log.")
class Revealed:
    id: Id = visible(TENANT, "Of which record.")
    field: MaskedField = visible(TENANT, "Which field.")
    value: str | None = visible(TENANT, "What stands in it now; null: nothing does.")
    until: dt.datetime = visible(TENANT, "Until when the same key shows it again.")


@strawberry.type(description="个人信息额度: how many rows of people the account may look at in a day.")
class PersonalQuota:
    used: int = visible(SUBJECT, "Rows that were shown to the account today.")
    most: int = visible(SUBJECT, "Rows that may be shown to it in a day.")
    left: int = visible(SUBJECT, "Rows that may still be shown to it today.")
    opens_at: dt.datetime = visible(SUBJECT, "When it is counted anew: at midnight in Asia/Shanghai.")


@strawberry.type
class PersonalQuery:
    @shown(SUBJECT, "How much of people the caller may still look at today.", directives=[Home()])
    def personal_quota(self, info: Info) -> PersonalQuota | None:
        actor = info.context.actor
        if not actor.is_home:
            return None
        found = quotas.standing(info.context.units, actor, info.context.services.personal_rows_per_day)
        return PersonalQuota(used=found.used, most=found.most, left=found.left, opens_at=found.opens_at)


@strawberry.type
class PersonalMutation:
    @shown(TENANT, "查看被遮蔽的一项: noted before it is shown, with the purpose and the reason.")
    def reveal(self, info: Info, key: Id, id: Id, field: MaskedField, purpose: Purpose, reason: str) -> Revealed:
        context = info.context
        service.require_revealing(context.actor, id)
        most = context.services.personal_rows_per_day
        # What is kept under the key is that it was noted, never the value: that is read only while it may be shown.
        noted = context.perform(
            "reveal", key, plain(id=id, field=field, purpose=purpose, reason=reason),
            lambda unit: service.reveal(
                unit, context.actor, id, field.value, Told(reason, purpose.value), most
            ),
            service.Noted,
        )  # fmt: skip
        found = service.revealed(context.unit, context.actor, noted.disclosure, id)
        if found is None:
            raise Refusal(Code.REVEAL_OVER)
        return Revealed(id=id, field=found.field, value=found.value, until=found.until)
