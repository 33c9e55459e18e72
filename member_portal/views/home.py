"""The public home, prices and help; what machines find here; and the member's home with balances first."""

from dataclasses import dataclass

from flask import Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.display import number
from core.errors import NotFound
from member_portal.frame import coop, for_programs, me, members_only, page, portal, signed_in_only, today
from member_portal.lessons import LESSONS
from member_portal.public import NEWS, SCHEMA, SIGN_UP, Data, absolute, organization, shown
from member_portal.questions import QUESTIONS
from models.subscriptions import Plan
from services.access.limits import NAMES
from services.access.tours import mark_seen
from services.coops import directory
from services.loans import queries as lending
from services.loans.states import OPEN
from services.mart import credits
from services.news import announcements
from services.notifications.texts import whatsapp
from services.savings import queries
from services.subscriptions import plans
from services.support import handbook
from web import tours
from web.request import database, db, safe_next, transaction

LATEST, PARTNERS = 5, 6
ABOUT = (
    "eKopz mencatat simpanan, pinjaman, toko, dan laporan koperasi dengan rapi, "
    "dan memperlihatkannya kepada setiap anggota lewat ponsel. Coba gratis 30 hari."
)
PRICES = "Harga eKopz untuk koperasi kecil sampai besar. Tiga puluh hari pertama gratis, data dapat diunduh selamanya."
PERIODS = {"bulanan": "Bulanan", "tahunan": "Tahunan"}


@dataclass(frozen=True)
class Row:
    """A line of the comparison: what is compared, and what each plan has."""

    label: str
    cells: tuple[str, ...]


@portal.get("/")
def public_home() -> ResponseReturnValue:
    offered, partners = plans.offered(db()), directory.find(database(), "").coops[:PARTNERS]
    least_rp = min((plan.monthly_rp for plan in offered), default=None)
    return shown("portal/public_home.html", title="eKopz: koperasi yang rapi, anggota yang percaya", about=ABOUT,
                 least_rp=least_rp, partners=partners, data=[organization(), _site()])  # fmt: skip


@portal.get("/harga")
def prices() -> ResponseReturnValue:
    offered, period = plans.offered(db()), request.args.get("bayar", "")
    period = period if period in PERIODS else "bulanan"
    saves = all(plan.yearly_rp < 12 * plan.monthly_rp for plan in offered)
    return shown("public/prices.html", title="Harga", about=PRICES, plans=offered, period=period, periods=PERIODS,
                 saves=saves, rows=_compared(offered), limits=NAMES, questions=QUESTIONS,
                 data=[_asked()])  # fmt: skip


def _compared(offered: list[Plan]) -> list[Row]:
    """Limits first, then each feature in the order in which the plans bring it."""
    limits = [
        Row(word.capitalize(), tuple(number(plan.limits[name]) if name in plan.limits else "∞" for plan in offered))
        for name, word in NAMES.items()
    ]
    features = dict.fromkeys(feature for plan in offered for feature in plan.features)
    return limits + [
        Row(feature, tuple("ya" if feature in plan.features else "" for plan in offered)) for feature in features
    ]


def _site() -> Data:
    return {"@context": SCHEMA, "@type": "WebSite", "name": "eKopz", "url": absolute("/"), "inLanguage": "id"}


def _asked() -> Data:
    asked = [
        {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
        for question, answer in QUESTIONS
    ]
    return {"@context": SCHEMA, "@type": "FAQPage", "mainEntity": asked}


@portal.get("/sitemap.xml")
def sitemap() -> Response:
    """The public pages; Kopmart and Kopnews have sitemaps of their own."""
    ways = [
        "/", "/harga", "/belajar", "/belajar/hitung", "/simulasi", "/koperasi", "/bantuan", SIGN_UP, NEWS,
        "/bantuan/panduan", *(f"/bantuan/panduan/{task.slug}" for task in handbook.tasks()),
        *(f"/belajar/{lesson.slug}" for lesson in LESSONS),
        *(f"/koperasi/{slug}" for slug in directory.slugs(database())),
    ]  # fmt: skip
    text = render_template("kopmart/sitemap.xml", addresses=[absolute(way) for way in ways])
    return for_programs(text, "application/xml")


@portal.get("/bantuan")
def help_page() -> ResponseReturnValue:
    here = coop()
    ask = whatsapp(here.phone, "Halo pengurus, saya perlu bantuan dengan MyKoperasi.") if here else ""
    return page("help.html", title="Bantuan", whatsapp=ask)


@portal.get("/bantuan/tur/<name>")
def tour_page(name: str) -> ResponseReturnValue:
    """The steps of a page's tour as text; the script of the tour reads them here, too."""
    tour = tours.find(name)
    if tour is None:
        raise NotFound(what="Halaman bantuan")
    return page("tour.html", title=f"Cara memakai: {tour.title}", tour=tour, task=handbook.of_tour(name))


@portal.post("/bantuan/tur/<name>")
@signed_in_only
def tour_seen(name: str) -> ResponseReturnValue:
    with transaction() as work:
        if tours.find(name) is not None:
            mark_seen(work, g.signed_in.user_id, name)
    return redirect(url_for("portal.help_page"))


@portal.get("/teks/<any(besar, biasa):size>")
def text_size(size: str) -> ResponseReturnValue:
    """Larger or usual letters, remembered in this browser."""
    answer = redirect(safe_next(request.args.get("next"), url_for("portal.public_home")))
    answer.set_cookie("teks", size, max_age=31_536_000, samesite="Lax", secure=request.is_secure)
    return answer


@portal.get("/mykoperasi/")
@members_only
def home() -> ResponseReturnValue:
    who, member_id = me()
    balances = queries.balances(db(), who, member_id)
    owed = [
        bill for bill in queries.bills_of(db(), who, member_id) if bill.paid_rp < bill.amount_rp and not bill.is_waived
    ]
    kasbon = credits.own(db(), who, member_id)
    loans = lending.of_member(db(), who, member_id)
    running = [loan for loan in loans if loan.state == "running"]
    rows = lending.installments_of(db(), running)
    return page(
        "home.html", title="Simpanan saya", balances=balances, total_rp=sum(row.balance_rp for row in balances),
        owed=owed[::-1], kasbon=kasbon, running=running,
        owed_rp=sum(bill.amount_rp - bill.paid_rp for bill in owed) + credits.left(kasbon),
        due={loan.id: lending.next_due(rows[loan.id], today()) for loan in running},
        waiting=[loan for loan in loans if loan.state in OPEN],
        latest=queries.mutations(db(), who, member_id)[: -LATEST - 1 : -1],
        announced=announcements.on_home(db(), who, today()),
    )  # fmt: skip
