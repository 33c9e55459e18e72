"""The API: what a member's program may ask, what it gets, and what it never gets."""

import uuid
from typing import Any

import jsonschema
import pytest

from api.document import SHAPES
from api.table import OPERATIONS
from cli.__main__ import main
from models.loans import Loan
from models.savings import WithdrawalRequest
from tests.admin_panel.conftest import Panel
from tests.api.conftest import BASE, Program, member_of, program
from tests.conftest import PASSWORD
from tests.crowd import at_once
from tests.journeys.conftest import employ

LOAN = {"product": "UANG", "amount_rp": 1_000_000, "term": 10, "purpose": "Modal usaha"}
SCHEDULE = {"principal": 12_000_000, "rate": "12", "method": "flat", "term": 12}


@pytest.fixture
def newcomer(peopled: Panel) -> Program:
    """A member with savings and no loan yet."""
    from tests.loans.story import saver

    return program(peopled, employ(peopled.world, "baru", {"anggota"}, saver(peopled.world, "Anggota Baru")))


def fits(answer: Any, shape: str) -> Any:
    jsonschema.validate(answer.json, SHAPES[shape])
    return answer.json


def test_every_answer_has_the_shape_the_document_tells(siti: Program) -> None:
    loan_id = siti.get("/me/loans").json["rows"][0]["id"]
    for operation in (one for one in OPERATIONS if one.method == "GET"):
        path = operation.path.replace("<uuid:public_id>", loan_id)
        answer = siti.get(path, **(SCHEDULE if operation.name == "loan_schedule" else {}))
        assert answer.status_code == 200, operation.path
        fits(answer, operation.returns)


def test_the_document_and_the_routes_are_the_same(panel: Panel) -> None:
    told = panel.app.test_client().get(f"{BASE}/openapi.json").json
    routes = {
        (rule.rule.replace("<uuid:public_id>", "{public_id}"), method.lower())
        for rule in panel.app.url_map.iter_rules()
        if rule.rule.startswith(BASE) and "/security/" not in rule.rule
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, methods in told["paths"].items() for method in methods} == routes


