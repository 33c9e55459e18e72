"""Who and what is in a new practice cooperative: four members, one who wants to be, a loan, and one mistake."""

from datetime import date

from sqlalchemy.orm import Session

from core.actor import Actor
from models.access import CoopUser, RoleGrant, User
from models.coops import Coop
from services.coops import commands as coops
from services.loans import applications
from services.loans import products as lending
from services.members import commands as members
from services.savings import commands as savings
from services.savings import products

SITI, JOKO, ANI, WAYAN, DEWI = "Bu Siti", "Pak Joko", "Bu Ani", "Pak Wayan", "Bu Dewi"
TRAINER, CLERK = "Pak Latih (contoh)", "Bu Sari (contoh)"
DEPOSIT_RP, WRONG_RP, LOAN_RP = 50_000, 500_000, 1_000_000


def tell(session: Session, coop: Coop, on: date) -> None:
    """Fill a cooperative that has just been made; needs the platform session that made it."""
    trainer = _colleague(session, coop, "pak.latih", TRAINER)
    clerk = _colleague(session, coop, "bu.sari", CLERK)
    before = session.info.get("coop_id")
    session.info["coop_id"] = coop.id  # from here on the practice cooperative's own guard holds
    try:
        joko_id = _save(session, trainer, on)
        members.apply(session, clerk, members.PersonData(name=DEWI, phone="081234567891"), applied_on=on)
        _lend(session, trainer, clerk, joko_id, on)
        session.flush()  # under the guard of this cooperative
    finally:
        session.info["coop_id"] = before


def _colleague(session: Session, coop: Coop, wished: str, full_name: str) -> Actor:
    """Somebody made up, without a password: nobody signs in as them."""
    user = User(username=coops.free_username(session, f"{wished}.{coop.slug}"), full_name=full_name)
    session.add(user)
    session.flush()  # their place needs the id
    session.add(CoopUser(coop_id=coop.id, user_id=user.id))
    session.add(RoleGrant(coop_id=coop.id, user_id=user.id, role="bendahara"))
    return coops.founder(session, coop, user)


def _save(session: Session, trainer: Actor, on: date) -> int:
    """Four members with pokok and wajib paid, and the mistake; the id of who wants a loan."""
    people = [(members.PersonData(name=name), f"{n:04d}", on) for n, name in enumerate((SITI, JOKO, ANI, WAYAN), 1)]
    enrolled = members.enroll_many(session, trainer, people)
    for product in products.active(session, trainer):
        for member in enrolled if product.amount_rp else []:
            savings.deposit(
                session, trainer, member_id=member.id, product_id=product.id, amount_rp=product.amount_rp,
                booked_on=on, token=f"{product.code}-{member.number}",
            )  # fmt: skip
    _, joko, ani, _ = enrolled
    savings.deposit(
        session, trainer, member_id=ani.id, product_id=products.of_kind(session, trainer, "voluntary").id,
        amount_rp=WRONG_RP, booked_on=on, token=f"{SITI}-{ANI}", memo="Salah ketik, kelebihan satu nol",
    )  # fmt: skip
    return joko.id


def _lend(session: Session, trainer: Actor, clerk: Actor, joko_id: int, on: date) -> None:
    """Recorded by one, analysed and reviewed by another, so that the third step is the trainee's."""
    product = lending.active(session, clerk)[0]
    wish = applications.Wish(joko_id, product.id, LOAN_RP, 10, on, "practice", "Modal warung", salary_rp=3_000_000)
    loan = applications.ask(session, clerk, wish)
    applications.analyse(session, trainer, loan.id, on=on, principal_rp=LOAN_RP, term=10, note="Layak")
    applications.decide(session, trainer, loan.id, approved=True, on=on, note="Setuju")
