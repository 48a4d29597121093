"""What some rooms need beside a session, put together once where the committee is opened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from tenant_service.counting.figures import Counting
from tenant_service.exchange.answering import Handlers
from tenant_service.exchange.projecting import Projector
from tenant_service.identity.keys import Keys


@dataclass(frozen=True)
class Services:
    """The same for everybody who asks.

    Attributes:
        handlers: How requests about our records are answered, by kind.
        projector: Shows others' records anew.
        counting: How the rooms count for the indicators.
        called: Kind of record, or what acts in the audit log begin with → what people call it.
        reported: Owner → codes of the indicators of which it ever told us a figure.
        persons_in_use: Whether a room has something about one of these people; accounts are asked anyway.
        value_channels: On which channels our figures are shared.
        personal_rows_per_day: Rows of personal data that one account may look at in a day.
        retention_rules: What is kept how long, as `personal_data.retention` makes it of the settings.
        least_ballots: Ballots of an appraisal below which nothing of them is shown.
    """

    keys: Keys
    handlers: Handlers
    projector: Projector
    counting: Counting
    called: Mapping[str, str]
    reported: Callable[[Session, Sequence[str]], dict[str, list[str]]]
    persons_in_use: Callable[[Session, Sequence[str]], bool]
    value_channels: frozenset[str]
    personal_rows_per_day: int
    retention_rules: Sequence[Any] = ()
    least_ballots: int = 10
