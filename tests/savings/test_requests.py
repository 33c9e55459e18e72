"""A member's money comes out once, after a second person agreed."""

from dataclasses import replace
from datetime import date

import pytest

from core.errors import InvalidValue, NotAllowed, NotFound
from models.access import CoopUser, RoleGrant, User
from models.savings import Receipt, SavingsAccount, SavingsProduct
from services.access.sign_in import actor_in
from services.ledger.chart import Role
from services.ledger.refusals import PeriodClosed
from services.notifications import queries as bell
from services.savings import commands, requests
from services.savings.refusals import (
    AmountInvalid,
    NotEnough,
    NotWithdrawable,
    OwnRequest,
    RequestTokenTaken,
    RequestTooMuch,
    RequestWrongState,
)
from services.savings.requests import Wish
from tests.crowd import outcomes
from tests.loans.story import saver

ASKED, PAID = date(2026, 3, 2), date(2026, 3, 4)


@pytest.fixture
def siti(world):
    return saver(world, saved_rp=1_000_000)


def wish(world, member_id, **changes):
    return replace(Wish(member_id, world.product("voluntary"), 400_000, ASKED, "w1", "BRI 0012"), **changes)


def asked(world, of, **changes):
    with world.transaction(world.petugas) as session:
        return requests.ask(session, world.petugas, replace(wish(world, of), **changes)).id


def approved(world, member_id, **changes):
    request_id = asked(world, member_id, **changes)
    with world.transaction(world.ketua) as session:
        requests.approve(session, world.ketua, request_id)
    return request_id


def pay(world, request_id, **options):
    with world.transaction(world.bendahara) as session:
        return requests.pay(session, world.bendahara, request_id, paid_on=PAID, **options)


def balance(world, member_id):
    with world.reading() as session:
        accounts = session.query(SavingsAccount).filter(SavingsAccount.member_id == member_id)
        return sum(account.balance_rp for account in accounts)


def as_member(world, member_id, name="siti"):
    with world.database.platform("test", writes=True) as session:
        user = User(username=f"{name}.{member_id}", full_name=name)
        session.add(user)
        session.flush()
        session.add(CoopUser(coop_id=world.coop.id, user_id=user.id, member_id=member_id))
        session.add(RoleGrant(coop_id=world.coop.id, user_id=user.id, role="anggota"))
    with world.reading() as session:
        return actor_in(session, user.id, world.coop.id)


def test_a_member_asks_ketua_agrees_bendahara_pays(world, siti):
    member = as_member(world, siti)
    with world.transaction(member) as session:
        request = requests.ask(session, member, wish(world, siti))
    with world.transaction(world.ketua) as session:
        requests.approve(session, world.ketua, request.id)
    receipt = pay(world, request.id, cash=Role.BANK, proof_file="bukti.jpg")
    assert (receipt.amount_rp, receipt.is_payment_in, receipt.balance_after_rp) == (400_000, False, 600_000)
    with world.reading(member) as session:
        told = [(message.title, message.url) for message in bell.latest(session, member)]
        kept = requests.of_member(session, member, siti)[0]
        assert bell.unread(session, member) == 3
    assert [title for title, _ in told] == [
        "Penarikan Simpanan Sukarela dibayar",
        "Penarikan Simpanan Sukarela disetujui",
        "Penarikan Simpanan Sukarela diterima",
    ]
    assert (kept.state, kept.paid_on, kept.receipt_id, kept.proof_file) == ("paid", PAID, receipt.id, "bukti.jpg")


def test_the_same_form_twice_is_one_request_and_with_another_amount_is_refused(world, siti):
    assert asked(world, siti) == asked(world, siti)
    with pytest.raises(RequestTokenTaken):
        asked(world, siti, amount_rp=1)


def test_paying_twice_pays_once(world, siti):
    request_id = approved(world, siti)
    assert pay(world, request_id).id == pay(world, request_id).id
    assert balance(world, siti) == 600_000


def test_open_requests_count_against_the_balance(world, siti):
    asked(world, siti, amount_rp=700_000)
    with pytest.raises(RequestTooMuch, match=r"300\.000"):
        asked(world, siti, amount_rp=300_001, token="w2")
    second = asked(world, siti, amount_rp=300_000, token="w3")
    with world.transaction(world.petugas) as session:
        assert requests.free(session, world.petugas, siti, world.product("voluntary")) == 0
        requests.cancel(session, world.petugas, second)
        assert requests.free(session, world.petugas, siti, world.product("voluntary")) == 300_000


def test_the_minimum_balance_stays(world, siti):
    with world.transaction(world.bendahara) as session:
        session.get_one(SavingsProduct, world.product("voluntary")).minimum_balance_rp = 50_000
    with pytest.raises(RequestTooMuch):
        asked(world, siti, amount_rp=950_001)
    assert asked(world, siti, amount_rp=950_000)


def test_who_asked_or_owns_the_money_does_not_decide_and_nobody_pays_what_nobody_approved(world, siti):
    with world.transaction(world.bendahara) as session:
        request = requests.ask(session, world.bendahara, wish(world, siti))
    with pytest.raises(OwnRequest), world.transaction(world.bendahara) as session:
        requests.approve(session, world.bendahara, request.id)
    own = replace(world.ketua, member_id=siti)
    with pytest.raises(OwnRequest), world.transaction(own) as session:
        requests.approve(session, own, request.id)
    with pytest.raises(NotAllowed), world.transaction(world.petugas) as session:
        requests.approve(session, world.petugas, request.id)
    with pytest.raises(RequestWrongState, match="menunggu persetujuan"):
        pay(world, request.id)
    with world.transaction(world.ketua) as session:
        requests.approve(session, world.ketua, request.id)
    payer = replace(world.petugas, member_id=siti)
    with pytest.raises(OwnRequest), world.transaction(payer) as session:
        requests.pay(session, payer, request.id, paid_on=PAID)


