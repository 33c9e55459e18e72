"""Help at three desks: the pengurus', eKopz', and the strangers' post; each sees what was sent to it."""

import re

import pytest

from models.savings import WithdrawalRequest
from models.support import Ticket, TicketMessage, VisitorMessage
from services.notifications import outbox
from tests.admin_panel.conftest import Panel
from tests.notifications.postbox import postbox

HIDDEN = re.compile(r'name="(token|after)" type="hidden" value="([^"]*)"')
SCRIPT = "<script>alert(1)</script>"


def one(panel: Panel, goes_to: str, coop=None) -> Ticket:
    coop = coop or panel.world.coop
    with panel.world.reading(coop.id) as session:
        return session.query(Ticket).filter_by(goes_to=goes_to).one()


def bodies(panel: Panel, ticket: Ticket) -> list[str]:
    with panel.world.database.platform("test") as session:
        rows = session.query(TicketMessage).filter_by(ticket_id=ticket.id).order_by(TicketMessage.id)
        return [row.body for row in rows]


def filled(page: str, **more: str) -> dict[str, str]:
    found = dict(HIDDEN.findall(page))
    assert {"token", "after"} <= set(found)
    return found | more


def test_a_complaint_waits_on_the_home_page_and_is_answered_once(peopled):
    ticket, chair = one(peopled, "coop"), peopled.as_("ketua")
    assert "Masukan anggota" in chair.get("/kopmin/").text
    address = f"/kopmin/masukan/{ticket.id}"
    assert address in chair.get("/kopmin/masukan/").text
    form = filled(chair.get(address).text, body=f"Baik {SCRIPT}")
    late = filled(peopled.as_("sekretaris").get(address).text, body="Saya juga")
    assert chair.post(address, form).location == address
    assert chair.post(address, form).location == address, "the second click"
    refused = peopled.as_("sekretaris").post(address, late)
    assert refused.status_code == 422
    assert "Kartika Ketua baru saja menjawab" in refused.text
    assert "Saya juga" in refused.text
    again = filled(refused.text, body="Saya juga")
    assert peopled.as_("sekretaris").post(address, again).location == address
    assert bodies(peopled, ticket)[1:] == [f"Baik {SCRIPT}", "Saya juga"]
    page = chair.get(address).text
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page
    assert "Masukan anggota" not in re.sub(r"(?s)<nav.*?</nav>", "", chair.get("/kopmin/").text)
    assert "<b>di bawah 1 jam</b>" in chair.get("/kopmin/masukan/").text
    chair.post(f"{address}/selesai")
    closed = chair.post(address, form | {"token": "new"})
    assert "sudah selesai" in closed.text


def test_everybody_in_kopmin_writes_to_ekopz_and_reads_the_answer(peopled):
    clerk, operator = peopled.as_("bendahara"), peopled.as_("operator_platform")
    wish = {"kind": "question", "title": f"Cetak {SCRIPT}", "body": "Bagaimana?", "token": "w1", "page": "/kopmin/"}
    place = clerk.post("/kopmin/bantuan/baru", wish).location
    assert clerk.post("/kopmin/bantuan/baru", wish).location == place, "the second click"
    ticket_id = int(place.rsplit("/", 1)[1])
    assert "Tiket koperasi" in operator.get("/platform/").text
    desk = operator.get("/platform/tiket/").text
    assert "Koperasi Maju Bersama" in desk
    assert SCRIPT not in desk
    address = f"/platform/tiket/{ticket_id}"
    form = filled(operator.get(address).text, body="Tekan Cetak.")
    assert [operator.post(address, form).location for _ in range(2)] == [address, address]
    assert "Jawaban eKopz" in clerk.get("/kopmin/").text
    messages = clerk.get("/kopmin/pesan/").text
    assert "Tim eKopz menjawab" in messages
    assert "belum dibaca" in messages
    message_id = re.search(r"/kopmin/pesan/(\d+)", messages)[1]
    assert peopled.as_("ketua").post(f"/kopmin/pesan/{message_id}").status_code == 404
    assert clerk.post(f"/kopmin/pesan/{message_id}", {"buka": "1"}).location == place
    assert "belum dibaca" not in clerk.get("/kopmin/pesan/").text
    page = clerk.get(place).text
    assert "Tim eKopz" in page
    assert "Oki Operator" not in page
    assert clerk.post(f"{place}/selesai").location == place
    assert clerk.post(f"{place}/nilai", {"score": "4", "note": SCRIPT}).location == place
    assert SCRIPT not in clerk.get(place).text
    assert clerk.post(f"{place}/nilai", {"score": "9"}).status_code == 422
    assert clerk.post(place, filled(clerk.get(place).text, body="Satu lagi")).location == place
    assert peopled.as_("petugas").get(place).status_code == 404


