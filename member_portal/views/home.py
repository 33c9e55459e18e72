"""The public home, help, and the member's home with balances first."""

from urllib.parse import quote

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import NotFound
from member_portal.frame import coop, me, members_only, page, portal, signed_in_only, today
from services.access.tours import mark_seen
from services.loans import queries as lending
from services.loans.states import OPEN
from services.mart import credits
from services.savings import queries
from web import tours
from web.request import db, safe_next, transaction

LATEST = 5


@portal.get("/")
def public_home() -> ResponseReturnValue:
    return page("public_home.html", title="eKopz")


@portal.get("/bantuan")
def help_page() -> ResponseReturnValue:
    here = coop()
    digits = "".join(c for c in here.phone if c.isdigit()) if here else ""
    number = f"62{digits[1:]}" if digits.startswith("0") else digits
    ask = (
        f"https://wa.me/{number}?text={quote('Halo pengurus, saya perlu bantuan dengan MyKoperasi.')}" if number else ""
    )
    return page("help.html", title="Bantuan", whatsapp=ask)


@portal.get("/bantuan/tur/<name>")
def tour_page(name: str) -> ResponseReturnValue:
    """The steps of a page's tour as text; the script of the tour reads them here, too."""
    tour = tours.find(name)
    if tour is None:
        raise NotFound(what="Halaman bantuan")
    return page("tour.html", title=f"Cara memakai: {tour.title}", tour=tour)


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
    )  # fmt: skip
