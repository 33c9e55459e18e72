"""Asked for, quoted, chosen by a person, approved by another; numbers without gaps; papers only this program reads."""

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from core.errors import InvalidValue, NotAllowed, NotFound, StateChanged
from core.pictures import PictureRefused
from models.audit import AuditRecord
from models.procurement import PurchaseOrder, PurchaseRequest, Supplier
from services.procurement import documents, orders, queries, quotations, requests
from services.procurement.refusals import (
    LineNotGoods,
    NothingOffered,
    OwnOrder,
    PaperGone,
    PaperRefused,
    PurchaseDiffers,
    PurchaseWrongState,
    QuotationExpired,
    QuotationUsed,
    ReasonNeeded,
    SupplierUnused,
    TooManyPapers,
)
from services.procurement.requests import Need
from services.procurement.suppliers import SupplierData, save
from tests.admin_panel.story import picture
from tests.crowd import outcomes
from tests.procurement.story import DAY, Buying

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def compare(buying, request) -> quotations.Comparison:
    with buying.world.reading() as session:
        return quotations.compare(session, buying.people["bendahara"], request.id, DAY)


def test_the_cheapest_whole_offer_is_marked_and_a_person_chooses_with_a_reason(buying):
    request = buying.ask(buying.goods(10), Need("Gula", 5, buying.ids["Gula"]))
    dear = buying.quote(request, buying.dear, 12_000, 9_000)
    cheap = buying.quote(request, buying.cheap, 10_000, 9_500)
    part = buying.quote(request, buying.supplier("UD Sebagian"), 1_000, None)
    offers = {one.quotation.id: one for one in compare(buying, request).offers}
    assert (offers[dear].total_rp, offers[cheap].total_rp, offers[part].total_rp) == (165_000, 147_500, 10_000)
    assert [key for key, one in offers.items() if one.is_cheapest] == [cheap], "a part is no whole offer"
    with pytest.raises(ReasonNeeded, match="PT Mahal bukan yang termurah"):
        buying.choose(dear)
    order = buying.choose(dear, reason="Kirim hari ini juga")
    assert (order.total_rp, order.reason, order.state, order.label) == (
        165_000, "Kirim hari ini juga", "asked", "PO/2026/00001",
    )  # fmt: skip
    assert buying.row(PurchaseRequest, request.id).state == "ordered"


def test_the_cheapest_and_the_only_offer_need_no_reason(buying):
    request = buying.ask()
    cheap = buying.quote(request, buying.cheap, 10_000)
    assert not compare(buying, request).needs_reason(compare(buying, request).offer(cheap))
    buying.quote(request, buying.dear, 11_000, valid_until=DAY)
    assert buying.choose(cheap).supplier_id == buying.cheap


def test_a_part_offered_is_ordered_and_the_rest_waits(buying):
    request = buying.ask(buying.goods(10), Need("Gula", 5, buying.ids["Gula"]))
    first = buying.choose(buying.quote(request, buying.cheap, 10_000, None))
    assert (first.total_rp, buying.row(PurchaseRequest, request.id).state) == (100_000, "open")
    assert [line.name for line in compare(buying, request).lines] == ["Gula"]
    again = buying.quote(request, buying.dear, 10_000, None)
    with pytest.raises(NothingOffered):
        buying.choose(again)
    second = buying.choose(buying.quote(request, buying.dear, None, 9_000))
    assert (second.total_rp, second.number, buying.row(PurchaseRequest, request.id).state) == (45_000, 2, "ordered")


def test_a_refused_order_opens_its_request_again(buying):
    request = buying.ask()
    quotation = buying.quote(request, buying.cheap, 10_000)
    order = buying.choose(quotation)
    with pytest.raises(InvalidValue):
        buying.run("ketua", orders.reject, order.id, reason=" ")
    buying.run("ketua", orders.reject, order.id, reason="Terlalu banyak")
    assert buying.row(PurchaseRequest, request.id).state == "open"
    with pytest.raises(PurchaseWrongState, match="ditolak"):
        buying.run("ketua", orders.approve, order.id)
    assert buying.choose(quotation).number == 2


def test_a_stale_offer_and_an_unused_supplier_are_not_ordered_from(buying):
    request = buying.ask()
    stale = buying.quote(request, buying.cheap, 10_000, valid_until=DAY)
    with pytest.raises(QuotationExpired, match="5 Maret 2026"):
        buying.choose(stale, ordered_on=date(2026, 3, 6))
    buying.run("bendahara", save, SupplierData("CV Murah", is_active=False), buying.cheap)
    with pytest.raises(SupplierUnused):
        buying.choose(stale)
    with pytest.raises(SupplierUnused):
        buying.quote(request, buying.cheap, 9_000)


