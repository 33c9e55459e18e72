"""Every address of the panel, filled with the ids of a world."""

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from models.access import ApprovalRequest
from models.audit import AuditRecord
from models.coops import Unit
from models.deposits import TimeDeposit
from models.imports import ImportRun
from models.ledger import Account, JournalEntry, Period
from models.loans import Loan, LoanDocument, LoanPayment, LoanProduct, LoanTransfer
from models.mart.balance import StoreWithdrawal
from models.mart.campaigns import Campaign, Voucher
from models.mart.orders import Order, OrderPayment, OrderReturn, StoreCredit
from models.mart.products import Product, ProductPhoto, ProductVariant, Review
from models.mart.selling import TillConflict, TillShift
from models.mart.stores import PartnerCoop, ShippingZone, Store
from models.members import JoinRequest, Member, MembershipClaim
from models.news import Announcement, Article, ArticleComment
from models.notifications import Notification
from models.payroll import PayrollList
from models.privacy import Breach, PrivacyRequest
from models.procurement import (
    GoodsReceipt,
    PurchaseDocument,
    PurchaseOrder,
    PurchaseRequest,
    Quotation,
    Supplier,
    SupplierBill,
    SupplierPayment,
)
from models.savings import (
    Receipt,
    SavingsAccount,
    SavingsBill,
    SavingsMovement,
    SavingsProduct,
    WithdrawalRequest,
)
from models.subscriptions import DiscountCode, Plan, SubscriptionInvoice, SubscriptionPayment
from models.support import SupportGrant, Ticket, TicketMessage, VisitorMessage

OPEN_TO_ALL = {"/kopmin/teks/<size>"}
MODELS = {
    "MemberView": Member, "ApplicationView": Member, "SavingsAccountView": SavingsAccount, "ReceiptView": Receipt,
    "BillView": SavingsBill, "SavingsProductView": SavingsProduct, "AccountView": Account, "UnitView": Unit,
    "JournalView": JournalEntry, "AuditView": AuditRecord,
    "LoanView": Loan, "WithdrawalView": WithdrawalRequest, "DepositView": TimeDeposit,
    "OrderView": Order,
    "GoodsView": Product,
    "SupplierView": Supplier, "PurchaseRequestView": PurchaseRequest, "PurchaseOrderView": PurchaseOrder,
    "SupplierBillView": SupplierBill,
}  # fmt: skip
BY_ARGUMENT = {
    "member_id": Member, "movement_id": SavingsMovement, "receipt_id": Receipt, "bill_id": SavingsBill,
    "request_id": ApprovalRequest, "period_id": Period, "seq": JournalEntry, "run_id": ImportRun,
    "loan_id": Loan, "payment_id": LoanPayment, "document_id": LoanDocument, "list_id": PayrollList,
    "product_id": LoanProduct, "withdrawal_id": WithdrawalRequest, "deposit_id": TimeDeposit,
    "claim_id": MembershipClaim, "join_id": JoinRequest,
    "privacy_request_id": PrivacyRequest, "breach": Breach,
    "message_id": Notification,
    "transfer_id": LoanTransfer,
    "order_id": Order, "order_payment_id": OrderPayment, "return_id": OrderReturn, "credit_id": StoreCredit,
    "store_id": Store, "zone_id": ShippingZone, "goods_id": Product, "variant_id": ProductVariant, "review_id": Review,
    "photo_id": ProductPhoto, "campaign_id": Campaign, "voucher_id": Voucher, "partner_row_id": PartnerCoop,
    "payout_id": StoreWithdrawal,
    "shift_id": TillShift, "conflict_id": TillConflict,
    "purchase_request_id": PurchaseRequest, "quotation_id": Quotation, "purchase_order_id": PurchaseOrder,
    "goods_receipt_id": GoodsReceipt, "supplier_bill_id": SupplierBill, "supplier_payment_id": SupplierPayment,
    "purchase_document_id": PurchaseDocument,
    "subscription_invoice_id": SubscriptionInvoice, "subscription_payment_id": SubscriptionPayment,
    "plan_id": Plan, "discount_id": DiscountCode,
    "announcement_id": Announcement, "article_id": Article, "comment_id": ArticleComment,
    "grant_id": SupportGrant,
    "ticket_id": Ticket, "said_id": TicketMessage, "visitor_message_id": VisitorMessage,
}  # fmt: skip
WORDS = {"role": "cash", "act": "close", "size": "besar", "name": "none", "kind": "members", "report": "balance-sheet",
         "setting": "loans.cap_pct", "no": 1, "step": "legal"}  # fmt: skip


def panel_routes(app: Flask, method: str | None = None) -> list[Rule]:
    """Rules under /kopmin and /platform, those of one method when it is named."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/kopmin", "/platform"))]
    return sorted((r for r in rules if method is None or method in r.methods), key=lambda rule: rule.rule)


def word_of(app: Flask, rule: Rule) -> str | None:
    """The permission a rule's view declares for its method."""
    name, _, method = rule.endpoint.partition(".")
    view = next(view for view in app.extensions["appbuilder"].baseviews if view.endpoint == name)
    words = view.words
    return words.get(f"can_{method}") or (words.get("can_list") if method == "export" else None)


def address(panel, rule: Rule, coop_id: int | None = None) -> str:
    """The rule as an address, its ids those of rows of `coop_id` (the world's own by default)."""
    values = {name: value(panel, rule, name, coop_id or panel.world.coop.id) for name in rule.arguments}
    with panel.app.test_request_context():
        return panel.app.url_map.bind("localhost").build(rule.endpoint, values)


def value(panel, rule: Rule, name: str, coop_id: int) -> object:
    if name in WORDS:
        return WORDS[name]
    if name == "user_id":
        people = panel.world.actors if coop_id == panel.world.coop.id else panel.world.other_actors
        return people["petugas"].user_id
    if name == "tenant":
        return coop_id
    if name == "person":
        return panel.world.platform["redaktur"].user_id
    model = BY_ARGUMENT.get(name) or MODELS[rule.endpoint.split(".")[0]]
    column = model.seq if name == "seq" else model.id
    with panel.world.database.reading(coop_id) as session:
        return session.scalars(select(column).order_by(model.id.desc()).limit(1)).one()


__all__ = ["MODELS", "OPEN_TO_ALL", "address", "panel_routes", "word_of"]