def test_a_no_carries_its_reason_and_ends_the_request(world, siti):
    request_id = asked(world, siti)
    with pytest.raises(InvalidValue), world.transaction(world.ketua) as session:
        requests.reject(session, world.ketua, request_id, reason=" ")
    with world.transaction(world.ketua) as session:
        requests.reject(session, world.ketua, request_id, reason="kas belum cukup")
    with pytest.raises(RequestWrongState, match="ditolak"), world.transaction(world.ketua) as session:
        requests.approve(session, world.ketua, request_id)
    with pytest.raises(RequestWrongState):
        pay(world, request_id)
    member = as_member(world, siti)
    with world.reading(member) as session:
        assert "kas belum cukup" in bell.latest(session, member)[0].body


def test_a_member_cancels_their_own_until_it_is_paid(world, siti):
    member, request_id = as_member(world, siti), approved(world, siti)
    stranger = as_member(world, world.member("Tono"), "tono")
    with pytest.raises(NotFound), world.transaction(stranger) as session:
        requests.cancel(session, stranger, request_id)
    with world.transaction(member) as session:
        requests.cancel(session, member, request_id)
    with pytest.raises(RequestWrongState, match="dibatalkan"):
        pay(world, request_id)
    paid = approved(world, siti, token="w2")
    pay(world, paid)
    with pytest.raises(RequestWrongState, match="sudah dibayar"), world.transaction(member) as session:
        requests.cancel(session, member, paid)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount_rp": 0}, AmountInvalid),
        ({"amount_rp": -5}, AmountInvalid),
        ({"amount_rp": 1.5}, AmountInvalid),
        ({"amount_rp": True}, AmountInvalid),
        ({"amount_rp": 10**15}, AmountInvalid),
        ({"product_id": 99999}, NotFound),
        ({"member_id": 99999}, NotFound),
        ({"token": ""}, InvalidValue),
        ({"token": "x" * 61}, InvalidValue),
    ],
)
def test_bad_wishes_are_refused_in_words(world, siti, changes, refusal):
    with pytest.raises(refusal):
        asked(world, siti, **changes)


def test_pokok_and_wajib_stay(world, siti):
    for kind in ("share", "mandatory"):
        with pytest.raises(NotWithdrawable):
            asked(world, siti, product_id=world.product(kind))


def test_nobody_asks_for_somebody_else_nor_sees_their_requests(world, siti):
    asked(world, siti)
    stranger = as_member(world, world.member("Tono"), "tono")
    with pytest.raises(NotAllowed), world.transaction(stranger) as session:
        requests.ask(session, stranger, wish(world, siti, token="x"))
    with world.reading(stranger) as session:
        with pytest.raises(NotFound):
            requests.of_member(session, stranger, siti)
        with pytest.raises(NotAllowed):
            requests.waiting(session, stranger)


def test_a_failed_payment_leaves_the_request_as_it_was(world, siti):
    request_id = approved(world, siti, amount_rp=900_000)
    with world.transaction(world.petugas) as session:
        commands.withdraw(
            session, world.petugas, member_id=siti, product_id=world.product("voluntary"), amount_rp=200_000,
            booked_on=ASKED, token="desk",
        )  # fmt: skip
    with pytest.raises(NotEnough):
        pay(world, request_id)
    with world.transaction(world.bendahara) as session:
        assert requests.get(session, world.bendahara, request_id).state == "approved"


def test_a_closed_month_takes_no_payment(world, siti):
    from models.ledger import Period

    request_id = approved(world, siti)
    with world.transaction(world.bendahara) as session:
        for period in session.query(Period).filter(Period.starts_on <= PAID):
            period.state = "closed"
    with pytest.raises(PeriodClosed):
        pay(world, request_id)


def test_twenty_payers_pay_once(any_world):
    world = any_world
    member_id = saver(world, saved_rp=1_000_000)
    request_id = approved(world, member_id)
    receipts = outcomes([lambda: pay(world, request_id).number] * 20)
    assert (len(receipts), len(set(receipts)), {type(number) for number in receipts}) == (20, 1, {int})
    assert balance(world, member_id) == 600_000
    with world.reading() as session:
        assert session.query(Receipt).filter(~Receipt.is_payment_in).count() == 1


def test_a_neighbours_request_is_not_there(world, siti):
    request_id, neighbour = approved(world, siti), world.other_actors["bendahara"]
    for act in (
        lambda session: requests.get(session, neighbour, request_id),
        lambda session: requests.approve(session, neighbour, request_id),
        lambda session: requests.pay(session, neighbour, request_id, paid_on=PAID),
        lambda session: requests.cancel(session, neighbour, request_id),
    ):
        with pytest.raises(NotFound), world.transaction(neighbour) as session:
            act(session)
    with world.reading(neighbour) as session:
        assert requests.waiting(session, neighbour) == []


def test_who_leaves_takes_everything_and_what_was_asked_for_ends(world, siti):
    from services.loans import exits

    request_id = approved(world, siti)
    with world.transaction(world.ketua) as session:
        leaving = exits.preview(session, world.ketua, siti, on=PAID)
        exits.settle(session, world.ketua, leaving, left_on=PAID, reason="pindah")
    with pytest.raises(RequestWrongState, match="dibatalkan"):
        pay(world, request_id)
