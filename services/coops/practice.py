"""A cooperative to practise in: one's own, with people made up, and tasks whose end is seen in its books."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.actor import Actor
from core.clock import now, today
from core.display import rupiah
from core.errors import Busy, NotFound, Refusal
from core.money import Rupiah
from models.access import CoopUser, RoleGrant, User
from models.coops import Coop, PracticeDone
from models.loans import Loan
from models.members import Member
from models.savings import SavingsAccount, SavingsBill, SavingsMovement
from models.transaction import Database
from services.coops import commands as coops
from services.coops import practice_story as story
from services.ledger import balances, chart

STARTS_A_DAY = 5
_ROLES = ("ketua", "bendahara", "sekretaris", "petugas")


class StartedOften(Refusal):
    code = "coops.practice_often"
    pesan = "Latihan sudah dimulai ulang lima kali hari ini. Lanjutkan yang ada, atau mulai lagi besok."
    status = 429


class AnswerWrong(Refusal):
    code = "coops.practice_answer"
    pesan = "Belum cocok. Buka Neraca, lihat baris JUMLAH ASET, lalu tulis angkanya, misalnya 1.250.000."


@dataclass(frozen=True)
class Task:
    """Something to do once, how, and whether the books show it done. `asks`: an answer is typed instead."""

    key: str
    title: str
    how: str
    button: str
    asks: str = ""
    is_done: bool = False


_TASKS = (
    Task("deposit", f"Catat setoran {story.SITI} {rupiah(story.DEPOSIT_RP)}",
         f"Cari {story.SITI}, pilih Simpanan Sukarela, tulis jumlahnya, lalu simpan. Kuitansinya langsung jadi.",
         "Buka Setor"),
    Task("member", f"Terima {story.DEWI} sebagai anggota",
         f"{story.CLERK} sudah mencatat pendaftarannya. Periksa, pilih Setujui, lalu simpan.", "Buka Pendaftaran"),
    Task("bill", "Buat tagihan wajib bulan ini",
         "Lihat pratinjaunya: satu baris satu anggota. Bila benar, bukukan semuanya sekaligus.", "Buka Tagihan"),
    Task("loan", f"Setujui pinjaman {story.JOKO}",
         f"{story.TRAINER} sudah menganalisis dan menyetujui sebagai bendahara; sekarang giliran ketua.",
         "Buka Pengajuan"),
    Task("undo", f"Batalkan setoran {story.ANI} yang salah",
         f"Tercatat {rupiah(story.WRONG_RP)}, seharusnya {rupiah(story.DEPOSIT_RP)}. Di buku simpanannya, tekan "
         "Batalkan dan tulis alasannya. Catatan aslinya tetap ada.", "Buka buku simpanan"),
    Task("balance", "Baca neraca", "Berapa jumlah aset koperasi latihan hari ini? Lihat di Neraca, lalu tulis di sini.",
         "Buka Neraca", asks="Jumlah aset"),
)  # fmt: skip


def open_own(database: Database, actor: Actor, *, anew: bool = False) -> Coop:
    """The person's own practice cooperative beside the one they work in: made when there is none, or `anew`.

    Raises:
        StartedOften: five new ones a day.
    """
    for _ in range(2):
        try:
            with database.platform("a cooperative to practise in", writes=True) as session:
                home_id = home_of(session, actor.coop_id)
                found = None if anew else _own(session, home_id, actor.user_id)
                return found or _made(session, home_id, session.get_one(User, actor.user_id))
        except IntegrityError:  # pressed twice at the same moment: the first has made it
            anew = False
    raise Busy()


def home_of(session: Session, coop_id: int) -> int:
    """The cooperative that trains in this one; a cooperative that is real is its own."""
    coop = session.get_one(Coop, coop_id)
    return coop.practice_of_id or coop.id


def _own(session: Session, home_id: int, user_id: int) -> Coop | None:
    query = select(Coop).join(CoopUser, CoopUser.coop_id == Coop.id).where(
        Coop.practice_of_id == home_id, CoopUser.user_id == user_id, CoopUser.is_active
    )  # fmt: skip
    return session.scalars(query.order_by(Coop.id.desc())).first()


def _made(session: Session, home_id: int, user: User) -> Coop:
    prefix = f"latihan-{home_id}-{user.id}-"
    mine = select(func.count()).select_from(Coop).where(Coop.slug.startswith(prefix, autoescape=True))
    if (session.scalar(mine.where(Coop.created_at > now() - timedelta(days=1))) or 0) >= STARTS_A_DAY:
        raise StartedOften()
    before = select(Coop.id).where(Coop.practice_of_id == home_id)
    left = update(CoopUser).where(CoopUser.user_id == user.id, CoopUser.coop_id.in_(before))
    session.execute(left.values(is_active=False).execution_options(synchronize_session=False))
    number, home = (session.scalar(mine) or 0) + 1, session.get_one(Coop, home_id)
    coop, _, _ = coops.create(
        session, user, slug=f"{prefix}{number}", name="Koperasi Latihan", zone=home.zone, is_demo=True,
        city=home.city, address="Jalan Contoh 1", phone="081234567890",
    )  # fmt: skip
    coop.practice_of_id = home_id
    held = set(session.scalars(select(RoleGrant.role).where(RoleGrant.coop_id == coop.id)))
    session.add_all([RoleGrant(coop_id=coop.id, user_id=user.id, role=role) for role in set(_ROLES) - held])
    story.tell(session, coop, today(home.zone))
    return coop


def tasks(session: Session, actor: Actor) -> list[Task]:
    """Every task in order, as the books of the practice cooperative say it stands."""
    done = _done(session, actor)
    return [Task(t.key, t.title, t.how, t.button, t.asks, done[t.key]) for t in _TASKS]


def _done(session: Session, actor: Actor) -> dict[str, bool]:
    def there(query: object) -> bool:
        return bool(session.scalar(select(exists(query))))  # type: ignore[arg-type]

    moved = (
        select(SavingsMovement.id)
        .join(SavingsAccount, SavingsAccount.id == SavingsMovement.account_id)
        .join(Member, Member.id == SavingsAccount.member_id)
    )
    own = moved.where(SavingsMovement.created_by == actor.user_id)
    undone = own.where(SavingsMovement.kind == "reversal", SavingsMovement.amount_rp == -story.WRONG_RP)
    lent = select(Loan.id).join(Member, Member.id == Loan.member_id)
    deposited = own.where(SavingsMovement.kind == "deposit", SavingsMovement.amount_rp == story.DEPOSIT_RP)
    return {
        "deposit": there(deposited.where(Member.name == story.SITI)),
        "member": there(select(Member.id).where(Member.name == story.DEWI, Member.state == "active")),
        "bill": there(select(SavingsBill.id)),
        "loan": there(lent.where(Member.name == story.JOKO, Loan.state.in_(("approved", "running", "settled")))),
        "undo": there(undone.where(Member.name == story.ANI)),
        "balance": there(select(PracticeDone.id).where(PracticeDone.task == "balance")),
    }


def answer(session: Session, actor: Actor, task: str, amount_rp: Rupiah, on: date) -> None:
    """What somebody read in a report, compared with the books. Raises AnswerWrong, NotFound."""
    must_practise(session, actor)
    if task != "balance":
        raise NotFound(what="Tugas")
    if amount_rp != assets_rp(session, actor, on):
        raise AnswerWrong()
    if session.scalars(select(PracticeDone.id).where(PracticeDone.task == task)).first() is None:
        session.add(PracticeDone(coop_id=actor.coop_id, task=task, user_id=actor.user_id))


def assets_rp(session: Session, actor: Actor, on: date) -> Rupiah:
    """What the neraca calls JUMLAH ASET."""
    assets = [account.id for account in chart.all_accounts(session, actor) if account.type == "asset"]
    return sum(balances.balances(session, actor.coop_id, on, account_ids=assets).values())


def finished_on(session: Session, actor: Actor) -> date:
    """The day on which every task was done. Raises NotFound before, and in a cooperative that is real."""
    coop = must_practise(session, actor)
    if not all(task.is_done for task in tasks(session, actor)):
        raise NotFound(what="Sertifikat")
    return today(coop.zone)


def must_practise(session: Session, actor: Actor) -> Coop:
    """The practice cooperative the actor is in. Raises NotFound in a real one."""
    coop = session.scalars(select(Coop).where(Coop.id == actor.coop_id)).one()
    if coop.practice_of_id is None:
        raise NotFound(what="Latihan")
    return coop