def test_each_desk_sees_what_was_sent_to_it(peopled):
    to_coop, to_us = one(peopled, "coop"), one(peopled, "platform")
    theirs = one(peopled, "coop", peopled.world.other)
    chair, operator = peopled.as_("ketua"), peopled.as_("operator_platform")
    for ticket in (to_us, theirs):
        for tail in ("", f"/gambar/{ticket.id}"):
            assert chair.get(f"/kopmin/masukan/{ticket.id}{tail}").status_code == 404
    for ticket in (to_coop, theirs):
        assert operator.get(f"/platform/tiket/{ticket.id}").status_code == 404
        assert (
            operator.post(f"/platform/tiket/{ticket.id}", {"body": "x", "token": "y", "after": "0"}).status_code == 404
        )
    assert operator.get("/kopmin/masukan/").status_code == 403
    assert peopled.as_("bendahara").get("/kopmin/masukan/").status_code == 403


@pytest.mark.parametrize("who", ["ketua", "redaktur", "penulis"])
def test_the_platforms_desk_is_for_those_who_answer_there(peopled, who):
    browser = peopled.as_(who)
    for address in ("/platform/tiket/", f"/platform/tiket/{one(peopled, 'platform').id}", "/platform/pesan-tamu/"):
        assert browser.get(address).status_code == 403


def test_a_stranger_is_answered_by_mail(peopled):
    operator = peopled.as_("operator_platform")
    with peopled.world.database.platform("test") as session:
        message = session.query(VisitorMessage).order_by(VisitorMessage.id).first()
    address = f"/platform/pesan-tamu/{message.id}"
    refused = operator.post(address, {"body": "Mulai gratis."})
    assert "Surat belum dapat dikirim" in refused.text
    assert "Mulai gratis." in refused.text
    with postbox() as server:
        outbox.use(server.url)
        assert operator.post(address, {"body": "Mulai gratis."}).location == "/platform/pesan-tamu/"
        assert operator.post(address, {"body": "Mulai gratis."}).location == "/platform/pesan-tamu/"
        assert outbox.send_due(peopled.world.database) == (1, 0)
        outbox.use("")
    assert "Mulai gratis." in operator.get(address).text
    assert operator.get("/platform/pesan-tamu/?keadaan=answered").text.count("dewi@contoh.id") == 1


def test_what_concerns_a_member_is_sent_from_ones_own_phone(peopled):
    with peopled.world.reading() as session:
        asked = session.query(WithdrawalRequest).one().id
    chair = peopled.as_("ketua")
    text = chair.get(f"/kopmin/penarikan/show/{asked}").text
    assert "https://wa.me/6281234567890?text=Siti%20Aminah" in text
    assert "Kirim lewat WhatsApp" in text


def test_odd_messages_stand_beside_their_fields(panel):
    clerk = panel.as_("petugas")
    good = {"kind": "question", "title": "x", "body": "y", "token": "t"}
    for odd in (
        {"title": ""},
        {"title": "x" * 121},
        {"body": ""},
        {"body": "x" * 5001},
        {"kind": "z"},
        {"token": "x" * 70},
    ):
        answer = clerk.post("/kopmin/bantuan/baru", good | odd)
        assert answer.status_code in {302, 422}, odd
        assert (answer.status_code == 302) == ("token" in odd), odd
    for state in ("", "nonsense", "closed", "%00"):
        assert panel.as_("ketua").get(f"/kopmin/masukan/?keadaan={state}").status_code == 200
