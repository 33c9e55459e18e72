"""A few weeks in two cooperatives, told through the services: enough for every screen to have something to show."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from core.actor import Actor
from core.clock import today
from models.access import User
from models.ledger import Account
from models.mart.balance import StoreWithdrawal
from models.mart.orders import Order, OrderLine
from models.mart.products import Product, ProductVariant, Review
from models.mart.selling import TillConflict
from models.mart.stores import Store
from models.members import JoinRequest, Member
from models.privacy import Breach
from models.subscriptions import DiscountCode, SubscriptionPayment
from services.coops import directory
from services.coops.commands import add_unit
from services.deposits import placing, rates
from services.imports import runs, uploads
from services.ledger import manual
from services.ledger.chart import Role
from services.ledger.posting import Line
from services.loans import applications, disbursement, documents, repayment, transfers
from services.loans import products as lending
from services.mart import campaigns, goods, partners, photos, shifts, stock, stores, vouchers
from services.mart import products as wares
from services.members import claims
from services.members import commands as members
from services.news import announcements, articles, comments
from services.payroll import lists
from services.privacy import requests as privacy
from services.procurement import billing, paying, quotations, receiving, suppliers
from services.procurement import documents as purchase_papers
from services.procurement import orders as buying
from services.procurement import queries as purchases
from services.procurement import requests as purchasing
from services.savings import bills, products, requests
from services.savings import commands as savings
from services.subscriptions import invoices, terms
from services.support import grants, tickets, visitors
from services.support.talk import Said
from tests.admin_panel.story_mart import trade
from tests.conftest import World

DAY = date(2026, 2, 10)
NOON = datetime(2026, 2, 10, 5, tzinfo=UTC)


def tell(world: World) -> None:
    """The same happens in both, with names of their own, so that a leak shows."""
    with world.database.transaction(world.actors["ketua"]) as session:  # the neighbour stays out of the directory
        directory.publish(session, world.actors["ketua"], about="Kami", is_listed=True, takes_members=True)
    _one(world, world.actors, "Siti Aminah", "Joko Menunggu")
    _one(world, world.other_actors, "TETANGGA Rahasia", "TETANGGA Calon")
    with world.database.platform("test", writes=True) as session:
        session.add(DiscountCode(code="AWAL", percent=50, starts_on=DAY, ends_on=DAY))
    for coop, people in ((world.coop, world.actors), (world.other, world.other_actors)):
        _subscribe(world, coop.id, people["bendahara"])


def _subscribe(world: World, coop_id: int, payer: Actor) -> None:
    """A free month that begins today, an invoice, and a transfer that waits to be matched."""
    on = today()
    with world.database.platform("test", writes=True) as session:
        terms.start_trial(session, coop_id, plan_code="maju", on=on, user_id=payer.user_id)
    with world.database.transaction(payer) as session:
        invoice = invoices.choose(
            session, payer, plan_code="maju", period="month", seen_rp=599_000, token="langganan", on=on
        )
        session.add(
            SubscriptionPayment(
                token="bukti", invoice_id=invoice.id, kind="transfer", amount_rp=599_000, paid_on=on, bank="BRI Budi",
                created_by=payer.user_id,
            )
        )  # fmt: skip
    _report(world)


def _report(world: World) -> None:
    """An article anybody reads, with what a reader said below it."""
    editor = world.platform["redaktur"]
    with world.database.platform("test", writes=True) as session:
        draft = articles.Draft("Apa itu SHU", "keuangan", "Bagian anggota dari usaha bersama.", "Isi.", "SHU, anggota")
        article = articles.write(session, editor, draft)
        articles.publish(session, editor, article.id)
        comments.say(session, world.platform["penulis"], article.slug, "Jelas sekali.", token="story")


def _one(world: World, people: dict[str, Actor], name: str, waiting: str) -> None:
    clerk, chair, treasurer = people["petugas"], people["ketua"], people["bendahara"]
    with world.database.transaction(clerk) as session:
        person = members.PersonData(name=name, nik="3201010101010001", phone="081234567890", work_unit="Gudang")
        applied = members.apply(session, clerk, person, applied_on=date(2026, 1, 5))
        members.apply(session, clerk, members.PersonData(name=waiting), applied_on=DAY)
    with world.database.transaction(chair) as session:
        member = members.approve(session, chair, applied.id, joined_on=date(2026, 1, 5))
    with world.database.transaction(treasurer) as session:
        wajib = products.of_kind(session, treasurer, "mandatory")
        run = bills.preview(session, treasurer, product_id=wajib.id, month_on=date(2026, 1, 1), today=DAY)
        bills.book(session, treasurer, run, today=DAY)
        for product in products.active(session, treasurer):
            savings.deposit(
                session, treasurer, member_id=member.id, product_id=product.id, amount_rp=product.amount_rp or 250_000,
                booked_on=DAY, token=f"{name}-{product.code}",
            )  # fmt: skip
        cash, income = (session.query(Account).filter(Account.code == code).one().id for code in ("11011", "4105"))
        lines = [Line(cash, 50_000, 0), Line(income, 0, 50_000)]
        draft = manual.JournalDraft(DAY, f"Jurnal {name}", lines, f"t-{name}")
        manual.request_journal(session, treasurer, draft)
    with world.database.transaction(chair) as session:
        notice = announcements.write(session, chair, announcements.Notice(f"Rapat {name}", "Datang semua."))
        announcements.publish(session, chair, notice.id)
    _lend(world, people, member.id)
    _sell(world, people, name)
    _promote(world, people, name)
    _ask(world, people, member, name)
    trade(world, people, member.id, name, picture((60, 40)))
    _buy(world, people, name)
    with world.database.transaction(chair) as session:
        let_in = grants.grant(session, chair, reason=f"Bantu {name}", hours=4)
        grants.end(session, chair, let_in.id)
    _write(world, people, name)
    _protect(world, people, member.id, name)
    with world.database.transaction(treasurer) as session:
        lists.send(session, treasurer, lists.preview(session, treasurer, date(2026, 1, 1)))
        sheet = uploads.Upload(f"{name}.csv", b"Kode Akun;Debit;Kredit\n11011;1000;0\n3101;0;1000\n")
        folder = Path(str(world.database.engine.url.database)).parent
        runs.upload(session, treasurer, "", [sheet], {}, folder, token="story")


def _write(world: World, people: dict[str, Actor], name: str) -> None:
    """A complaint to the pengurus and a suggestion to eKopz, and what a stranger wrote."""
    writer, folder = people["petugas"], Path(str(world.database.engine.url.database)).parent
    with world.database.transaction(writer) as session:
        for goes_to in ("platform", "coop"):
            said = Said(f"Dari {name}", f"talk-{goes_to}", picture())
            tickets.open_ticket(session, writer, tickets.Wish("complaint", goes_to, f"Keluhan {name}", said), folder)
    told = visitors.Told("Dewi Tamu", "dewi@contoh.id", "question", "Berapa harganya?", f"stranger-{writer.coop_id}")
    visitors.send(world.database, told, ip="10.0.0.9")


def _lend(world: World, people: dict[str, Actor], member_id: int) -> None:
    """A loan paid out and back on one day, a transfer for it that waits, an application that waits with its paper."""
    clerk, chair, treasurer = people["petugas"], people["ketua"], people["bendahara"]
    folder = Path(str(world.database.engine.url.database)).parent
    with world.database.transaction(clerk) as session:
        product_id = lending.active(session, clerk)[0].id
        wish = applications.Wish(member_id, product_id, 100_000, 10, DAY, f"wish-{member_id}", "Benih")
        loan_id = applications.ask(session, clerk, wish).id
    with world.database.transaction(treasurer) as session:
        applications.analyse(session, treasurer, loan_id, on=DAY, principal_rp=100_000, term=10, note="layak")
    for who in (treasurer, chair):
        with world.database.transaction(who) as session:
            applications.decide(session, who, loan_id, approved=True, on=DAY)
    with world.database.transaction(treasurer) as session:
        payout = disbursement.preview(session, treasurer, loan_id, paid_on=DAY, first_due_on=date(2026, 3, 10))
        disbursement.disburse(session, treasurer, payout, cash=Role.CASH)
        own = replace(people["sekretaris"], permissions=frozenset({"own.view", "own.ask"}), member_id=member_id)
        sent = transfers.Wish(loan_id, 1_000, DAY, DAY, f"sent-{member_id}", picture((50, 30)), "BCA")
        transfers.ask(session, own, sent, folder)
        quote = repayment.quote(session, treasurer, loan_id, on=DAY)
        repayment.settle(session, treasurer, quote, token=f"back-{member_id}")
    with world.database.transaction(clerk) as session:
        again = applications.Wish(member_id, product_id, 2_000_000, 10, DAY, f"again-{member_id}", "Warung")
        asked = applications.ask(session, clerk, again)
        documents.add(session, clerk, asked.id, documents.Paper("Slip gaji", picture()), folder)


def _sell(world: World, people: dict[str, Actor], name: str) -> None:
    """A shop with one product on its shelf, a zone, and what a buyer who thought better of it says."""
    chair, keeper = people["ketua"], people["pengelola_toko"]
    folder = Path(str(world.database.engine.url.database)).parent
    with world.database.transaction(people["bendahara"]) as session:
        unit_id = add_unit(session, people["bendahara"], code="TOKO", name=f"Toko {name}").id
    with world.database.transaction(chair) as session:
        store_id = stores.open_store(session, chair, stores.Shop(f"Toko {name}"), unit_id=unit_id, slug="toko").id
        stores.set_managers(session, chair, store_id, [keeper.user_id])
    with world.database.transaction(keeper) as session:
        stores.save_zone(session, keeper, store_id, stores.Zone("Dalam kota", "Bantul", 5_000))
        rice, kind = goods.Good(f"Beras {name}", "sembako"), goods.Variant(15_000, sku="BRS", low_at=20)
        product = wares.save_product(session, keeper, rice, store_id=store_id, variant=kind)
        variant = session.scalars(select(ProductVariant).where(ProductVariant.product_id == product.id)).one()
        wares.publish(session, keeper, product.id, shown=True)
        photos.keep(session, keeper, product.id, picture(), folder)
        items = [stock.Item(variant.id, 10, 120_000)]
        stock.receive(session, keeper, store_id=store_id, items=items, booked_on=DAY, token="nota")
        order = Order(
            token="order", year=2026, number=1, store_id=store_id, state="cancelled", placed_on=DAY, delivery="pickup",
            pay_by="transfer", goods_rp=15_000, total_rp=15_000, due_rp=15_000,
        )  # fmt: skip
        session.add(order)
        session.flush()
        line = OrderLine(order_id=order.id, variant_id=variant.id, name=product.name, quantity=1, price_rp=15_000)
        session.add(line)
        session.flush()
        session.add(
            Review(product_id=product.id, line_id=line.id, user_id=keeper.user_id, stars=4, body=f"Kata {name}")
        )
        product.stars_sum, product.reviews = 4, 1
    with world.database.transaction(keeper) as session:
        shift = shifts.open_shift(session, keeper, store_id, 100_000, on=DAY, at=NOON)
        kept = {"items": [[variant.id, 50, 15_000]], "member": "", "received_rp": 750_000}
        session.add(
            TillConflict(
                token=str(uuid.UUID(int=keeper.coop_id)), shift_id=shift.id, sale=kept, amount_rp=750_000,
                pay_by="cash", sold_at=NOON, code="mart.shelf_short", reason=f"Beras {name}: di rak tercatat 10.",
            )
        )  # fmt: skip


def _promote(world: World, people: dict[str, Actor], name: str) -> None:
    """The shop's goods in a campaign, a voucher, the other cooperative as partner, a balance that was asked for."""
    chair, keeper = people["ketua"], people["pengelola_toko"]
    starts, ends = datetime.combine(DAY, time()), datetime.combine(date(2026, 12, 31), time())
    with world.database.transaction(keeper) as session:
        store, product = session.scalars(select(Store)).one(), session.scalars(select(Product)).first()
        plan = campaigns.Plan(f"Promo {name}", "discount", starts, ends)
        promo = campaigns.save(session, keeper, store.id, plan)
        campaigns.set_places(session, keeper, promo.id, [campaigns.Place(product.id, Decimal(5), quota=3)])
        asked = StoreWithdrawal(
            token="balance", store_id=store.id, amount_rp=25_000, asked_on=DAY, pay_to=f"BRI a.n. {name}",
            created_by=keeper.user_id,
        )  # fmt: skip
        session.add(asked)
    with world.database.transaction(chair) as session:
        vouchers.save(session, chair, vouchers.Terms(f"Voucher {name}", starts, ends, "HEMAT", off_rp=1_000))
        partners.add(session, chair, "tetangga" if chair.coop_id == world.coop.id else "maju")


