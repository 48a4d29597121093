"""What is wrong with a document or its variables, in Chinese: graphql-core says it in English only.

A sentence of it that is not in the table is told as “查询不正确” alone; its place in the document is told in any case.
"""

import re

from sync.contract.errors import Code

_AT = re.compile(r"Variable '(\$\w+)' has invalid value(?: at (\S+))?: (.*)", re.DOTALL)
_TOLD: list[tuple[str, str]] = [
    # ── values ──
    (r"Value '(.*)' does not exist in '(\w+)' enum\.", "{1} 没有“{0}”这个取值"),
    (r"Enum '(\w+)' cannot represent non-enum value: (.*)\.", "{0} 的取值是不加引号的代码，不能是 {1}"),
    (r"Enum '(\w+)' cannot represent non-string value: (.*)\.", "{0} 的取值是代码，不能是 {1}"),
    (r"Expected value of type '(.+?)' to include required field '(\w+)'", "{0} 缺少必填项 {1}"),
    (r"Expected value of type '(.+?)' not to include unknown field '(.*?)'", "{0} 没有 {1} 这一项"),
    (r"Expected value of type '(.+?)' to be an object, found: (.*)\.", "{0} 应为对象，不能是 {1}"),
    (r"Expected (?:a )?value of non-null type '(.+?)' ", "{0} 类型的值不能为空"),
    (r"Expected value of type 'DateTime!?', ", "时间须按 ISO 8601 书写并带时区"),
    (r"Expected value of type 'Date!?', ", "日期须写作 YYYY-MM-DD"),
    (r"Expected value of type '(.+?)', .*found: (.*)\.", "{0} 类型的值不正确：{1}"),
    (r"Int cannot represent non-integer value: (.*)", "应为整数，不能是 {0}"),
    (r"Int cannot represent non 32-bit signed integer value: (.*)", "整数超出32位的范围：{0}"),
    (r"Float cannot represent non numeric value: (.*)", "应为数字，不能是 {0}"),
    (r"String cannot represent a non string value: (.*)", "应为文本，不能是 {0}"),
    (r"Boolean cannot represent a non boolean value: (.*)", "应为 true 或 false，不能是 {0}"),
    (r"ID cannot represent (?:a non-string and non-integer )?value: (.*)", "应为编号，不能是 {0}"),
    (r"a cursor is the text that a list gave", "翻页位置须是列表给出的文本"),
    # ── arguments and variables ──
    (r"Argument '(.+?)' of type '(.+?)' is required", "缺少参数 {0}，其类型为 {1}"),
    (r"Argument '(.+?)' has invalid value", "参数 {0} 的值不正确"),
    (r"Unknown argument '(\w+)' on (?:field|directive) '(.+?)'", "{1} 没有参数 {0}"),
    (r"Variable '(\$\w+)' is not defined", "变量 {0} 未定义"),
    (r"Variable '(\$\w+)' is never used", "变量 {0} 未使用"),
    (r"Variable '(\$\w+)' of type '(.+?)' used in position expecting type '(.+?)'",
     "变量 {0} 的类型是 {1}，而此处需要 {2}"),
    (r"Variable '(\$\w+)' (?:cannot be non-input type|expected value of type) '(.+?)'",
     "变量 {0} 的类型 {1} 不能用于输入"),
    # ── fields, fragments, operations ──
    (r"Cannot query field '(\w+)' on type '(\w+)'", "{1} 没有字段 {0}"),
    (r"Field '(\w+)' of type '(.+?)' must have a selection", "字段 {0} 须选择其下级字段"),
    (r"Field '(\w+)' must not have a selection", "字段 {0} 没有下级字段"),
    (r"Fields '(\w+)' conflict because", "几处 {0} 的内容不同，请用别名区分"),
    (r"There can be only one .*?named '(.+?)'", "“{0}”重复"),
    (r"Unknown type '(\w+)'", "没有类型 {0}"),
    (r"Unknown fragment '(\w+)'", "没有片段 {0}"),
    (r"Fragment '(\w+)' is never used", "片段 {0} 未使用"),
    (r"Cannot spread fragment '(\w+)' within itself", "片段 {0} 引用了自身"),
    (r"Fragment (?:'\w+' )?cannot (?:condition on|be spread)", "片段不适用于此处的类型"),
    (r"Unknown directive '(@\w+)'", "没有指令 {0}"),
    (r"The directive '(@\w+)' can only be used once", "指令 {0} 在此处只能用一次"),
    (r"Directive '(@\w+)' may not be used on", "指令 {0} 不能用于此处"),
    (r"This anonymous operation must be the only|name one operation of this document", "有几个操作时须指明其中一个"),
    (r"The (\w+) operation is not supported", "不支持 {0} 操作"),
    (r"a subscription has one root field", "订阅只能有一个根字段，且不能带 @skip 或 @include"),
    (r"The '(.+?)' definition is not executable", "{0} 是定义，不能执行"),
    (r"Syntax Error", "语法错误"),
    (r"Document contains more than", "文档过长"),
]  # fmt: skip
"""How a sentence begins → the same in Chinese; the first that fits is told."""
_SENTENCES = [(re.compile(begins, re.DOTALL), zh) for begins, zh in _TOLD]


def in_chinese(message: str) -> str:
    """`查询不正确：…`, as precisely as the table knows it."""
    where, said = "", message
    if found := _AT.fullmatch(message):
        variable, inside, said = found.groups()
        where = f"变量 {variable}{' 的 ' + inside if inside else ''}："
    why = next((zh.format(*told.groups()) for of, zh in _SENTENCES if (told := of.match(said))), "")
    if where and not why:
        where, why = where.rstrip("："), " 的值不正确"
    return f"{Code.INVALID.zh}：{where}{why}" if why else Code.INVALID.zh
