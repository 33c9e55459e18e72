"""Who pays for a cooperative is told in time: on days 1, 7, 21 and 28 of the trial, before and after a term ends."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.display import date_long, rupiah
from models.access import CoopUser, RoleGrant
from models.subscriptions import Subscription, SubscriptionInvoice, SubscriptionPayment
from services.access.roles import ROLES
from services.notifications.commands import notify
from services.notifications.texts import Message
from services.subscriptions import terms

URL = "/kopmin/langganan"
TRIAL_DAYS = (1, 7, 21)
LAST_DAYS = 2  # before a trial's last day: the 28th of thirty
BEFORE = (14, 3)
LATE = (1, 5)
_KEPT = "Semua data tetap aman."


def payers(session: Session, coop_id: int) -> list[int]:
    """Users who may pay for the cooperative."""
    paying = [role for role, spec in ROLES.items() if "subscription.pay" in spec.permissions]
    query = (
        select(RoleGrant.user_id)
        .join(CoopUser, (CoopUser.user_id == RoleGrant.user_id) & (CoopUser.coop_id == RoleGrant.coop_id))
        .where(RoleGrant.coop_id == coop_id, RoleGrant.role.in_(paying), CoopUser.is_active)
        .distinct()
    )
    return sorted(session.scalars(query))


def tell(session: Session, coop_id: int, key: str, message: Message) -> int:
    """Tell everybody who pays, once per key; how many were told."""
    told = [
        notify(session, coop_id, f"subscription:{key}:{user_id}", message, topic="langganan", user_id=user_id)
        for user_id in payers(session, coop_id)
    ]
    return sum(one is not None for one in told)


def send(session: Session, subscription: Subscription, on: date) -> int:
    """Tell what has to be told on a day: the stage a subscription is in, once; how many messages were new."""
    found = stage(subscription, on, _open_term(session, subscription))
    return tell(session, subscription.coop_id, *found) if found else 0


def stage(subscription: Subscription, on: date, invoice: SubscriptionInvoice | None) -> tuple[str, Message] | None:
    """The message of a day and its key. After days without a run only the latest stage is told."""
    covered = terms.covered_until(subscription)
    if subscription.state == "trial":
        return _trial(subscription, on)
    if subscription.state == "active":
        left = (covered - on).days
        near = [days for days in BEFORE if left <= days]
        return (f"due:{covered}:{near[-1]}", _due(covered, invoice)) if near else None
    if subscription.state == "grace":
        if terms.is_held(subscription):
            return None  # it is our turn
        late = [days for days in LATE if (on - covered).days >= days]
        return (f"grace:{covered}:{late[-1]}", _grace(subscription)) if late else None
    return f"read_only:{covered}", _read_only()


def _trial(subscription: Subscription, on: date) -> tuple[str, Message] | None:
    day, last = (on - subscription.started_on).days + 1, subscription.trial_ends_on
    if on >= last - timedelta(days=LAST_DAYS):
        body = f"Masa coba berakhir {date_long(last)}. Pilih paket agar pencatatan tidak berhenti. {_KEPT}"
        return f"trial:{last}:last", Message("Masa coba hampir selesai", body, URL)
    reached = [days for days in TRIAL_DAYS if day >= days]
    if not reached:
        return None
    key = f"trial:{subscription.started_on}:{reached[-1]}"
    if reached[-1] == 1:
        body = f"Semua fitur dapat dicoba gratis sampai {date_long(last)}. Mulai dari mengisi profil koperasi."
        return key, Message("Selamat datang di eKopz", body, URL)
    body = f"Masa coba berjalan sampai {date_long(last)}. Lihat paket dan harganya kapan saja di Langganan."
    return key, Message(f"Hari ke-{reached[-1]} masa coba", body, URL)


def _due(covered: date, invoice: SubscriptionInvoice | None) -> Message:
    amount = f" Tagihan {invoice.label}: {rupiah(invoice.total_rp)}." if invoice else ""
    return Message(
        f"Langganan berlaku sampai {date_long(covered)}",
        f"Bayar sebelum tanggal itu agar pencatatan tidak berhenti.{amount}", URL,
    )  # fmt: skip


def _grace(subscription: Subscription) -> Message:
    until = date_long(terms.grace_until(subscription))
    body = f"Semua masih dapat dipakai sampai {until}. Sesudah itu buku hanya dapat dibaca sampai dibayar. {_KEPT}"
    return Message("Langganan belum dibayar", body, URL)


def _read_only() -> Message:
    body = f"Buku kini hanya dapat dibaca, dicetak, dan diunduh. Bayar kapan saja; buku langsung terbuka lagi. {_KEPT}"
    return Message("Buku hanya dapat dibaca", body, URL)


def _open_term(session: Session, subscription: Subscription) -> SubscriptionInvoice | None:
    query = select(SubscriptionInvoice).where(
        SubscriptionInvoice.coop_id == subscription.coop_id, SubscriptionInvoice.state == "open",
        SubscriptionInvoice.kind == "term",
    )  # fmt: skip
    return session.scalars(query.order_by(SubscriptionInvoice.id.desc())).first()


def payment_decided(session: Session, payment: SubscriptionPayment, invoice: SubscriptionInvoice) -> None:
    """The operator found the money of a transfer, or did not."""
    if payment.state == "paid":
        message = Message(
            f"Pembayaran {invoice.label} diterima", f"{rupiah(payment.amount_rp)} sudah kami terima. Terima kasih.", URL
        )
    else:
        body = f"Buktinya belum dapat diterima: {payment.note} Kirim bukti yang benar atau bayar dengan cara lain."
        message = Message(f"Pembayaran {invoice.label} belum diterima", body, URL)
    tell(session, payment.coop_id, f"payment:{payment.id}:{payment.state}", message)