def _protect(world: World, people: dict[str, Actor], member_id: int, name: str) -> None:
    """Somebody asks for a correction at the desk; a breach met every cooperative (it is the platform's to tell)."""
    clerk = people["sekretaris"]
    with world.database.transaction(clerk) as session:
        privacy.ask(session, clerk, member_id, "correct", wish=f"Alamat {name} salah", token="correct-1")
    if clerk.coop_id == world.coop.id:
        with world.database.platform("story", writes=True) as session:
            happened = {
                "happened_at": NOON,
                "found_at": NOON,
                "created_by": world.platform["operator_platform"].user_id,
            }
            session.add(Breach(title="Salinan hilang", what="Dicuri", data_kinds=["kontak"], coop_ids=[], **happened))


def _buy(world: World, people: dict[str, Actor], name: str) -> None:
    """Repairs ordered, come, billed and paid in part, with a contract; a request that waits, with its quotation."""
    treasurer, chair = people["bendahara"], people["ketua"]
    folder = Path(str(world.database.engine.url.database)).parent
    with world.database.transaction(treasurer) as session:
        supplier = suppliers.save(session, treasurer, suppliers.SupplierData(f"CV {name}")).id
        for n in (1, 2):
            need = purchasing.Need("Servis komputer", 2, unit_name="kali", estimate_rp=90_000)
            asked = purchasing.ask(session, treasurer, purchasing.Wish(f"Servis {n}", [need], DAY, f"need-{n}"))
            prices = {asked.lines[0].id: 100_000}
            quoted = quotations.add(session, treasurer, quotations.Quote(asked.id, supplier, prices, DAY, f"quote-{n}"))
            if n == 1:
                repairs = session.query(Account).filter(Account.code == "6109").one().id
                choice = buying.Choice(quoted.id, DAY, "order", {asked.lines[0].id: repairs})
                order_id = buying.choose(session, treasurer, choice).id
    with world.database.transaction(chair) as session:
        order = buying.approve(session, chair, order_id)
    with world.database.transaction(treasurer) as session:
        order = purchases.order(session, treasurer, order_id)
        delivery = receiving.Delivery(order_id, {order.lines[0].id: 1}, DAY, "came")
        line = receiving.receive(session, treasurer, delivery).lines[0]
        invoice = billing.Invoice(order_id, "F-1", {line.id: 100_000}, DAY, DAY, "bill")
        bill = billing.book(session, treasurer, invoice)
        paying.pay(session, treasurer, bill.id, paying.Payment(40_000, DAY, "paid", Role.CASH))
        paper = purchase_papers.Paper("contract", "SPK", picture())
        purchase_papers.add(session, treasurer, order, paper, folder)


