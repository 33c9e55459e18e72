"""The member card: on screen, as PDF, and the public page its QR leads to."""

from flask.typing import ResponseReturnValue

from core.errors import NotFound
from member_portal.frame import me, members_only, page, portal
from member_portal.views.savings import pdf
from models.members import Member
from reports.documents import MemberCard, card_pdf, member_card, qr_svg
from services.members import cards, commands
from web.request import database, db, settings


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
