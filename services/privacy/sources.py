"""Where a person's data lie: ONE list. Tables that name people are here, or left out for a reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from models.access import CoopUser, LoginSession, Passkey, RoleGrant, User, UserIdentity
from models.audit import AuditRecord
from models.base import Base
from models.deposits import DepositMovement, TimeDeposit
from models.loans import (
    Loan,
    LoanDecision,
    LoanDocument,
    LoanInstallment,
    LoanPayment,
    LoanTransfer,
)
from models.mart.campaigns import PointMovement
from models.mart.orders import Order, OrderLine, OrderPayment, OrderReturn, StoreCredit, StoreCreditPayment
from models.mart.products import CartItem, Product, ProductVariant, Review, WishedProduct
from models.members import JoinRequest, Member, MembershipClaim
from models.news import Article, ArticleComment
from models.notifications import MailChoice, Notification, OutgoingMail
from models.payroll import PayrollLine, PayrollList
from models.privacy import Consent, MemberConsent, PrivacyRequest
from models.savings import Receipt, SavingsAccount, SavingsBill, SavingsMovement, SavingsProduct, WithdrawalRequest
from models.support import Ticket, TicketMessage


@dataclass(frozen=True)
class Person:
    """Whose data: the member, the account they sign in with, and the addresses mail went to."""

    member_id: int
    user_id: int
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """Rows of one table that are about a person, and the columns they may take home.

    `named` are words that stand in for the number of a row which is not the person's, and so not in the copy.
    """

    label: str
    table: type[Base]
    columns: str
    whose: Callable[[Person], ColumnElement[bool]]
    named: Mapping[str, Any] = field(default_factory=dict)

    def column(self, name: str) -> Any:
        """What to ask the database for."""
        return self.named[name] if name in self.named else getattr(self.table, name)

    @property
    def name(self) -> str:
        return str(self.table.__tablename__)


def _member(column: Any) -> Callable[[Person], ColumnElement[bool]]:
    return lambda who: column == who.member_id


def _user(column: Any) -> Callable[[Person], ColumnElement[bool]]:
    return lambda who: column == who.user_id


def _through(column: Any, parent: Any, whose: Callable[[Person], ColumnElement[bool]]) -> Any:
    """Rows that hang on a row which is the person's."""
    return lambda who: column.in_(select(parent).where(whose(who)))


def _found(column: Any, key: Any, label: Any) -> Any:
    """The `label` of the row that `column` points at."""
    return select(label).where(key == column).scalar_subquery()


def _either(member: Any, user: Any) -> Callable[[Person], ColumnElement[bool]]:
    return lambda who: or_(member == who.member_id, user == who.user_id)


