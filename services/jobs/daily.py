"""The day's chores: what falls due by itself, every truth of every cooperative's books, what has had its time.

Each chore looks at how things stand, not at when it last ran: running twice changes nothing, and after days without a
run one run catches up.
"""

import logging
import time
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.actor import Actor
from core.clock import ZONES, now, today
from core.display import date_long, month_long, rupiah
from core.errors import Refusal
from models.coops import Coop
from models.mart.stores import Store
from models.transaction import Database
from services.access import housekeeping, machine
from services.deposits import due as deposits
from services.jobs import reminders
from services.ledger.checks import check_books
from services.mart import expiry, fulfilment, tracking
from services.mart.ports import configured
from services.news import newsletter
from services.notifications import digest, outbox
from services.privacy import retention
from services.savings import interest_runs
from services.subscriptions import chores
from services.support import tickets

BROKEN = "Rusak: "
"""How a line about a broken truth begins."""
UNFINISHED = "Belum lengkap: "
"""How a line begins about a truth that only waits for the opening entry."""
TASK = "jobs.daily"
STAMP = "jobs-daily.txt"
log = logging.getLogger("ekopz.daily")


def run(database: Database, day: date, *, folder: Path | None = None) -> list[str]:
    """Do the chores of `day`; a line for each thing found or done. `folder` is the data folder, for stale uploads."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONES["WIB"]))
    with database.platform("daily chores: which cooperatives") as session:
        real = select(Coop).where(Coop.practice_of_id.is_(None))
        coops = list(session.scalars(real.order_by(Coop.slug)))
    with database.platform("daily chores: by whom", writes=True) as session:
        machine_id = machine.user_id(session)
    lines: list[str] = []
    for coop in coops:
        actor = machine.actor_in(machine_id, coop.id)
        lines += chores.run(database, coop, day, configured.midtrans())
        lines += _fallen_due(database, coop, actor, day) + _of_coop(database, coop, actor, midnight)
    with database.platform("daily chores: the newsletter", writes=True) as session:
        issue = newsletter.send_due(session)
    lines += [f"Kabar Kopnews: {issue.articles} artikel untuk {issue.readers} pembaca."] if issue else []
    digests = digest.send(database, day)
    lines += [f"Ringkasan kabar: {digests} surat."] if digests else []
    sent, failed = outbox.send_due(database)
    lines += [f"Surat: {sent} terkirim, {failed} belum."] if sent or failed else []
    with database.platform("daily chores: old sign-ins", writes=True) as session:
        gone = housekeeping.prune(session, midnight) | retention.prune(session, midnight)
    if folder is not None:
        from services.imports import runs  # reading spreadsheets is heavy to load, and only this chore needs it

        gone["berkas unggahan"] = runs.forget_old(database, folder)
    lines += [f"Dibersihkan: {count} {what}." for what, count in gone.items() if count]
    return lines


def _fallen_due(database: Database, coop: Coop, actor: Actor, day: date) -> list[str]:
    """Deposits first: their interest counts for the tax of the month's savings interest. Then whom to tell.

    While the books are read-only all of it rests; the first night after that catches up.
    """
    with database.reading(coop.id) as session:
        if session.get_one(Coop, coop.id).read_only_since is not None:
            return []
    with database.transaction(coop.id) as session:
        fallen, waiting = deposits.catch_up(session, actor, day)
    lines = [f"{coop.slug}: {len(fallen)} bunga simpanan berjangka dibukukan."] if fallen else []
    lines += [f"{coop.slug}: {one.number} {date_long(one.due_on)} menunggu: {one.reason}" for one in waiting]
    lines += _interest(database, coop, actor, day)
    lines += _orders(database, coop, actor, day)
    with database.transaction(coop.id) as session:
        told = reminders.send(session, coop.id, day)
    return lines + ([f"{coop.slug}: {told} pemberitahuan untuk anggota."] if told else [])


def _interest(database: Database, coop: Coop, actor: Actor, day: date) -> list[str]:
    """Each month that is over and not booked, in order; the first that cannot be booked says why, and the rest wait."""
    with database.reading(coop.id) as session:
        months = interest_runs.months_waiting(session, actor, today=day)
    lines: list[str] = []
    for month_on in months:
        try:
            with database.transaction(coop.id) as session:
                run = interest_runs.preview(session, actor, month_on, today=day)
                interest_runs.book(session, actor, run, today=day)
        except Refusal as refusal:
            return [*lines, f"{coop.slug}: jasa simpanan {month_long(month_on)} menunggu: {refusal.sentence}"]
        lines.append(f"{coop.slug}: jasa simpanan {month_long(month_on)} dibukukan, {rupiah(run.interest_rp)}.")
    return lines


def _orders(database: Database, coop: Coop, actor: Actor, day: date) -> list[str]:
    """Orders that nobody paid end; those that arrived long enough ago are done. A closed month says so, and waits."""
    with database.reading(coop.id) as session:
        if session.scalars(select(Store.id).limit(1)).first() is None:
            return []
    found = tracking.payments(database, actor, configured.midtrans(), now())
    lines = [f"{coop.slug}: {found} pembayaran online yang kabarnya hilang."] if found else []
    came = tracking.arrivals(database, actor, configured.rajaongkir(), day)
    lines += [f"{coop.slug}: {came} paket sampai menurut kurir."] if came else []
    with database.transaction(coop.id) as session:
        ended = expiry.expire(session, actor, now())
    lines += [f"{coop.slug}: {len(ended)} pesanan batal karena tidak dibayar."] if ended else []
    try:
        with database.transaction(coop.id) as session:
            done = fulfilment.complete_due(session, actor, day)
    except Refusal as refusal:
        return [*lines, f"{coop.slug}: pesanan yang sudah sampai menunggu: {refusal.sentence}"]
    return lines + ([f"{coop.slug}: {len(done)} pesanan selesai."] if done else [])


def _of_coop(database: Database, coop: Coop, actor: Actor, midnight: datetime) -> list[str]:
    with database.reading(coop.id) as session:
        findings = check_books(session, coop.id)
    with database.transaction(coop.id) as session:
        expired = housekeeping.expire_requests(session, midnight)
        quiet = tickets.close_quiet(session, actor, midnight)
    lines = [f"{UNFINISHED if one.waits else BROKEN}{coop.slug}: {one.message}" for one in findings]
    lines = lines or [f"{coop.slug}: semua buku benar."]
    lines += [f"{coop.slug}: {expired} pengajuan kedaluwarsa."] if expired else []
    return lines + ([f"{coop.slug}: {quiet} tiket selesai dengan sendirinya."] if quiet else [])


def due(folder: Path) -> list[tuple[str, dict[str, str]]]:
    """The job of today, as long as it has not been done: what a queue that looks around asks."""
    day = today().isoformat()
    try:
        done = (folder / STAMP).read_text("utf-8").partition("\n")[0]
    except OSError:
        done = ""
    return [] if done >= day else [(TASK, {"day": day})]


def work(database: Database, *, day: str, folder: Path) -> None:
    """The chores as a job of the queue: what they found goes to the log and into a file that marks the day as done."""
    started = time.monotonic()
    lines = run(database, date.fromisoformat(day), folder=folder)
    for line in lines:
        log.log(logging.ERROR if line.startswith(BROKEN) else logging.INFO, line)
    stamp = folder / STAMP
    unfinished = stamp.with_suffix(".new")
    took = f"Pekerjaan {date_long(date.fromisoformat(day))} selesai dalam {time.monotonic() - started:.1f} detik."
    unfinished.write_text("\n".join([day, *lines, took, ""]), "utf-8")
    unfinished.replace(stamp)
