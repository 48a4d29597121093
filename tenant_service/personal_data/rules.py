"""Which fields are masked and shown one by one, and of which kind of record."""

from collections.abc import Mapping, Sequence

from sync.contract.errors import Code, Refusal, Said
from sync.contract.ids import checked, kind_of
from sync.contract.kinds import Kind


class MaskedField(Kind):
    """遮蔽项: a field that is masked, and shown one by one for a reason."""

    WORK_PHONE = "work_phone", "工作电话"
    BIRTH_MONTH = "birth_month", "出生年月"
    CONTACT_PHONE = "contact_phone", "联系人电话"


def masked(of: Mapping[str, Sequence[MaskedField]], id: str, field: str) -> MaskedField:
    """The field of that name, of a record of this kind; `of`: kind → what of it is masked.

    Raises:
        Refusal: BAD_ID; NOT_FOUND, nothing of such a record is masked; BAD_VALUE, no such field.
    """
    fields = of.get(kind_of(checked(id)))
    if fields is None:
        raise Refusal(Code.NOT_FOUND)
    found = MaskedField.known(field)
    if found is None or found not in fields:
        raise Refusal(Code.BAD_VALUE, field="field", why=Said("请从列表选择", "choose from the list"))
    return found