_LOAN, _BOUGHT = _member(Loan.member_id), _either(Order.member_id, Order.buyer_id)
_DEPOSIT, _SAVED = _member(TimeDeposit.member_id), _member(SavingsAccount.member_id)
SOURCES = (
    Source("Data anggota", Member, "number name nip nik_masked birth_place birth_on address employer work_unit phone "
           "email bank_name bank_account_masked voluntary_deduction_rp state applied_on joined_on left_on state_reason "
           "restricted_since created_at", _member(Member.id)),
    Source("Akun", User, "username full_name email email_confirmed_at totp_since created_at last_sign_in_at",
           _user(User.id)),
    Source("Peran di koperasi", RoleGrant, "role granted_at", _user(RoleGrant.user_id)),
    Source("Persetujuan akun", Consent, "purpose version given_at withdrawn_at", _user(Consent.user_id)),
    Source("Persetujuan anggota", MemberConsent, "purpose version given_by given_at withdrawn_at",
           _member(MemberConsent.member_id)),
    Source("Permintaan data pribadi", PrivacyRequest, "kind wish state asked_at decided_at answer",
           _member(PrivacyRequest.member_id)),
    Source("Pendaftaran anggota", JoinRequest, "name phone email address note state reason created_at decided_at",
           _either(JoinRequest.member_id, JoinRequest.user_id)),
    Source("Hubungan akun dengan anggota", MembershipClaim, "told_number proof state reason created_at decided_at",
           _either(MembershipClaim.member_id, MembershipClaim.user_id)),
    Source("Rekening simpanan", SavingsAccount, "id product balance_rp", _SAVED,
           {"product": _found(SavingsAccount.product_id, SavingsProduct.id, SavingsProduct.name)}),
    Source("Mutasi simpanan", SavingsMovement, "account_id booked_on kind amount_rp memo",
           _through(SavingsMovement.account_id, SavingsAccount.id, _SAVED)),
    Source("Tagihan simpanan", SavingsBill, "product month_on amount_rp paid_rp is_waived",
           _member(SavingsBill.member_id),
           {"product": _found(SavingsBill.product_id, SavingsProduct.id, SavingsProduct.name)}),
    Source("Permintaan penarikan", WithdrawalRequest, "amount_rp pay_to note state reason asked_on decided_at paid_on",
           _member(WithdrawalRequest.member_id)),
    Source("Kuitansi", Receipt, "year number issued_on purpose is_payment_in amount_rp balance_after_rp",
           _member(Receipt.member_id)),
    Source("Pinjaman", Loan, "id number state asked_rp principal_rp term method rate_pct rate_basis purpose "
           "collected_by salary_rp other_debts_rp asked_on decided_on disbursed_on first_due_on ended_on fee_rp "
           "admin_rp outstanding_rp analysis note", _LOAN),
    Source("Jadwal angsuran", LoanInstallment, "loan_id no due_on principal_rp interest_rp principal_paid_rp "
           "interest_paid_rp penalty_rp penalty_paid_rp", _through(LoanInstallment.loan_id, Loan.id, _LOAN)),
    Source("Pembayaran pinjaman", LoanPayment, "loan_id booked_on kind principal_rp interest_rp penalty_rp excess_rp "
           "memo", _through(LoanPayment.loan_id, Loan.id, _LOAN)),
    Source("Keputusan pinjaman", LoanDecision, "loan_id step verdict note decided_at",
           _through(LoanDecision.loan_id, Loan.id, _LOAN)),
    Source("Dokumen pinjaman", LoanDocument, "loan_id label size created_at",
           _through(LoanDocument.loan_id, Loan.id, _LOAN)),
    Source("Transfer angsuran", LoanTransfer, "loan_id amount_rp paid_on bank sender note state reason booked_rp "
           "booked_on", _through(LoanTransfer.loan_id, Loan.id, _LOAN)),
    Source("Simpanan berjangka", TimeDeposit, "id number amount_rp term_months rate_pct payout rollover placed_on "
           "matures_on state closed_on", _DEPOSIT),
    Source("Mutasi simpanan berjangka", DepositMovement, "deposit_id booked_on kind amount_rp interest_rp tax_rp "
           "penalty_rp", _through(DepositMovement.deposit_id, TimeDeposit.id, _DEPOSIT)),
    Source("Potongan gaji", PayrollLine, "month_on share_rp mandatory_rp voluntary_rp principal_rp interest_rp "
           "store_rp received_rp", _member(PayrollLine.member_id),
           {"month_on": _found(PayrollLine.list_id, PayrollList.id, PayrollList.month_on)}),
    Source("Pesanan", Order, "id year number placed_at state buyer_name buyer_phone delivery address city courier "
           "waybill note pay_by goods_rp discount_rp voucher_rp shipping_rp points_rp total_rp refunded_rp reason "
           "complaint", _BOUGHT),
    Source("Barang pesanan", OrderLine, "order_id name quantity price_rp discount_rp voucher_rp points_rp returned",
           _through(OrderLine.order_id, Order.id, _BOUGHT)),
    Source("Pembayaran pesanan", OrderPayment, "order_id kind amount_rp state reference sender reason paid_on "
           "created_at", _through(OrderPayment.order_id, Order.id, _BOUGHT)),
    Source("Pengembalian barang", OrderReturn, "order_id state reason answer refund_by amount_rp asked_at refunded_on",
           _through(OrderReturn.order_id, Order.id, _BOUGHT)),
    Source("Kasbon", StoreCredit, "id order_id taken_on amount_rp paid_rp", _member(StoreCredit.member_id)),
    Source("Pembayaran kasbon", StoreCreditPayment, "credit_id amount_rp booked_on",
           _through(StoreCreditPayment.credit_id, StoreCredit.id, _member(StoreCredit.member_id))),
    Source("Poin", PointMovement, "order_id kind points value_rp booked_on", _member(PointMovement.member_id)),
    Source("Ulasan", Review, "product stars body reply created_at", _user(Review.user_id),
           {"product": _found(Review.product_id, Product.id, Product.name)}),
    Source("Barang favorit", WishedProduct, "product created_at", _user(WishedProduct.user_id),
           {"product": _found(WishedProduct.product_id, Product.id, Product.name)}),
    Source("Keranjang", CartItem, "product quantity added_at", lambda who: CartItem.owner == f"u:{who.user_id}",
           {"product": select(Product.name).join(ProductVariant, ProductVariant.product_id == Product.id)
            .where(ProductVariant.id == CartItem.variant_id).scalar_subquery()}),
    Source("Komentar Kopnews", ArticleComment, "article body state created_at", _user(ArticleComment.user_id),
           {"article": _found(ArticleComment.article_id, Article.id, Article.title)}),
    Source("Pesan", Notification, "title body created_at read_at",
           _either(Notification.member_id, Notification.user_id)),
    Source("Surel terkirim", OutgoingMail, "to_address subject body state created_at sent_at",
           lambda who: OutgoingMail.to_address.in_(who.addresses)),
    Source("Pilihan surel", MailChoice, "topic mail", _user(MailChoice.user_id)),
    Source("Masukan dan keluhan", Ticket, "id year number kind goes_to title state score score_note created_at",
           _user(Ticket.opened_by)),
    Source("Isi masukan dan keluhan", TicketMessage, "ticket_id is_answer body created_at",
           _through(TicketMessage.ticket_id, Ticket.id, _user(Ticket.opened_by))),
    Source("Perangkat yang pernah masuk", LoginSession, "created_at seen_at expires_at revoked_at ip agent",
           _user(LoginSession.user_id)),
    Source("Masuk lewat layanan lain", UserIdentity, "provider email created_at last_used_at",
           _user(UserIdentity.user_id)),
    Source("Kunci sandi perangkat", Passkey, "label created_at last_used_at", _user(Passkey.user_id)),
    Source("Jejak: yang dilakukan atas data Anda", AuditRecord, "at action",
           lambda who: AuditRecord.subject == f"member:{who.member_id}"),
)  # fmt: skip

_AT_WORK = "pekerjaan sebagai pengurus atau petugas: catatan koperasi, bukan data pribadi"
LEFT_OUT = {
    CoopUser.__tablename__: "hanya menghubungkan akun dengan anggota; keduanya ada di salinan",
    "journal_lines": "baris buku dari mutasi, angsuran, dan pesanan yang sudah ada di salinan",
    "order_events": "langkah pesanan oleh pembeli dan toko; keadaannya ada pada pesanan",
    "one_time_links": "rahasia masuk, hanya sidiknya yang disimpan",
    "recovery_codes": "rahasia masuk, hanya sidiknya yang disimpan",
    "user_tours": "tanda bahwa sebuah panduan layar sudah dilihat",
    "articles": _AT_WORK,
    "practice_done": _AT_WORK,
    "setup_marks": _AT_WORK,
    "store_managers": _AT_WORK,
    "subscription_changes": _AT_WORK,
    "support_visits": _AT_WORK,
    "till_shifts": _AT_WORK,
}
"""Tables that name a member or a user and are not part of a person's copy, each with the reason."""
