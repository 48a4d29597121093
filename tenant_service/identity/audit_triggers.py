"""What the database itself forbids: to change an entry of the audit log, to cut its end, to take out what is young.

An entry goes only with its month, after the month's head was signed and the month was marked as dropped, and never
within six months by the database's own clock, whatever a setting or this program's clock says. Who may alter the
database's schema can take these triggers away; that is why a parent keeps heads (`sync.contract.shapes.audit`).
"""

_SAYS = "the audit log only grows"
_IN_A_DROPPED_MONTH = (
    "EXISTS (SELECT 1 FROM audit_segment s "
    "WHERE OLD.seq BETWEEN s.first_seq AND s.last_seq AND s.dropped_at IS NOT NULL)"
)
_SEGMENT_CHANGED = " OR ".join(
    f"NEW.{name} <> OLD.{name}" for name in ("month", "first_seq", "last_seq", "before", "chain", "head", "at")
)
"""A month may be marked as dropped, and as nothing else."""
TABLES = ("audit_entry", "audit_end", "audit_segment")
_RULES = {
    "audit_entry": {
        "UPDATE": ("", ""),
        "DELETE": (
            "OLD.at > datetime('now', '-6 months') OR NOT " + _IN_A_DROPPED_MONTH,
            "OLD.at > (now() AT TIME ZONE 'utc') - INTERVAL '6 months' OR NOT " + _IN_A_DROPPED_MONTH,
        ),
    },
    "audit_end": {"UPDATE": ("NEW.seq <= OLD.seq", "NEW.seq <= OLD.seq"), "DELETE": ("", "")},
    "audit_segment": {"UPDATE": (_SEGMENT_CHANGED, _SEGMENT_CHANGED), "DELETE": ("", "")},
}
"""Table → what is tried → when it is refused on SQLite and on PostgreSQL; empty: always."""
_KEYS = {"audit_entry": "seq", "audit_end": "id", "audit_segment": "month"}


def made(table: str) -> dict[str, list[str]]:
    """Database → the statements that put the triggers on this table."""
    on_sqlite, on_postgresql = [_replacing(table)], _truncating(table)
    for what, (here, there) in _RULES[table].items():
        name = f"{table}_{what.lower()}"
        condition = f" WHEN {here}" if here else ""
        on_sqlite.append(
            f"CREATE TRIGGER {name} BEFORE {what} ON {table}{condition} BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
        )
        body = f"RAISE EXCEPTION '{_SAYS}';"
        body = f"IF {there} THEN {body} END IF;" if there else body
        body += " RETURN OLD;" if what == "DELETE" else " RETURN NEW;"
        on_postgresql += [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
            f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return {"sqlite": on_sqlite, "postgresql": on_postgresql}


def dropped(table: str) -> dict[str, list[str]]:
    """Database → the statements that take them away again; no fault where there are none."""
    names = [f"{table}_{what.lower()}" for what in _RULES[table]]
    return {
        "sqlite": [f"DROP TRIGGER IF EXISTS {name}" for name in (*names, f"{table}_replace")],
        "postgresql": [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in (*names, f"{table}_truncate")],
    }


def _replacing(table: str) -> str:
    """SQLite's INSERT OR REPLACE takes a row out without asking the trigger for DELETE."""
    does = "RAISE(IGNORE)" if table == "audit_end" else f"RAISE(ABORT, '{_SAYS}')"  # every act begins it, if need be
    is_there = f"EXISTS (SELECT 1 FROM {table} WHERE {_KEYS[table]} = NEW.{_KEYS[table]})"  # noqa: S608 — names of ours
    return f"CREATE TRIGGER {table}_replace BEFORE INSERT ON {table} WHEN {is_there} BEGIN SELECT {does}; END"


def _truncating(table: str) -> list[str]:
    name = f"{table}_truncate"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_SAYS}'; END $$",
        f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {name}()",
    ]
