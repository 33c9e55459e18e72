"""What the database itself refuses, as data: {name: (SQLite DDL, PostgreSQL DDL)}.

Messages start with `ekopz:` so that a face can tell them from other errors. The two dialects say the same thing; a test
runs the same refusals on both.
"""

from collections.abc import Iterator

from models.rls import tables

INSERT_ONLY = (
    "journal_entries",
    "journal_lines",
    "audit_records",
    "savings_movements",
    "loan_payments",
    "loan_decisions",
    "deposit_movements",
    "stock_movements",
    "point_movements",
    "order_events",
    "store_credit_payments",
    "store_movements",
    "goods_receipts",
    "goods_receipt_lines",
    "supplier_bill_lines",
    "supplier_payments",
    "subscription_changes",
    "support_visits",
    "ticket_messages",
)

_BALANCED = """
    (SELECT count(*) FROM journal_lines l WHERE l.coop_id = NEW.coop_id AND l.entry_seq = NEW.seq
        AND l.booked_on = NEW.booked_on) < 2
    OR (SELECT coalesce(sum(l.debit_rp), 0) FROM journal_lines l
        WHERE l.coop_id = NEW.coop_id AND l.entry_seq = NEW.seq AND l.booked_on = NEW.booked_on) <> NEW.total_rp
    OR (SELECT coalesce(sum(l.credit_rp), 0) FROM journal_lines l
        WHERE l.coop_id = NEW.coop_id AND l.entry_seq = NEW.seq) <> NEW.total_rp"""
_PERIOD_NOT_OPEN = """
    NOT EXISTS (SELECT 1 FROM periods p WHERE p.coop_id = NEW.coop_id AND p.state = 'open'
        AND p.starts_on <= NEW.booked_on AND p.ends_on >= NEW.booked_on)"""
_OUT_OF_CHAIN = """
    NEW.seq <> 1 + coalesce((SELECT max(e.seq) FROM journal_entries e WHERE e.coop_id = NEW.coop_id), 0)
    OR NEW.prev_hash <> coalesce((SELECT e.hash FROM journal_entries e
        WHERE e.coop_id = NEW.coop_id AND e.seq = NEW.seq - 1), '')"""
_NUMBER_GAP = """
    NEW.number <> 1 + coalesce((SELECT max(e.number) FROM journal_entries e
        WHERE e.coop_id = NEW.coop_id AND e.year = NEW.year), 0)"""
_SEALED = """
    EXISTS (SELECT 1 FROM journal_entries e WHERE e.coop_id = NEW.coop_id AND e.seq = NEW.entry_seq)"""
_HEADER = """
    EXISTS (SELECT 1 FROM accounts a WHERE a.coop_id = NEW.coop_id AND a.id = NEW.account_id AND a.is_header)"""
_AUDIT_CHAIN = """
    NEW.seq <> 1 + coalesce((SELECT max(r.seq) FROM audit_records r WHERE r.coop_id = NEW.coop_id), 0)"""

# before an insert into the table: (condition that refuses, message)
REFUSED = {
    "journal_entries": [
        ("balanced", _BALANCED, "ekopz: entry does not balance"),
        ("period", _PERIOD_NOT_OPEN, "ekopz: period is not open"),
        ("chain", _OUT_OF_CHAIN, "ekopz: entry breaks the chain"),
        ("number", _NUMBER_GAP, "ekopz: entry leaves a gap in the numbers"),
    ],
    "journal_lines": [
        ("sealed", _SEALED, "ekopz: entry is sealed"),
        ("header", _HEADER, "ekopz: header accounts take no postings"),
    ],
    "audit_records": [("chain", _AUDIT_CHAIN, "ekopz: audit record breaks the chain")],
}


def statements(dialect: str) -> Iterator[str]:
    """Every DDL statement of `dialect` ('sqlite' or 'postgresql'), in order."""
    build = _sqlite if dialect == "sqlite" else _postgresql
    yield from build()


def _sqlite() -> Iterator[str]:
    for table in INSERT_ONLY:
        for verb in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'ekopz: {table} is insert-only'); END"
            )
    for table, rules in REFUSED.items():
        for name, condition, message in rules:
            yield (
                f"CREATE TRIGGER {table}_{name} BEFORE INSERT ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
    yield """CREATE TRIGGER journal_lines_sum AFTER INSERT ON journal_lines BEGIN
    INSERT INTO account_months (coop_id, account_id, unit_id, month_on, debit_rp, credit_rp)
    VALUES (NEW.coop_id, NEW.account_id, NEW.unit_id, date(NEW.booked_on, 'start of month'),
        NEW.debit_rp, NEW.credit_rp)
    ON CONFLICT (coop_id, account_id, unit_id, month_on) DO UPDATE
    SET debit_rp = debit_rp + excluded.debit_rp, credit_rp = credit_rp + excluded.credit_rp; END"""
    for table in tables():
        if table not in INSERT_ONLY:
            yield (
                f"CREATE TRIGGER {table}_stays BEFORE UPDATE OF coop_id ON {table} WHEN NEW.coop_id <> OLD.coop_id "
                f"BEGIN SELECT RAISE(ABORT, 'ekopz: a row cannot change its cooperative'); END"
            )


def _postgresql() -> Iterator[str]:
    for table in INSERT_ONLY:
        yield _pg_function(f"{table}_insert_only", f"{_raise(f'ekopz: {table} is insert-only')}")
        yield (
            f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_insert_only()"
        )
        yield (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_insert_only()"
        )
    for table, rules in REFUSED.items():
        checks = " ".join(f"IF {test} THEN {_raise(message)} END IF;" for _, test, message in rules)
        yield _pg_function(f"{table}_refuse", f"{checks} RETURN NEW;")
        yield (f"CREATE TRIGGER {table}_refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()")
    yield _pg_function(
        "journal_lines_sum",
        """INSERT INTO account_months AS m (coop_id, account_id, unit_id, month_on, debit_rp, credit_rp)
    VALUES (NEW.coop_id, NEW.account_id, NEW.unit_id, date_trunc('month', NEW.booked_on)::date, NEW.debit_rp,
        NEW.credit_rp)
    ON CONFLICT (coop_id, account_id, unit_id, month_on) DO UPDATE
    SET debit_rp = m.debit_rp + excluded.debit_rp, credit_rp = m.credit_rp + excluded.credit_rp;
    RETURN NEW;""",
    )
    yield (
        "CREATE TRIGGER journal_lines_sum AFTER INSERT ON journal_lines "
        "FOR EACH ROW EXECUTE FUNCTION journal_lines_sum()"
    )
    stays = _raise("ekopz: a row cannot change its cooperative")
    yield _pg_function("coop_stays", f"IF NEW.coop_id <> OLD.coop_id THEN {stays} END IF; RETURN NEW;")
    for table in tables():
        if table not in INSERT_ONLY:
            yield (
                f"CREATE TRIGGER {table}_stays BEFORE UPDATE OF coop_id ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION coop_stays()"
            )


def _raise(message: str) -> str:
    # the same kind of error as SQLite's RAISE(ABORT): an integrity violation
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"


def _pg_function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
