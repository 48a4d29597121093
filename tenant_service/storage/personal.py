"""个人信息: which columns say something of a person, declared where the column is.

What is declared is masked, counted, exported to its subject and erased; a test walks all tables and names each column
that looks like one of these and says nothing.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import mapped_column

from sync.contract.kinds import Kind


class Personal(Kind):
    """个人信息类别: what a column tells of a person."""

    WHO = "WHO", "人员编号"  # the pseudonym, which says nothing by itself
    NAME = "NAME", "姓名"
    PHONE = "PHONE", "电话"
    BIRTH = "BIRTH", "出生年月"
    GENDER = "GENDER", "性别"
    WORK = "WORK", "工作单位及职务"
    NUMBER = "NUMBER", "编号、用户名"
    PARTY = "PARTY", "党派"
    TEXT = "TEXT", "文字"  # written about somebody, or by somebody about themselves


_INFO = "personal"


def personal(kind: Personal, *types: Any, **more: Any) -> Any:
    """A mapped column that is personal data."""
    return mapped_column(*types, info={_INFO: kind}, **more)


def declared(tables: MetaData) -> Iterator[tuple[str, str, Personal]]:
    """Table, column and kind of everything that is declared."""
    for table in tables.sorted_tables:
        for column in table.columns:
            if _INFO in column.info:
                yield table.name, column.name, column.info[_INFO]
