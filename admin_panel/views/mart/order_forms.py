"""Forms of the order desk: the parcel, why it ends, how money goes back, what the bank's statement says."""

from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from admin_panel import scope
from admin_panel.forms import DayField, KopForm, Positive, RupiahField, short_text
from core.money import Rupiah
from models.mart.orders import Order
from services.ledger import chart
from services.ledger.chart import Role
from services.mart import queries
from services.savings import products

SAVED = "savings"


class ShipForm(KopForm):
    courier = short_text("Kurir", 60)
    waybill = short_text("Nomor resi", 40, description="Wajib untuk ekspedisi: pembeli melacak paketnya dengan ini.")


class RefundForm(KopForm):
    """How money goes back; `refund` is a way of `refunds.WAYS`, savings with the product's id behind it."""

    refund = SelectField("Uang dikembalikan", validators=[Optional()], validate_choice=True)

    def offer(self, order: Order, amount_rp: Rupiah) -> None:
        """The ways this amount may take; without any, the question is left out."""
        self.refund.choices = _ways(order, amount_rp)
        if not self.refund.choices:
            del self.refund

    @property
    def way(self) -> str:
        return self._chosen()[0]

    @property
    def product_id(self) -> int:
        return int(self._chosen()[1] or 0)

    def _chosen(self) -> tuple[str, str]:
        field = self._fields.get("refund")
        way, _, product = str(field.data or "" if field else "").partition("-")
        return way, product


class CancelForm(RefundForm):
    reason = short_text("Alasan", 200, InputRequired(), description="Pembeli membaca alasan ini.")


class ReturnForm(RefundForm):
    answer = short_text("Jawaban untuk pembeli", 300, description="Wajib bila ditolak.")


class FoundForm(KopForm):
    amount_rp = RupiahField("Jumlah di rekening koran", validators=[InputRequired(), Positive()])
    on = DayField("Tanggal uang masuk", validators=[InputRequired()])
    account = SelectField("Masuk ke rekening", coerce=int)

    def for_kind(self, kind: str) -> None:
        """Money by QRIS waits for the service's payout: no account is asked."""
        if kind == "qris":
            del self.account
            return
        found = chart.beside(scope.session(), scope.actor(), Role.BANK)
        self.account.choices = [(account.id, str(account)) for account in found] or [(0, "Bank")]

    @property
    def into(self) -> Role | int:
        field = self._fields.get("account")
        return (field.data if field else 0) or Role.BANK


def _ways(order: Order, amount_rp: Rupiah) -> list[tuple[str, str]]:
    session, who = scope.session(), scope.actor()
    found: list[tuple[str, str]] = []
    for way, label in queries.refund_ways(session, who, order, amount_rp):
        if way != SAVED:
            found.append((way, label))
            continue
        voluntary = [product for product in products.active(session, who) if product.kind == "voluntary"]
        found += [(f"{SAVED}-{product.id}", f"{label}: {product.name}") for product in voluntary]
    return found
