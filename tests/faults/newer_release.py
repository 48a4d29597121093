"""A release that writes figures in a shape of its own, `value/2`, and reads the older one too."""

from sync.contract import records, versions
from sync.contract.shapes.values import ValueRecord
from sync.contract.visibility import Visible, record, visible


@record
class NewerValueRecord(ValueRecord):
    source: str = visible(Visible.FEDERATION, "How it was counted; older releases know nothing of it.", default="")


def speak(number: int) -> None:
    """This process is of that release."""
    versions.SCHEMAS["value"] = number
    records.RECORDS["value"] = NewerValueRecord