def _ask(world: World, people: dict[str, Actor], member: Member, name: str) -> None:
    """Money asked for, a time deposit, savings that earn, and somebody who says they are the member."""
    clerk, treasurer, member_id = people["petugas"], people["bendahara"], member.id
    with world.database.transaction(treasurer) as session:
        saved = products.of_kind(session, treasurer, "voluntary")
        plain = {"code": saved.code, "name": saved.name, "kind": saved.kind, "account_id": saved.account_id}
        products.save(
            session, treasurer, **plain, product_id=saved.id, interest_method="daily", interest_pct=Decimal(4),
            interest_from=date(2026, 2, 1),
        )  # fmt: skip
        rates.decide(session, treasurer, 12, Decimal(6), effective_on=date(2026, 1, 1))
    with world.database.transaction(clerk) as session:
        requests.ask(session, clerk, requests.Wish(member_id, saved.id, 50_000, DAY, f"out-{member_id}", "BRI 0012"))
        placing.place(session, clerk, placing.Placement(member_id, 1_000_000, 12, DAY, f"term-{member_id}"))
        session.add(JoinRequest(token="join", name=f"Calon {name}", phone="081200001111", consent_version="2026-11"))
    with world.database.platform("test", writes=True) as session:
        user = User(username=f"akun.{clerk.coop_id}", full_name=f"Akun {name}")
        session.add(user)
        session.flush()
        user_id = user.id
    told = claims.Told(member.number or "", nik="3201010101010001")
    claims.ask(world.database, user_id, clerk.coop_id, told, ip="127.0.0.1")


def picture(size: tuple[int, int] = (40, 30), form: str = "PNG") -> bytes:
    """A small picture."""
    body = BytesIO()
    Image.new("RGB", size, "white").save(body, form)
    return body.getvalue()
