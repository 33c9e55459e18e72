"""A ticket is opened once, answered by those it went to, reopened, ended and rated; foreign ones are not there."""

import threading
from datetime import timedelta

import pytest

from core.actor import NOWHERE
from core.clock import now, today
from core.errors import InvalidValue, NotAllowed, NotFound, Refusal
from core.pictures import PictureRefused
from models.audit import AuditRecord
from models.support import Ticket, TicketMessage
from services.jobs import daily
from services.support import desk, platform, talk, tickets
from services.support.refusals import AnsweredMeanwhile, TicketClosed, TicketOpen, TooManyMessages
from services.support.tickets import Wish
from tests.admin_panel.story import picture
from tests.support.conftest import people, said


def test_a_ticket_lives_from_question_to_score(help_):
    ticket = help_.open()
    assert (ticket.label, ticket.state, ticket.goes_to) == (f"T-{today().year}-0001", "open", "coop")
    help_.answer(ticket)
    assert help_.now(ticket).state == "answered"
    (told,) = help_.told()
    assert (told.user_id, told.topic, told.url) == (
        help_.siti.user_id, "bantuan", f"/mykoperasi/bantuan/{ticket.id}",
    )  # fmt: skip
    assert "Kartika Ketua menjawab" in told.body
    help_.reply(ticket)
    assert help_.now(ticket).state == "open"
    help_.answer(ticket, "Beres.", "a2")
    with help_.world.transaction(help_.siti) as session, pytest.raises(TicketOpen):
        tickets.rate(session, help_.siti, ticket.id, 5, "")
    help_.close(ticket)
    with help_.world.transaction(help_.siti) as session:
        tickets.rate(session, help_.siti, ticket.id, 4, "Agak lama")
    after = help_.now(ticket)
    assert (after.state, after.score, after.score_note) == ("closed", 4, "Agak lama")
    assert help_.bodies(ticket) == ["Belum tampil", "Sudah kami catat.", "Masih belum", "Beres."]
    with help_.world.reading() as session:
        acts = [row.action for row in session.query(AuditRecord) if row.action.startswith("support.")]
    assert acts == ["support.open", "support.answer", "support.answer", "support.close", "support.rate"]


def test_a_second_click_is_one_ticket_one_reply_one_answer(help_):
    first, again = help_.open(), help_.open()
    assert first.id == again.id
    assert help_.reply(first) == help_.reply(first)
    answer = help_.answer(first)
    assert help_.answer(first) == answer
    assert len(help_.bodies(first)) == 3
    assert len(help_.told()) == 1


def test_numbers_count_in_each_cooperative_apart(help_):
    assert [help_.open(token=f"n{n}").number for n in range(3)] == [1, 2, 3]
    assert help_.open(help_.agus).number == 1


def test_twenty_clicks_at_once_are_one_ticket(any_world, tmp_path):
    there, failed = people(any_world, tmp_path), []

    def click(number: int) -> None:
        try:
            there.open(token="same" if number % 2 else f"own-{number}")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=click, args=(number,)) for number in range(12)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failed == []
    with any_world.reading() as session:
        assert sorted(number for (number,) in session.query(Ticket.number)) == list(range(1, 8))


def test_the_ticket_of_somebody_else_is_not_there(help_):
    ticket, theirs = help_.open(), help_.open(help_.agus)
    for who, one in ((help_.siti, theirs), (help_.agus, ticket)):
        with help_.world.transaction(who) as session:
            for act in (
                lambda s=session, w=who, o=one: tickets.get(s, w, o.id),
                lambda s=session, w=who, o=one: tickets.reply(s, w, o.id, said(token="x"), help_.folder),
                lambda s=session, w=who, o=one: tickets.close(s, w, o.id),
                lambda s=session, w=who, o=one: tickets.rate(s, w, o.id, 5, ""),
            ):
                with pytest.raises(NotFound):
                    act()
            assert [row.opened_by for row in tickets.mine(session, who)] == [who.user_id]
    with pytest.raises(NotFound):
        help_.answer(theirs)
    with help_.world.transaction(help_.siti) as session, pytest.raises(NotAllowed):
        desk.listed(session, help_.siti)