def test_who_orders_does_not_approve(buying):
    order = buying.choose(buying.quote(buying.ask(), buying.cheap, 10_000))
    with pytest.raises(NotAllowed):
        buying.run("bendahara", orders.approve, order.id)
    both = {**buying.people, "both": _with(buying.people["bendahara"], "procurement.approve")}
    buying.people = both
    with pytest.raises(OwnOrder):
        buying.run("both", orders.approve, order.id)
    with pytest.raises(IntegrityError, match="four_eyes"), buying.world.transaction() as session:
        values = {"state": "approved", "approved_by": order.created_by}
        session.execute(update(PurchaseOrder).where(PurchaseOrder.id == order.id).values(**values))
    approved = buying.run("ketua", orders.approve, order.id)
    assert (approved.state, approved.approved_by) == ("approved", buying.people["ketua"].user_id)
    with pytest.raises(PurchaseWrongState):
        buying.run("ketua", orders.approve, order.id)
    with buying.world.reading() as session:
        acts = [one.action for one in session.query(AuditRecord).filter(AuditRecord.action.like("procurement.%"))]
    assert acts[-4:] == ["procurement.ask", "procurement.quote", "procurement.order", "procurement.approve"]


def _with(actor, permission: str):
    from dataclasses import replace

    return replace(actor, permissions=actor.permissions | {permission})


def test_orders_at_once_are_numbered_without_gaps_and_approved_once(any_world):
    buying = Buying(any_world)
    ways = [
        orders.Choice(buying.quote(buying.ask(), buying.cheap, 10_000), DAY, f"order{n}") for n in range(6)
    ]  # fmt: skip
    found = outcomes([lambda way=way: buying.run("bendahara", orders.choose, way).number for way in [*ways, *ways]])
    assert sorted(found) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6], "each form twice: one order"
    with any_world.reading() as session:
        one = session.scalars(select(PurchaseOrder.id)).first()
    acts = [lambda: buying.run("ketua", orders.approve, one).state] * 3
    acts.append(lambda: buying.run("ketua", orders.reject, one, reason="x").state)
    found = outcomes(acts)
    assert found.count("procurement.wrong_state") == 3, found


def test_a_form_sent_again_is_the_same_request_and_quotation(buying):
    request = buying.ask(token="r")
    assert buying.ask(token="r").id == request.id
    with pytest.raises(PurchaseDiffers):
        buying.ask(token="r", title="Lain")
    assert buying.quote(request, buying.cheap, 5, token="q") == buying.quote(request, buying.cheap, 5, token="q")
    with pytest.raises(PurchaseDiffers):
        buying.quote(request, buying.cheap, 6, token="q")


@pytest.mark.parametrize(
    ("need", "said"),
    [
        (lambda ids: Need("Madu", 1, ids["Madu"]), "titip jual"),
        (lambda ids: Need("Beras", 0, ids["Beras"]), "jumlah harus"),
        (lambda ids: Need("Beras", 10**9, ids["Beras"]), "jumlah harus"),
        (lambda ids: Need(" ", 1), "tulis namanya"),
        (lambda ids: Need("Rak", 1, estimate_rp=-1), "perkiraan"),
        (lambda ids: Need("Beras", 1, 10**6), "tidak ditemukan"),
    ],
)
def test_a_line_that_cannot_be_bought_is_refused_with_its_reason(buying, need, said):
    with pytest.raises((LineNotGoods, InvalidValue, NotFound), match=said):
        buying.ask(need(buying.ids))


def test_what_is_no_goods_needs_an_account_that_is_an_expense_or_asset(buying):
    request = buying.ask(Need("Rak besi", 2), who="bendahara")
    quotation = buying.quote(request, buying.cheap, 500_000)
    with buying.world.reading() as session:
        line = session.get_one(PurchaseRequest, request.id).lines[0].id
    for account in (
        {},
        {line: buying.account("2107")},
        {line: buying.account("11021")},
        {line: buying.account("1113")},
    ):
        with pytest.raises(LineNotGoods, match="Rak besi: pilih dicatat sebagai apa"):
            buying.choose(quotation, accounts=account)
    order = buying.choose(quotation, accounts={line: buying.account("1214")})
    assert buying.lines(order.id)[0].account_id == buying.account("1214")


def test_a_keeper_of_a_shop_sees_and_asks_for_that_shop_only(buying):
    keeper = buying.people["pengelola_toko"]
    theirs, office = buying.ask(), buying.ask(Need("Kertas", 5), who="bendahara")
    with buying.world.reading(keeper) as session:
        assert queries.request(session, keeper, theirs.id).id == theirs.id
        with pytest.raises(NotFound):
            queries.request(session, keeper, office.id)
        assert queries.units_of(session, keeper) == []
    with pytest.raises(InvalidValue, match="pilih toko"):
        buying.ask(store_id=None)
    order_id = buying.serviced()
    with buying.world.reading(keeper) as session, pytest.raises(NotFound):
        queries.order(session, keeper, order_id)


