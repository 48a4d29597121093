"""Lists of plain fields, answered without walking them field by field.

graphql-core resolves and completes every field of every row by itself, which is nine tenths of the time of a list.
What is asked of a list seldom needs it: the fields of its rows are attributes of records. So an operation is looked at
once and made into a plan (`plans`), which takes the page from the room's own resolver, reads it by columns
(`tenant_service.storage.paging`) and shows each column whole (`values`).

Only the walk is replaced. Who may see which rows, and how much of each, is decided where it always is, because the page
comes from the resolver and is told by the page. Whatever a plan does not know (another field, a value that its type
does not allow, a refusal) leaves the whole operation to graphql-core, so an answer is the same with and without. Only a
broken value that nobody asked for is met no more: it is not read.
"""
