"""Whatever is sent to any operation, a member gets an answer of its shape or a sentence; never a crash."""

import json
import os
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.document import SHAPES
from tests.admin_panel.conftest import Panel
from tests.api.conftest import BASE, Program, siti

__all__ = ["siti"]
EXAMPLES = 150 * int(os.environ.get("EKOPZ_LONG", "1"))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.lists(st.integers(), max_size=3),
    st.sampled_from([10**15, -1, 2**63, "9" * 40, "2026-02-30", "9999-12-31", "1e-50", "NaN", "\x00", "1,5"]),
    st.dictionaries(TEXT, st.integers(), max_size=2),
)  # fmt: skip


def fitting(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values a field of the document allows."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], min(schema["maximum"], 50_000_000))
    if schema.get("format") == "date":
        return st.dates().map(str)
    if schema.get("pattern", "").startswith("^[0-9]"):
        return st.decimals(0, 1100, places=3).map(str)
    return st.sampled_from(["UANG", "SUKARELA", "SS", "x"]) | TEXT


@st.composite
def calls(draw: st.DrawFn, document: dict[str, Any]) -> tuple[str, str, dict[str, Any], Any, str]:
    """An operation with values that mostly fit, sometimes do not, sometimes are nobody's."""
    path = draw(st.sampled_from(sorted(document["paths"])))
    method, told = draw(st.sampled_from(sorted(document["paths"][path].items())))
    query = {
        one["name"]: draw(fitting(one["schema"]) if draw(st.integers(0, 4)) else ODD)
        for one in told["parameters"]
        if one["in"] == "query" and (one["required"] or draw(st.booleans()))
    }
    if not draw(st.integers(0, 9)):
        query[draw(TEXT)] = draw(TEXT)
    fields = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    body: Any = None
    if fields:
        body = {name: draw(fitting(one) if draw(st.integers(0, 4)) else ODD)
                for name, one in fields["properties"].items() if draw(st.integers(0, 3))}  # fmt: skip
        body = body if draw(st.integers(0, 9)) else draw(ODD)
    key = draw(st.sampled_from(["", "key-12345678", "key-87654321"]) | TEXT.map(lambda text: ascii(text)))
    return method, path, query, body, key


def test_nothing_that_is_sent_breaks_the_api(peopled: Panel, siti: Program) -> None:
    document = peopled.app.test_client().get(f"{BASE}/openapi.json").json
    ids = [row["id"] for row in siti.get("/me/loans").json["rows"]] + ["0", "x"]

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=EXAMPLES == 150,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def run(data: st.DataObject) -> None:
        method, path, query, body, key = data.draw(calls(document))
        address = path.replace("{public_id}", data.draw(st.sampled_from(ids)))
        answer = siti.client.open(
            address, method=method.upper(), query_string={name: str(value) for name, value in query.items()},
            data=json.dumps(body) if method == "post" else None,
            content_type="application/json" if method == "post" else None,
            headers={"Authorization": f"Bearer {siti.token}", "Idempotency-Key": key},
        )  # fmt: skip
        assert answer.status_code < 500, answer.text
        assert "TETANGGA" not in answer.text
        if answer.status_code >= 400:
            assert answer.mimetype == "application/problem+json"
            jsonschema.validate(answer.json, SHAPES["Problem"])
        else:
            good = document["paths"][path][method]["responses"][str(answer.status_code)]
            shape = good["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
            jsonschema.validate(answer.json, SHAPES[shape])

    run()


@pytest.mark.parametrize("path", ["/loan-schedule", "/me/mutations"])
def test_a_parameter_sent_twice_is_the_last_one(siti: Program, path: str) -> None:
    first, last = {"/loan-schedule": ("term=1&term=12", 12), "/me/mutations": ("limit=50&limit=1", 1)}[path]
    rest = "&principal=1000000&rate=1&method=flat" if path == "/loan-schedule" else ""
    headers = {"Authorization": f"Bearer {siti.token}"}
    answer = siti.client.get(f"{BASE}{path}?{first}{rest}", headers=headers)
    assert len(answer.json["rows"]) == last