def test_what_went_to_ekopz_is_not_the_pengurus_to_read_and_the_other_way_round(help_):
    ours, theirs = help_.open(), help_.open(token="p", goes_to="platform", title="Layar gelap")
    database, operator = help_.world.database, help_.world.platform["operator_platform"]
    with help_.world.reading(help_.world.ketua) as session:
        assert [row.id for row in desk.listed(session, help_.world.ketua)] == [ours.id]
        with pytest.raises(NotFound):
            desk.get(session, help_.world.ketua, theirs.id)
    assert [row.ticket.id for row in platform.listed(database, operator, "open")] == [theirs.id]
    with pytest.raises(NotFound):
        platform.get(database, operator, ours.id)
    with pytest.raises(NotFound):
        platform.answer(database, operator, ours.id, said(token="x"), help_.folder, after=0)
    for role in ("redaktur", "penulis"):
        with pytest.raises(NotAllowed):
            platform.listed(database, help_.world.platform[role])


def test_ekopz_answers_in_its_own_name(help_):
    ticket, operator = help_.open(goes_to="platform"), help_.world.platform["operator_platform"]
    assert operator.coop_id == NOWHERE
    for _ in range(2):
        platform.answer(help_.world.database, operator, ticket.id, said("Baik", "a"), help_.folder, after=0)
    (told,) = help_.told()
    assert (told.coop_id, told.body) == (help_.world.coop.id, "Tim eKopz menjawab:\n\nBaik")
    thread = platform.get(help_.world.database, operator, ticket.id)
    assert (thread.coop.id, [one.is_answer for one in thread.messages]) == (help_.world.coop.id, [False, True])
    platform.close(help_.world.database, operator, ticket.id)
    assert help_.now(ticket).state == "closed"
    assert help_.told()[-1].title == f"{ticket.label} selesai"


def test_of_two_who_answer_at_once_the_second_reads_first(help_):
    ticket = help_.open()
    with help_.world.reading() as session:
        seen = session.query(TicketMessage.id).filter_by(ticket_id=ticket.id).scalar()
    first = help_.answer(ticket, after=seen)
    with pytest.raises(AnsweredMeanwhile, match="Kartika Ketua"):
        help_.answer(ticket, "Saya juga", "a2", "sekretaris", after=seen)
    help_.answer(ticket, "Saya juga", "a2", "sekretaris", after=first)
    assert len(help_.bodies(ticket)) == 3


def test_a_closed_ticket_takes_no_answer_until_it_is_open_again(help_):
    ticket = help_.open()
    help_.close(ticket)
    with pytest.raises(TicketClosed):
        help_.answer(ticket)
    help_.reply(ticket)
    help_.answer(ticket)
    assert help_.now(ticket).state == "answered"


def test_what_is_answered_and_quiet_ends_by_itself_after_a_fortnight(help_):
    ticket, waiting = help_.open(), help_.open(token="w")
    help_.answer(ticket)
    daily.run(help_.world.database, today() + timedelta(days=13))
    assert help_.now(ticket).state == "answered"
    lines = daily.run(help_.world.database, today() + timedelta(days=16))
    assert "maju: 1 tiket selesai dengan sendirinya." in lines
    assert (help_.now(ticket).state, help_.now(waiting).state) == ("closed", "open")
    assert not [line for line in daily.run(help_.world.database, today() + timedelta(days=17)) if "tiket" in line]


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "nonsense"}, {"goes_to": "mars"}, {"title": " "}, {"title": "x" * 121}, {"said": said(" \n")},
        {"said": said("x" * 5001)}, {"said": said(token="")}, {"said": said(token="x" * 61)},
    ],
)  # fmt: skip
def test_an_odd_ticket_is_refused_and_leaves_nothing(help_, changes):
    with pytest.raises(InvalidValue):
        help_.open(**changes)
    with help_.world.reading() as session:
        assert session.query(Ticket).count() == session.query(TicketMessage).count() == 0