def test_the_schedule_is_that_of_the_command_line(panel: Panel, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    answer = panel.app.test_client().get(f"{BASE}/loan-schedule", query_string={**SCHEDULE, "first_due": "2026-01-31"})
    options = ["--principal", "12000000", "--rate", "12", "--method", "flat", "--term", "12"]
    main(["loan-schedule", *options, "--first-due", "2026-01-31", "--format", "json"])
    assert answer.json == json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "wrong",
    [
        {"first_due": "9999-12-31"}, {"rate": "1e-50"}, {"rate": "NaN"}, {"term": "0"}, {"term": "1201"},
        {"principal": "-1"}, {"principal": "12.5"}, {"principal": str(10**15)}, {"method": "x"}, {"first_due": "besok"},
        {"unknown": "1"}, {"round_to": "99999999999"}, {"grace": "12"}, {"method": ""}, {"rate": "1001"},
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_told_in_a_sentence(panel: Panel, wrong: dict[str, str]) -> None:
    answer = panel.app.test_client().get(f"{BASE}/loan-schedule", query_string=SCHEDULE | wrong)
    assert answer.status_code == 422, answer.text
    assert answer.mimetype == "application/problem+json"
    fits(answer, "Problem")


def test_only_a_bearer_token_counts(peopled: Panel, siti: Program) -> None:
    cookies = peopled.as_(siti.actor).client
    stranger = peopled.app.test_client()
    for operation in (one for one in OPERATIONS if not one.is_public):
        path = BASE + operation.path.replace("<uuid:public_id>", str(uuid.uuid4()))
        for client in (cookies, stranger):
            answer = client.open(path, method=operation.method, json={} if operation.method == "POST" else None)
            assert answer.status_code == 401, operation.path
            fits(answer, "Problem")
        forged = {"Authorization": f"Bearer {siti.token[:-3]}abc"}
        assert stranger.open(path, method=operation.method, headers=forged).status_code == 401


def test_the_token_of_the_sign_in_opens_the_door(peopled: Panel) -> None:
    username, client = peopled.with_password("petugas"), peopled.app.test_client()
    signed = client.post(f"{BASE}/security/login", json={"username": username, "password": PASSWORD, "refresh": True})
    headers = {"Authorization": f"Bearer {signed.json['access_token']}"}
    answer = client.get(f"{BASE}/me", headers=headers)
    assert answer.status_code == 403  # a clerk who is no member
    assert answer.json["type"] == "urn:ekopz:api.no_membership"
    refresh = {"Authorization": f"Bearer {signed.json['refresh_token']}"}
    assert client.get(f"{BASE}/me", headers=refresh).status_code == 401
    again = client.post(f"{BASE}/security/refresh", headers=refresh).json["access_token"]
    assert client.get(f"{BASE}/me", headers={"Authorization": f"Bearer {again}"}).status_code == 403


def test_pages_of_mutations_join_without_gaps(siti: Program) -> None:
    whole = siti.get("/me/mutations").json["rows"]
    assert len(whole) >= 3
    found, cursor = [], None
    while True:
        page = siti.get("/me/mutations", limit=1, **({"cursor": cursor} if cursor else {})).json
        found += page["rows"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == whole
    assert siti.get("/me/mutations", cursor="999999").status_code == 422


def test_asking_for_a_loan_twice_is_one_loan(peopled: Panel, newcomer: Program) -> None:
    first, again = newcomer.post("/me/loans", LOAN), newcomer.post("/me/loans", LOAN)
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert fits(first, "Application") == again.json
    other = newcomer.post("/me/loans", LOAN | {"amount_rp": 2_000_000})
    assert (other.status_code, fits(other, "Problem")["type"]) == (409, "urn:ekopz:loans.application_differs")
    second = newcomer.post("/me/loans", LOAN, key="key-00000002")
    assert (second.status_code, second.json["type"]) == (409, "urn:ekopz:loans.application_open")
    with peopled.world.reading() as session:
        assert session.query(Loan).filter_by(member_id=newcomer.actor.member_id).count() == 1
    assert newcomer.get(f"/me/loans/{first.json['id']}").json["state"] == "asked"


def test_ten_requests_with_one_key_are_one_withdrawal(peopled: Panel, newcomer: Program) -> None:
    codes = {row["kind"]: row["code"] for row in newcomer.get("/me/savings").json["rows"]}
    body = {"product": codes["voluntary"], "amount_rp": 100_000, "pay_to": "BRI 123"}
    answers = at_once([lambda: newcomer.post("/me/withdrawals", body) for _ in range(10)])
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert newcomer.post("/me/withdrawals", body | {"pay_to": "BCA 9"}).status_code == 409
    with peopled.world.reading() as session:
        assert session.query(WithdrawalRequest).filter_by(member_id=newcomer.actor.member_id).count() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("[" * 9_000, 400), ("{", 400), ("[]", 400), ("null", 400), ("", 400), ('{"a":' + "1" * 6000 + "}", 400),
        ('{"product":"UANG"}', 422), ('{"product":"UANG","amount_rp":1.5,"term":3}', 422),
        ('{"product":"UANG","amount_rp":true,"term":3}', 422), ('{"product":"UA\\u0000","amount_rp":1,"term":3}', 422),
        ('{"product":"UANG","amount_rp":1,"term":3,"purpose":"\\ud800"}', 400), ("x" * 20_000, 413),
        ('{"product":"TIDAK","amount_rp":1,"term":3}', 404), ('{"coop_id":2,"product":"UANG"}', 422),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_changes_nothing(peopled: Panel, newcomer: Program, body: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {newcomer.token}", "Idempotency-Key": "key-00000009"}
    answer = newcomer.client.post(f"{BASE}/me/loans", data=body, headers=headers, content_type="application/json")
    assert answer.status_code == status, answer.text
    fits(answer, "Problem")
    with peopled.world.reading() as session:
        assert session.query(Loan).filter_by(member_id=newcomer.actor.member_id).count() == 0


@pytest.mark.parametrize(
    "body", ["[" * 9_000, '{"username":"\\ud800","password":"x"}', "9" * 6_000, "null", "x" * 20_000]
)
def test_a_sign_in_that_cannot_be_read_is_refused_calmly(panel: Panel, body: str) -> None:
    client = panel.app.test_client()
    answer = client.post(f"{BASE}/security/login", data=body, content_type="application/json")
    assert answer.status_code in {400, 413}, answer.text
    fits(answer, "Problem")


def test_money_moves_only_with_a_key(newcomer: Program) -> None:
    for key in ("", "short", "with space and more", "x" * 81):
        answer = newcomer.post("/me/loans", LOAN, key=key)
        assert (answer.status_code, answer.json["type"]) == (400, "urn:ekopz:api.key_missing")


def test_nobody_sees_anothers_loan(peopled: Panel, siti: Program, newcomer: Program) -> None:
    theirs = [siti.get("/me/loans").json["rows"][0]["id"]]
    with peopled.world.database.reading(peopled.world.other.id) as session:
        theirs += [str(loan.public_id) for loan in session.query(Loan)]
    assert len(theirs) >= 2
    for public_id in [*theirs, str(uuid.uuid4())]:
        assert newcomer.get(f"/me/loans/{public_id}").status_code == 404
    for path in ("/me", "/me/savings", "/me/mutations", "/me/loans", "/me/loan-products"):
        assert "TETANGGA" not in siti.get(path).text.upper().replace("KOPERASI TETANGGA JAYA", "")


def test_a_key_counts_for_the_person_who_sent_it(peopled: Panel, newcomer: Program) -> None:
    newcomer.post("/me/loans", LOAN)
    from tests.loans.story import saver

    second = program(peopled, employ(peopled.world, "lain", {"anggota"}, saver(peopled.world, "Orang Lain")))
    made = second.post("/me/loans", LOAN)
    assert made.status_code == 201
    assert made.json["id"] not in {row["id"] for row in newcomer.get("/me/loans").json["rows"]}


def test_the_neighbours_member_id_is_nothing_here(peopled: Panel) -> None:
    theirs = member_of(peopled, peopled.world.other.id)
    lost = program(peopled, employ(peopled.world, "tersesat", {"anggota"}, None))
    assert theirs
    assert lost.get("/me/savings").status_code == 403
