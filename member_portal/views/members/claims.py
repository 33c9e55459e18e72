"""The member card with its public check, and claiming to be a member."""

from collections.abc import Mapping

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import today
from core.dates import parse_date
from core.errors import InvalidValue, NotFound, Refusal
from member_portal.frame import is_member, me, members_only, page, portal, signed_in_only
from member_portal.views.savings import pdf, whole
from models.coops import Coop
from models.members import Member
from reports.documents import MemberCard, card_pdf, member_card, qr_svg
from services.members import cards, claims, commands
from web.request import client_ip, database, db, settings

CLAIM_FIELDS, LONGEST = ("koperasi", "nomor", "lahir", "ktp"), 40


@portal.get("/mykoperasi/kartu")
@members_only
def card() -> ResponseReturnValue:
    found, paper = _mine()
    return page("card.html", title="Kartu anggota", card=paper, member=found, qr=qr_svg(paper.check_url))


@portal.get("/mykoperasi/kartu.pdf")
@members_only
def card_file() -> ResponseReturnValue:
    found, paper = _mine()
    return pdf(card_pdf(paper), f"kartu-anggota-{found.id}.pdf")


def _mine() -> tuple[Member, MemberCard]:
    who, member_id = me()
    member = commands.get(db(), who, member_id)
    return member, member_card(db(), member, public_url=settings().public_url)


@portal.get("/kartu/<token>")
def check_card(token: str) -> ResponseReturnValue:
    """Anyone shown a card may ask whether it counts."""
    try:
        found = cards.check(database(), token)
    except NotFound:
        return page("check_card.html", title="Kartu tidak dikenal", found=None), 404
    return page("check_card.html", title="Periksa kartu anggota", found=found)


@portal.get("/klaim")
@signed_in_only
def claim() -> ResponseReturnValue:
    """Find the cooperative, then say which member one is; pengurus may hand out the link with `?koperasi=`."""
    return _claim_page({"koperasi": request.args.get("koperasi", "")})


@portal.post("/klaim")
@signed_in_only
def ask_claim() -> ResponseReturnValue:
    told = {name: request.form.get(name, "").strip()[:LONGEST] for name in CLAIM_FIELDS}
    try:
        coop_id = whole(told["koperasi"])
        if coop_id is None:
            raise InvalidValue(field="Koperasi", reason="pilih dulu koperasi Anda.")
        claims.ask(database(), g.signed_in.user_id, coop_id, _told(told), ip=client_ip())
    except Refusal as refusal:
        return _claim_page(told, refusal.sentence), refusal.status
    flash("Permintaan Anda sudah kami terima. Pengurus akan memeriksanya.", "success")
    return redirect(url_for("portal.claim"))


def _told(told: Mapping[str, str]) -> claims.Told:
    """Raises InvalidValue for what is no date."""
    try:
        birth_on = parse_date(told["lahir"], pivot_year=today().year)
    except ValueError as wrong:
        raise InvalidValue(field="Tanggal lahir", reason=f"{wrong}.") from None
    return claims.Told(told["nomor"], birth_on, told["ktp"].replace(" ", ""))


def _claim_page(told: Mapping[str, str], problem: str = "") -> str:
    coop_id, words = whole(told["koperasi"]), request.args.get("cari", "")[:LONGEST]
    return page(
        "claim.html", title="Hubungkan sebagai anggota", told=told, problem=problem, states=claims.STATES, words=words,
        chosen=db().get(Coop, coop_id) if coop_id else None, found=claims.cooperatives(db(), words), mine=is_member(),
        most=claims.PER_USER, claims=claims.own(database(), g.signed_in.user_id),
    )  # fmt: skip
