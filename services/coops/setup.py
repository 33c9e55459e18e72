"""The way of a new cooperative to its first deposit: a checklist seen from the data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, NotFound
from core.money import Rupiah
from models.audit import AuditRecord
from models.coops import Coop, SetupMark
from models.members import Member
from models.savings import SavingsMovement
from services.access import limits
from services.audit import trail
from services.ledger import chart
from services.ledger.chart import Role
from services.members import commands as members
from services.savings import products

ZERO = "zero"
"""The mark of a cooperative that begins without balances of before."""
_ROLES = (Role.CASH, Role.SHARE_SAVINGS, Role.MANDATORY_SAVINGS, Role.CURRENT_SURPLUS, Role.OPENING_BALANCE)


@dataclass(frozen=True)
class Step:
    """One thing to do once: why, by whom, and whether it is done or put aside."""

    key: str
    title: str
    why: str
    button: str
    needs: str
    is_done: bool = False
    is_later: bool = False

    @property
    def is_open(self) -> bool:
        """Neither done nor put aside."""
        return not (self.is_done or self.is_later)


_STEPS = (
    ("profile", "Profil koperasi", "Alamat dan telepon tercetak di kuitansi dan laporan.", "Isi profil",
     "coop.settings"),
    ("legal", "Nomor badan hukum", "Tercetak di kop laporan; dinas koperasi menanyakannya.", "Isi nomor",
     "coop.settings"),
    ("chart", "Bagan akun", "Setiap transaksi masuk ke akun yang benar dengan sendirinya.", "Lihat bagan akun",
     "ledger.view"),
    ("savings", "Simpanan pokok dan wajib", "Jumlah ini muncul sendiri saat Anda mencatat setoran dan tagihan.",
     "Isi jumlahnya", "savings.products"),
    ("people", "Pengurus lain", "Bendahara dan ketua saling memeriksa; satu orang saja tidak cukup.", "Undang pengurus",
     "access.manage"),
    ("members", "Anggota", "Setoran dicatat atas nama anggota. Bawa dari Excel atau ketik beberapa dulu.",
     "Masukkan anggota", "imports.run"),
    ("opening", "Saldo awal", "Bila sudah ada buku lama, saldonya dibawa masuk sekali. Bila baru, mulai dari nol.",
     "Bawa saldo awal", "ledger.opening"),
    ("deposit", "Setoran pertama", "Setelah ini buku koperasi Anda berjalan dan anggota melihat simpanannya.",
     "Catat setoran", "savings.teller"),
)  # fmt: skip


def steps(session: Session, actor: Actor) -> list[Step]:
    """The whole way in order, each step as the data say it stands."""
    marks = set(session.scalars(select(SetupMark.step)))
    done = _done(session, actor, marks)
    return [Step(*words, is_done=done[words[0]], is_later=words[0] in marks) for words in _STEPS]


def _done(session: Session, actor: Actor, marks: set[str]) -> dict[str, bool]:
    coop = session.scalars(select(Coop).where(Coop.id == actor.coop_id)).one()
    roles = chart.roles(session, actor)
    decided = select(AuditRecord.id).where(AuditRecord.action == "savings.product").limit(1)
    saved = select(SavingsMovement.id).where(SavingsMovement.kind == "deposit").limit(1)
    return {
        "profile": bool(coop.address and coop.phone),
        "legal": bool(coop.legal_no),
        "chart": all(role.value in roles for role in _ROLES),
        "savings": session.scalars(decided).first() is not None,
        "people": limits.used(session, "users") > 1,
        "members": first_member(session, actor) is not None,
        "opening": coop.books_start_on is not None or ZERO in marks,
        "deposit": session.scalars(saved).first() is not None,
    }


def first_member(session: Session, actor: Actor) -> Member | None:
    """Whose deposit may be the first."""
    return session.scalars(select(Member).where(Member.state == "active").order_by(Member.number).limit(1)).first()


def put_aside(session: Session, actor: Actor, step: str) -> None:
    """Not now; again changes nothing. Raises NotFound for a step that is not there."""
    actor.must("coop.settings")
    if step not in {words[0] for words in _STEPS}:
        raise NotFound(what="Langkah")
    _mark(session, actor, step)


def start_from_zero(session: Session, actor: Actor) -> None:
    """There is no old book: nothing to bring in."""
    actor.must("ledger.opening")
    _mark(session, actor, ZERO)


def _mark(session: Session, actor: Actor, step: str) -> None:
    if session.scalars(select(SetupMark.id).where(SetupMark.step == step)).first() is None:
        session.add(SetupMark(coop_id=actor.coop_id, step=step, user_id=actor.user_id))
        trail.record(session, actor, "coops.setup", f"step:{step}")


def set_amounts(session: Session, actor: Actor, *, share_rp: Rupiah, mandatory_rp: Rupiah) -> None:
    """What a member pays once and every month. Raises InvalidValue; NotFound where the chart has no account for it."""
    for kind, amount_rp in (("share", share_rp), ("mandatory", mandatory_rp)):
        product = products.of_kind(session, actor, kind)
        products.save(
            session, actor, code=product.code, name=product.name, kind=kind, account_id=product.account_id,
            amount_rp=amount_rp, minimum_balance_rp=product.minimum_balance_rp, product_id=product.id,
        )  # fmt: skip


def enroll(session: Session, actor: Actor, rows: Sequence[tuple[str, str, str]], *, joined_on: date) -> int:
    """Members typed in by hand as (number, name, phone), active at once; how many are new.

    A form that comes twice enrolls once: who has that number and that name already is passed over.
    Raises InvalidValue for a form without names, NumberTaken for a number of somebody else.
    """
    named = [(number, " ".join(name.split()), phone) for number, name, phone in rows if name.strip()]
    if not named:
        raise InvalidValue(field="Anggota", reason="tulis paling sedikit satu nama.")
    if not all(number for number, _, _ in named):
        raise InvalidValue(field="Nomor anggota", reason="hilang dari formulir. Muat ulang halaman, lalu ketik lagi.")
    held = {member.number: member.name for member in session.scalars(select(Member).where(Member.number.is_not(None)))}
    new = [
        (members.PersonData(name=name, phone=phone), number, joined_on)
        for number, name, phone in named
        if held.get(number) != name[:120]
    ]
    if new:
        members.enroll_many(session, actor, new)
    return len(new)


def next_numbers(session: Session, actor: Actor, count: int) -> list[str]:
    """So many member numbers that nobody has."""
    first = members.next_number(session, actor)
    return [str(int(first) + place).zfill(len(first)) for place in range(count)]