def test_a_request_is_called_off_while_no_order_holds_it(buying):
    request = buying.ask()
    quotation = buying.quote(request, buying.cheap, 10_000)
    order = buying.choose(quotation)
    with pytest.raises(PurchaseWrongState, match="sudah ada pesanannya"):
        buying.run("pengelola_toko", requests.cancel, request.id, reason="x")
    with pytest.raises(QuotationUsed, match="PO/2026/00001"):
        buying.run("bendahara", quotations.remove, quotation)
    buying.run("bendahara", orders.cancel, order.id, reason="x")
    buying.run("pengelola_toko", requests.cancel, request.id, reason="Tidak jadi")
    with pytest.raises(PurchaseWrongState, match="dibatalkan"):
        buying.quote(request, buying.dear, 1)


def test_a_mistaken_quotation_is_taken_away(buying):
    request = buying.ask()
    assert buying.run("bendahara", quotations.remove, buying.quote(request, buying.cheap, 10_000)) == request.id
    assert compare(buying, request).offers == []


def test_a_supplier_has_one_name(buying):
    with pytest.raises(StateChanged):
        buying.supplier(" CV  Murah ")
    with pytest.raises(InvalidValue):
        buying.supplier(" ")
    with pytest.raises(NotAllowed):
        buying.run("ketua", save, SupplierData("X"))
    buying.run("bendahara", save, SupplierData("CV Murah Sekali"), buying.cheap)
    assert buying.row(Supplier, buying.cheap).name == "CV Murah Sekali"


def test_the_neighbour_sees_none_of_it(buying):
    world = buying.world
    request = buying.ask()
    quotation = buying.quote(request, buying.cheap, 10_000)
    theirs = Buying(world, world.other_actors)
    own = theirs.ask()
    assert (own.label, request.label) == ("PP/2026/00001", "PP/2026/00001"), "each counts for itself"
    for act in (
        lambda: theirs.choose(quotation),
        lambda: theirs.quote(own, buying.cheap, 1),
        lambda: theirs.run("bendahara", quotations.remove, quotation),
        lambda: theirs.run("bendahara", requests.cancel, request.id, reason="x"),
        lambda: theirs.ask(store_id=buying.ids["store"]),
        lambda: theirs.run("bendahara", save, SupplierData("X"), buying.cheap),
    ):
        with pytest.raises(NotFound):
            act()


def test_papers_are_pictures_made_anew_or_whole_pdfs_for_those_who_see_the_purchase(buying, tmp_path):
    request = buying.row(PurchaseRequest, buying.ask(Need("Kertas", 1), who="bendahara").id)
    kept = buying.run("bendahara", documents.add, request, documents.Paper("contract", "SPK 1", PDF), tmp_path)
    seen = buying.run("bendahara", documents.add, request, documents.Paper("bill", "", picture()), tmp_path)
    assert (kept.media_type, seen.media_type, seen.label) == ("application/pdf", "image/jpeg", "Tagihan")
    with buying.world.reading() as session:
        assert documents.read(session, buying.people["bendahara"], kept.id, tmp_path)[1] == PDF
        with pytest.raises(PaperGone):
            documents.read(session, buying.people["bendahara"], kept.id, tmp_path / "elsewhere")
    for who in (buying.people["pengelola_toko"], buying.world.other_actors["bendahara"]):
        with buying.world.reading(who) as session, pytest.raises(NotFound):
            documents.read(session, who, kept.id, tmp_path)
    with pytest.raises(NotAllowed):
        buying.run("ketua", documents.add, request, documents.Paper("bill", "", PDF), tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90", b"%PDF-1.4 cut", PDF + b"/Encrypt 5 0 R %%EOF", PDF + b"/JavaScript (x) %%EOF", PDF * 200_000],
)
def test_papers_that_are_none_are_refused(content):
    with pytest.raises((PaperRefused, PictureRefused)):
        documents.checked(content)


def test_a_purchase_has_room_for_so_many_papers(buying, tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "MOST", 1)
    request = buying.row(PurchaseRequest, buying.ask().id)
    paper = documents.Paper("other", "x", PDF)
    buying.run("bendahara", documents.add, request, paper, tmp_path)
    with pytest.raises(TooManyPapers):
        buying.run("bendahara", documents.add, request, paper, tmp_path)


def test_nobody_without_the_word_takes_a_step(buying):
    order = buying.choose(buying.quote(buying.ask(), buying.cheap, 10_000))
    for who, act in (
        ("pengawas", lambda: buying.ask(who="pengawas")),
        ("petugas", lambda: buying.run("petugas", requests.cancel, 1, reason="x")),
        ("pengelola_toko", lambda: buying.run("pengelola_toko", orders.choose, orders.Choice(1, DAY, "x"))),
        ("pengelola_toko", lambda: buying.run("pengelola_toko", orders.cancel, order.id, reason="x")),
    ):
        with pytest.raises(NotAllowed):
            act()
        assert who
