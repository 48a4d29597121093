"""What the console asks of the gateway, and how: the same documents that anybody may put to /graphql."""

import datetime as dt
from typing import Any

from gateway.answers import copied_at, data_of
from gateway.entry import Account
from gateway.federation.engine import Gateway
from gateway.federation.refused import Answer
from gateway.identity.callers import Caller
from gateway.rates import Rates, name_of
from sync.edge.body import Asked

_SOURCES = """fanout { complete asked answered asOf
    sources(not: []) { committee { id name shortName } state rows asOf latencyMs error { code message zh } } }"""
_VALUES = """code value distinct whyNotDistinct imported leftOut { committee { shortName } from to number } unit
    coverage { total fresh stale missing }"""

COCKPIT = f"""query Cockpit($at: At, $fan: Fan, $indicators: [IndicatorCode!]!, $one: [IndicatorCode!]!,
    $from: Date!, $to: Date!, $fromBefore: Date!, $toBefore: Date!, $fromMonth: Date!, $toMonth: Date!) {{
  now: statistics(at: $at, indicators: $indicators, from: $from, to: $to, fan: $fan) {{
    rows {{ committee {{ id name shortName }} values {{ code value imported }} }}
    total {{ {_VALUES} }}
    {_SOURCES}
  }}
  before: statistics(at: $at, indicators: $indicators, by: [], from: $fromBefore, to: $toBefore, fan: $fan) {{
    total {{ code value }}
  }}
  months: statistics(at: $at, indicators: $one, by: [MONTH], from: $fromMonth, to: $toMonth, fan: $fan) {{
    rows {{ month values {{ value coverage {{ total missing }} }} }}
  }}
  kinds: statistics(at: $at, indicators: [ACTIVITIES_HELD], by: [KIND], from: $from, to: $to, fan: $fan) {{
    rows {{ kind values {{ value }} }}
  }}
  mechanisms: statistics(at: $at, indicators: [ACTIVITIES_HELD], by: [MECHANISM], from: $from, to: $to, fan: $fan) {{
    rows {{ mechanism {{ id name }} values {{ value }} }}
  }}
}}"""

HEALTH = f"""query Health($at: At, $fan: Fan) {{
  live: activities(at: $at, first: 1, orderBy: CHANGED_AT_DESC, fan: $fan) {{ {_SOURCES} }}
}}"""

_ACTIVITY = """id committeeId title kind format state startsAt endsAt place hostIds mechanismId series issueNo ordinal
    organizer leaderPresent membersPresent headcount backfilled changeNote changedAt"""

ACTIVITIES = f"""query Activities($at: At, $where: ActivityFilter, $order: ActivityOrder!, $after: Cursor, $fan: Fan) {{
  activities(at: $at, where: $where, orderBy: $order, first: 20, after: $after, fan: $fan) {{
    nodes {{ {_ACTIVITY} }} pageInfo {{ hasNextPage endCursor }} totalCount
    {_SOURCES}
  }}
}}"""

VENUES = f"""query Venues($at: At, $where: VenueFilter, $after: Cursor, $fan: Fan) {{
  venues(at: $at, where: $where, first: 50, after: $after, fan: $fan) {{
    nodes {{ id committeeId name kind type brand state area address seats openedOn }}
    pageInfo {{ hasNextPage endCursor }} totalCount
    {_SOURCES}
  }}
}}"""

ONE_ACTIVITY = (
    f"query Activity($id: ID!) {{ activity(id: $id) {{ {_ACTIVITY} capacity suggestions report revision }} }}"
)
ONE_VENUE = """query Venue($id: ID!) {
  venue(id: $id) { id committeeId name kind type brand state area address seats openedOn closedOn spaces { name capacity } }
}"""  # noqa: E501

_STANDING = "committeeId state brokenAt lastSeq signedAt heardAt leftAt"
AUDITS_BELOW = f"query AuditsBelow {{ auditBelow {{ {_STANDING} }} }}"
AUDIT_LOOK = f"""query AuditLook($of: ID!, $copying: Boolean!) {{
  auditLookBelow(of: $of, copying: $copying) {{ {_STANDING} }}
}}"""
AUDIT_LOG = """query AuditLog($id: ID!, $where: AuditFilter, $first: Int!, $before: Int) {
  auditLog(id: $id, where: $where, first: $first, before: $before) {
    seq at iss sub act area subject digest prior chain
  }
}"""


class Questions:
    """Puts documents to the gateway in this process, for one caller, by the rules of the API and out of the same
    allowance.
    """

    def __init__(self, gateway: Gateway, rates: Rates) -> None:
        self._gateway, self._rates = gateway, rates

    async def ask(self, caller: Caller, document: str, **variables: Any) -> dict[str, Any]:
        """The answer's data.

        Raises:
            Refusal: what the gateway refused, or what the one committee asked did; RATE_LIMITED, BUSY.
        """
        return data_of(await self._answer(caller, document, variables))

    async def record(self, caller: Caller, document: str, id: str) -> tuple[dict[str, Any], dt.datetime | None]:
        """The same for one record; and since when it is true, where its owner is silent and it is a copy.

        Raises:
            Refusal: as `ask`.
        """
        answer = await self._answer(caller, document, {"id": id})
        return data_of(answer), copied_at(answer)

    async def _answer(self, caller: Caller, document: str, variables: dict[str, Any]) -> Answer:
        account = Account(self._gateway, self._rates, name_of(caller, ""), "console", None)
        account.count()
        return await account.ask(Asked(document, variables), caller, only_queries=True)
