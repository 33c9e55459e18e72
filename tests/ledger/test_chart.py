"""Charts of accounts: the three that are shipped, one of one's own, and what is wrong with a file, by line."""

import pytest

from core.errors import NotAllowed
from models.ledger import Account, AccountRole
from services.coops.commands import create
from services.ledger import chart
from services.ledger.chart import CHARTS, Role, parse_chart, read_chart
from services.ledger.refusals import ChartInvalid, HeaderAccount, UnknownAccount

HEAD = "code,name,type,normal_balance,is_header,parent_code,note\n"
GOOD = HEAD + "1,Aset,asset,debit,1,,\n1-01,Kas kecil toko,asset,debit,0,1,\n3101,Modal awal,equity,credit,0,,\n"


@pytest.mark.parametrize("name", CHARTS)
def test_a_shipped_chart_is_whole(name):
    rows = read_chart(name)
    held = {row.code: row for row in rows}
    assert len(held) == len(rows) > 50
    for row in rows:
        assert row.parent_code is None or held[row.parent_code].is_header
        assert row.normal_balance == "debit" or row.type != "expense"


@pytest.mark.parametrize("name", CHARTS)
def test_a_cooperative_with_a_shipped_chart_can_book_at_once(world, name):
    with world.database.platform("test", writes=True) as session:
        coop, _, _ = create(session, slug=f"baru-{name}".replace("_", "-"), name="Koperasi Baru", chart_name=name)
    with world.reading(coop.id) as session:
        held = set(session.scalars(session.query(AccountRole.role).statement))
        headers = session.query(AccountRole).join(Account, Account.id == AccountRole.account_id)
        assert headers.filter(Account.is_header).count() == 0
    needed = {Role.CASH, Role.BANK, Role.SHARE_SAVINGS, Role.MANDATORY_SAVINGS, Role.OPENING_BALANCE}
    assert {role.value for role in needed} <= held


def test_a_chart_of_one_s_own_plays_a_role_only_when_it_means_the_same(world, tmp_path):
    file = tmp_path / "bagan.csv"
    file.write_text("\ufeff" + GOOD + "11011,Kas Umum,asset,debit,0,1,kas\n", "utf-8")
    with world.database.platform("test", writes=True) as session:
        coop, _, _ = create(session, slug="sendiri", name="Koperasi Sendiri", chart_name=file)
    with world.reading(coop.id) as session:
        assert [account.code for account in session.query(Account).order_by(Account.id)] == [
            "1", "1-01", "3101", "11011",
        ]  # fmt: skip
        shipped = {row.code: row.name for row in read_chart("serba_usaha")}
        roles = {row.role for row in session.query(AccountRole)}
        assert roles == ({"cash"} if shipped["11011"] == "Kas Umum" else set())


BAD = [
    ("1,Aset,asset,debit,1,,\n1,Kas,asset,debit,0,,\n", 3, "sudah dipakai di baris 2"),
    ("1,Kas,asset,debit,0,9,\n", 2, "induk 9"),
    ("1,Kas,asset,debit,0,2,\n2,Aset,asset,debit,1,,\n", 2, "induk 2"),
    ("1,Kas,asset,debit,0,,\n11,Kas kecil,asset,debit,0,1,\n", 3, "induk 1"),
    ("1,Kas,harta,debit,0,,\n", 2, "jenis harus salah satu"),
    ("1,Kas,asset,kiri,0,,\n", 2, "normal_balance"),
    ("1,Kas,asset,debit,ya,,\n", 2, "is_header"),
    (",Kas,asset,debit,0,,\n", 2, "wajib diisi"),
    ("1,,asset,debit,0,,\n", 2, "wajib diisi"),
    (f"1,{'x' * 121},asset,debit,0,,\n", 2, "paling panjang 120"),
    ("1,Kas\n", 2, "kolom type tidak ada"),
    ("", 1, "tidak ada akun"),
]


@pytest.mark.parametrize(("rows", "line", "said"), BAD)
def test_a_bad_row_is_named_by_its_line(tmp_path, rows, line, said):
    file = tmp_path / "bagan.csv"
    file.write_text(HEAD + rows, "utf-8")
    with pytest.raises(ChartInvalid, match=said) as refused:
        read_chart(file)
    assert refused.value.fields["line"] == line


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "x.csv", tmp_path / "nosuch.csv", tmp_path):
        with pytest.raises(ChartInvalid, match="tidak terbaca"):
            read_chart(path)


def test_a_refused_chart_leaves_no_cooperative_behind(world, tmp_path):
    from models.coops import Coop

    (tmp_path / "x.csv").write_text(HEAD + BAD[0][0], "utf-8")
    with pytest.raises(ChartInvalid), world.database.platform("test", writes=True) as session:
        create(session, slug="gagal", name="Koperasi Gagal", chart_name=tmp_path / "x.csv")
    with world.database.platform("test") as session:
        assert session.query(Coop).filter(Coop.slug == "gagal").count() == 0


def test_an_account_is_found_by_code_or_by_its_exact_name(world):
    with world.reading() as session:
        by_code = chart.account_of(session, world.bendahara, " 11011 ")
        assert chart.account_of(session, world.bendahara, by_code.name) is by_code
        with pytest.raises(UnknownAccount, match="Kas yang mana"):
            chart.account_of(session, world.bendahara, "Kas yang mana")


def test_a_header_plays_no_role(world):
    with pytest.raises(HeaderAccount), world.transaction() as session:
        header = session.query(Account).filter(Account.code == "11").one()
        chart.assign_role(session, world.bendahara, Role.CASH, header)


def test_only_who_keeps_the_chart_gives_roles(world):
    with pytest.raises(NotAllowed), world.transaction(world.ketua) as session:
        account = session.query(Account).filter(Account.code == "11012").one()
        chart.assign_role(session, world.ketua, Role.CASH, account)


def test_empty_records_are_no_chart():
    with pytest.raises(ChartInvalid):
        parse_chart([])
