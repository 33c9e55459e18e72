"""The OpenAPI document, drawn from the table of operations."""

import re
from collections.abc import Sequence
from typing import Any

from api.door import Operation
from api.fields import Field

_RP, _TEXT, _DAY = {"type": "integer"}, {"type": "string"}, {"type": "string", "format": "date"}
_HOLE = re.compile(r"<uuid:(\w+)>")


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


def _maybe(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _rows(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(**properties)}


_ROW = {
    "no": _RP, "due_on": _maybe(_DAY), "principal_rp": _RP, "interest_rp": _RP, "installment_rp": _RP,
    "balance_rp": _RP,
}  # fmt: skip
_ASKED = {
    "id": {"type": "string", "format": "uuid"}, "number": _TEXT, "product": _TEXT, "asked_rp": _RP, "term": _RP,
    "asked_on": _DAY,
}  # fmt: skip
_DUE = _object(due_on=_DAY, amount_rp=_RP, late_rp=_RP)
_LOAN = {
    **_ASKED, "state": _TEXT, "state_label": _TEXT, "principal_rp": _RP, "outstanding_rp": _RP,
    "disbursed_on": _maybe(_DAY), "next_due": _maybe(_DUE),
}  # fmt: skip
_PAID = {"booked_on": _DAY, "kind": _TEXT, "amount_rp": _RP, "principal_rp": _RP, "interest_rp": _RP, "penalty_rp": _RP}
_TOTALS = {"principal_rp": _RP, "interest_rp": _RP, "installment_rp": _RP, "effective_annual_pct": _TEXT}
_MUTATION = {"booked_on": _DAY, "product": _TEXT, "kind": _TEXT, "memo": _TEXT, "amount_rp": _RP, "balance_rp": _RP}
_PRODUCT = {
    "code": _TEXT, "name": _TEXT, "method": _TEXT, "rate_pct": _TEXT, "rate_basis": _TEXT, "period": _TEXT,
    "minimum_rp": _RP, "maximum_rp": _RP, "longest_term": _RP, "documents": {"type": "array", "items": _TEXT},
}  # fmt: skip
SHAPES: dict[str, dict[str, Any]] = {
    "Document": {"type": "object"},
    "Schedule": _object(rows=_rows(**_ROW), totals=_object(**_TOTALS)),
    "Me": _object(name=_TEXT, member_number=_maybe(_TEXT), state=_TEXT, joined_on=_maybe(_DAY),
                  coop=_object(slug=_TEXT, name=_TEXT)),
    "Savings": _object(rows=_rows(code=_maybe(_TEXT), product=_TEXT, kind=_TEXT, balance_rp=_RP),
                       totals=_object(balance_rp=_RP)),
    "Mutations": _object(rows=_rows(**_MUTATION), next_cursor=_maybe(_TEXT)),
    "LoanProducts": _object(rows=_rows(**_PRODUCT)),
    "Loans": _object(rows=_rows(**_LOAN)),
    "LoanDetail": _object(**_LOAN, schedule=_rows(**_ROW, left_rp=_RP), payments=_rows(**_PAID)),
    "Application": _object(**_ASKED),
    "Withdrawal": _object(number=_RP, product=_TEXT, amount_rp=_RP, asked_on=_DAY, pay_to=_TEXT, note=_TEXT),
    "Problem": _object(type=_TEXT, title=_TEXT, status=_RP, detail=_TEXT),
}  # fmt: skip


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        path = "/api/v1" + _HOLE.sub(r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "eKopz", "version": "1", "description": "Token dari POST /api/v1/security/login."},
        "paths": paths,
        "components": {
            "schemas": SHAPES,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.about,
        "parameters": _parameters(operation),
        "responses": {
            str(operation.status): _content("application/json", operation.returns, "Berhasil"),
            "default": _content("application/problem+json", "Problem", "Ditolak, dengan alasannya"),
        },
    }
    if not operation.is_public:
        told["security"] = [{"bearer": []}]
    if operation.body:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": _body(operation.body)}}}
    return told


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    holes = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        for name in _HOLE.findall(operation.path)
    ]
    key = {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{8,80}$"}
    once = [{"name": "Idempotency-Key", "in": "header", "required": True, "schema": key}] if operation.is_once else []
    query = [
        {"name": f.name, "in": "query", "required": f.required, "description": f.about, "schema": f.schema()}
        for f in operation.query
    ]
    return [*holes, *once, *query]


def _body(fields: Sequence[Field]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field.name: {**field.schema(), "description": field.about} for field in fields},
        "required": [field.name for field in fields if field.required],
        "additionalProperties": False,
    }


def _content(media_type: str, shape: str, about: str) -> dict[str, Any]:
    return {"description": about, "content": {media_type: {"schema": {"$ref": f"#/components/schemas/{shape}"}}}}
