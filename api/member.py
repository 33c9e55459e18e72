"""A member's own things: who they are, savings, mutasi, loans; asking for a loan or for money."""

import hashlib
import uuid
from datetime import date
from typing import Any

from api.door import KeyReused, me
from core import clock
from core.errors import InvalidValue, NotFound
from models.coops import Coop
from models.loans import Loan, LoanInstallment
from models.members import Member
from services.loans import applications, products, queries
from services.loans.states import LABELS
from services.savings import products as savings_products
from services.savings import queries as savings
from services.savings import requests
from web.request import db, transaction


def who() -> dict[str, Any]:
    actor, member_id = me()
    member, coop = db().get_one(Member, member_id), db().get_one(Coop, actor.coop_id)
    return {
        "name": member.name, "member_number": member.number, "state": member.state, "joined_on": member.joined_on,
        "coop": {"slug": coop.slug, "name": coop.name},
    }  # fmt: skip


def own_savings() -> dict[str, Any]:
    actor, member_id = me()
    codes = {product.id: product.code for product in savings_products.active(db(), actor)}
    rows = [
        {"code": codes.get(row.product_id), "product": row.product, "kind": row.kind, "balance_rp": row.balance_rp}
        for row in savings.balances(db(), actor, member_id)
    ]
    return {"rows": rows, "totals": {"balance_rp": sum(row["balance_rp"] for row in rows)}}


def mutations(cursor: str | None, limit: int) -> dict[str, Any]:
    """Newest first. Raises InvalidValue for a cursor of somebody else, or of nothing."""
    actor, member_id = me()
    every = savings.mutations(db(), actor, member_id)[::-1]
    start = 0
    if cursor is not None:
        marks = {str(line.movement_id): place for place, line in enumerate(every, start=1)}
        if cursor not in marks:
            raise InvalidValue(field="cursor", reason="tidak dikenal. Mulai lagi dari halaman pertama.")
        start = marks[cursor]
    page = every[start : start + limit]
    rows = [
        {
            "booked_on": line.booked_on, "product": line.product, "kind": line.kind, "memo": line.memo,
            "amount_rp": line.amount_rp, "balance_rp": line.balance_rp,
        }
        for line in page
    ]  # fmt: skip
    more = start + limit < len(every)
    return {"rows": rows, "next_cursor": str(page[-1].movement_id) if more else None}


def loan_products() -> dict[str, Any]:
    actor, _ = me()
    return {
        "rows": [
            {
                "code": product.code, "name": product.name, "method": product.method, "rate_pct": product.rate_pct,
                "rate_basis": product.rate_basis, "period": product.period, "minimum_rp": product.minimum_rp,
                "maximum_rp": product.maximum_rp, "longest_term": product.longest_term,
                "documents": product.documents,
            }
            for product in products.active(db(), actor)
        ]
    }  # fmt: skip


def loans() -> dict[str, Any]:
    actor, member_id = me()
    found = queries.of_member(db(), actor, member_id)
    rows, today = queries.installments_of(db(), [loan for loan in found if loan.state == "running"]), _today()
    return {"rows": [_loan(loan, rows.get(loan.id, []), today) for loan in found]}


def loan(public_id: uuid.UUID) -> dict[str, Any]:
    """One loan with its schedule and payments. Raises NotFound for somebody else's."""
    actor, _ = me()
    found = queries.by_public_id(db(), actor, public_id)
    rows = queries.installments(db(), found)
    paid = [
        {
            "booked_on": one.booked_on, "kind": one.kind, "amount_rp": one.amount_rp,
            "principal_rp": one.principal_rp, "interest_rp": one.interest_rp, "penalty_rp": one.penalty_rp,
        }
        for one in queries.payments(db(), found)
    ]  # fmt: skip
    current = rows if found.state == "running" else []
    return {**_loan(found, current, _today()), "schedule": _schedule(rows), "payments": paid}


def _schedule(rows: list[LoanInstallment]) -> list[dict[str, Any]]:
    told, balance_rp = [], sum(row.principal_rp for row in rows)
    for row in rows:
        balance_rp -= row.principal_rp
        told.append(
            {
                "no": row.no, "due_on": row.due_on, "principal_rp": row.principal_rp, "interest_rp": row.interest_rp,
                "installment_rp": row.principal_rp + row.interest_rp, "balance_rp": balance_rp,
                "left_rp": row.left_rp,
            }
        )  # fmt: skip
    return told


def _loan(found: Loan, rows: list[LoanInstallment], today: date) -> dict[str, Any]:
    due = queries.next_due(rows, today)
    return {
        **_asked(found), "state": found.state, "state_label": LABELS[found.state], "principal_rp": found.principal_rp,
        "outstanding_rp": found.outstanding_rp, "disbursed_on": found.disbursed_on,
        "next_due": due and {"due_on": due.due_on, "amount_rp": due.amount_rp, "late_rp": due.late_rp},
    }  # fmt: skip


def _asked(found: Loan) -> dict[str, Any]:
    """What an application keeps for good: a request sent again gets the very same answer."""
    return {
        "id": found.public_id, "number": found.number, "product": found.product.name, "asked_rp": found.asked_rp,
        "term": found.term, "asked_on": found.asked_on,
    }  # fmt: skip


def ask_for_loan(key: str, product: str, **wanted: Any) -> dict[str, Any]:
    actor, member_id = me()
    with transaction() as session:
        found = next((one for one in products.active(session, actor) if one.code == product), None)
        if found is None:
            raise NotFound(what=f"Jenis pinjaman {product}")
        wish = applications.Wish(
            member_id=member_id, product_id=found.id, asked_rp=wanted["amount_rp"], term=wanted["term"],
            asked_on=_today(), token=_token(actor.user_id, key), purpose=wanted["purpose"],
            collected_by=wanted["collected_by"], salary_rp=wanted["salary_rp"],
            other_debts_rp=wanted["other_debts_rp"],
        )  # fmt: skip
        made = applications.ask(session, actor, wish)
        return {**_asked(made), "term": wish.term}


def ask_for_money(key: str, product: str, amount_rp: int, pay_to: str, note: str) -> dict[str, Any]:
    actor, member_id = me()
    with transaction() as session:
        found = next((one for one in savings_products.active(session, actor) if one.code == product), None)
        if found is None:
            raise NotFound(what=f"Jenis simpanan {product}")
        token = _token(actor.user_id, key)
        wish = requests.Wish(member_id, found.id, amount_rp, _today(), token, pay_to=pay_to, note=note)
        made = requests.ask(session, actor, wish)
        if (made.pay_to, made.note) != (pay_to.strip(), note.strip()):
            raise KeyReused()
        return {
            "number": made.id, "product": found.name, "amount_rp": made.amount_rp, "asked_on": made.asked_on,
            "pay_to": made.pay_to, "note": made.note,
        }  # fmt: skip


def _token(user_id: int, key: str) -> str:
    """A key counts for the person who sent it."""
    return f"api:{hashlib.sha256(f'{user_id}:{key}'.encode()).hexdigest()[:40]}"


def _today() -> date:
    actor, _ = me()
    return clock.today(db().get_one(Coop, actor.coop_id).zone)