@pytest.mark.parametrize("content", [b"no picture", b"\x89PNG\r\n\x1a\n", b"x" * (5 * 1024 * 1024 + 1)])
def test_a_picture_that_is_none_or_too_large_keeps_nothing(help_, content):
    with pytest.raises(PictureRefused):
        help_.open(said=said(picture=content))
    with help_.world.reading() as session:
        assert session.query(Ticket).count() == 0
    assert list(help_.folder.rglob("tickets/*")) == []


def test_a_picture_is_drawn_anew_and_read_by_both_sides_alone(help_):
    ticket = help_.open(said=said(picture=picture()))
    with help_.world.reading(help_.world.ketua) as session:
        (message,) = talk.messages(session, desk.get(session, help_.world.ketua, ticket.id))
        assert talk.picture(session, ticket, message.id, help_.folder).startswith(b"\xff\xd8")
        with pytest.raises(NotFound):
            talk.picture(session, help_.open(token="other"), message.id, help_.folder)
    (kept,) = help_.folder.rglob("uploads/tickets/*/*")
    assert kept.stat().st_mode & 0o077 == 0
    kept.unlink()
    with help_.world.reading(help_.world.ketua) as session, pytest.raises(NotFound):
        talk.picture(session, ticket, message.id, help_.folder)


def test_one_person_writes_so_much_a_day(help_):
    ticket = help_.open()
    for number in range(talk.MOST - 1):
        help_.reply(ticket, token=f"r{number}")
    with pytest.raises(TooManyMessages):
        help_.reply(ticket, token="more")
    help_.answer(ticket)


def test_a_score_is_one_to_five_and_the_last_word_counts(help_):
    ticket = help_.open()
    help_.close(ticket)
    for odd in (0, 6, -1):
        with help_.world.transaction(help_.siti) as session, pytest.raises(InvalidValue):
            tickets.rate(session, help_.siti, ticket.id, odd, "")
    for score in (2, 5):
        with help_.world.transaction(help_.siti) as session:
            tickets.rate(session, help_.siti, ticket.id, score, " <b>baik</b> ")
    assert (help_.now(ticket).score, help_.now(ticket).score_note) == (5, "<b>baik</b>")


def test_the_desk_counts_what_waits_how_long_and_how_good(help_):
    world, hours = help_.world, (2, 5, 30)
    for number, wait in enumerate(hours):
        ticket = help_.open(token=f"f{number}")
        help_.answer(ticket, token=f"fa{number}")
        help_.close(ticket)
        with world.transaction(help_.siti) as session:
            tickets.rate(session, help_.siti, ticket.id, 5 - number, "")
        with world.transaction(help_.siti) as session:
            session.get_one(Ticket, ticket.id).created_at = now() - timedelta(hours=wait)
    help_.open(token="waits")
    help_.open(help_.agus, token="neighbour")
    with world.reading(world.ketua) as session:
        figures = desk.figures(session, world.ketua)
    assert (figures.waiting, str(figures.hours), str(figures.score), figures.scored) == (1, "5.0", "4.0", 3)
    empty = platform.figures(world.database, world.platform["operator_platform"])
    assert (empty.waiting, empty.hours, empty.score, empty.scored) == (0, None, None, 0)


def test_help_is_there_when_the_books_are_read_only(help_):
    held = help_.siti.permissions
    siti = help_.siti.__class__(**(help_.siti.__dict__ | {"permissions": frozenset(), "withheld": held}))
    assert help_.open(siti, goes_to="platform").state == "open"


def test_people_of_the_platform_open_none(help_):
    operator = help_.world.platform["operator_platform"]
    with help_.world.transaction() as session, pytest.raises(Refusal):
        tickets.open_ticket(session, operator, Wish("question", "platform", "x", said()), help_.folder)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/kopmart/?q=1", "/kopmart/"), ("//evil.id", ""), ("https://evil.id", ""), ("javascript:x", ""), ("", ""),
        ("/" + "x" * 500, "/" + "x" * 199), ("/a\nb", ""),
    ],
)  # fmt: skip
def test_the_page_one_came_from_is_a_path_of_ours(given, kept):
    assert tickets.own_page(given) == kept
