"""Monthly bills of simpanan wajib: made for all members at once, waived one by one."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import func, select
from wtforms import SelectField
from wtforms.validators import InputRequired

from admin_panel import scope
from admin_panel.base import Pick, Screen, TenantModelView, Tool, needs, seen
from admin_panel.datamodel import TenantInterface
from admin_panel.forms import KopForm, MonthField, ReasonForm
from admin_panel.shown import yes_no
from admin_panel.views.savings.desk import product_choices
from core.display import month_long, rupiah
from core.errors import NotFound
from models.savings import SavingsBill
from services.savings import bills, products, queries
from services.savings.refusals import PreviewStale


class BillForm(KopForm):
    """Which bills; asked in the address, so that the preview can be opened again."""

    class Meta(KopForm.Meta):
        csrf = False

    jenis = SelectField("Jenis simpanan", coerce=int)
    bulan = MonthField("Bulan", validators=[InputRequired()])


class BillDesk(Screen):
    """Tagihan simpanan wajib: pratinjau semua anggota, lalu dibuat sekali."""

    route_base = "/kopmin/tagihan"

    @expose("/")
    @needs("savings.view")
    def index(self) -> ResponseReturnValue:
        month = func.sum(SavingsBill.paid_rp), func.sum(SavingsBill.amount_rp), func.count()
        query = (
            select(SavingsBill.month_on, *month).group_by(SavingsBill.month_on).order_by(SavingsBill.month_on.desc())
        )
        count, owed_rp = queries.unpaid(scope.session(), scope.actor())
        months = scope.session().execute(query.limit(24)).all()
        tools = [
            Tool("Buat tagihan", url_for("BillDesk.run"), "savings.bill", main=True),
            Tool("Lihat per anggota", url_for("BillView.list")),
        ]
        return self.page(
            "bills.html", title="Tagihan bulanan", months=months, count=count, owed_rp=owed_rp, tools=tools
        )

    @expose("/buat", methods=["GET", "POST"])
    @needs("savings.bill")
    def run(self) -> ResponseReturnValue:
        form, run = BillForm(request.args, bulan=scope.today().replace(day=1)), None
        form.jenis.choices = [
            (p.id, p.name) for p in products.active(scope.session(), scope.actor()) if p.kind == "mandatory"
        ]
        if request.args.get("bulan") and form.validate():
            with self.posting(form):
                run = self._preview(form)
                if request.method == "POST":
                    return self._book(run)
        return self.page("bill_run.html", title="Buat tagihan", form=form, run=run, mark=seen(run))

    def _preview(self, form: BillForm) -> bills.BillRun:
        assert form.bulan.data is not None, "the form was validated"
        return bills.preview(
            scope.session(), scope.actor(), product_id=form.jenis.data, month_on=form.bulan.data, today=scope.today()
        )

    def _book(self, run: bills.BillRun) -> ResponseReturnValue:
        if request.form.get("mark") != seen(run):
            raise PreviewStale()
        count = bills.book(scope.session(), scope.actor(), run, today=scope.today())
        flash(f"{count} tagihan {run.product_name} {month_long(run.month_on)} dibuat.", "success")
        return redirect(url_for("BillDesk.index"))

    @expose("/<row:bill_id>/bebaskan", methods=["GET", "POST"])
    @needs("savings.bill")
    def waive(self, bill_id: int) -> ResponseReturnValue:
        form, bill = ReasonForm(), scope.session().get(SavingsBill, bill_id)
        if bill is None:
            raise NotFound(what="Tagihan")
        if form.validate_on_submit():
            with self.posting(form):
                bills.waive(scope.session(), scope.actor(), bill_id, reason=form.reason.data)
                flash("Sisa tagihan dibebaskan.", "success")
                return redirect(url_for("BillView.list"))
        facts = [
            ("Anggota", bill.member.name),
            ("Bulan", month_long(bill.month_on)),
            ("Sisa", rupiah(bill.amount_rp - bill.paid_rp)),
        ]
        return self.page(
            "form.html", title="Bebaskan tagihan", form=form, facts=facts, back=url_for("BillView.list"), yes="Bebaskan"
        )


class BillView(TenantModelView):
    """Tagihan per anggota."""

    datamodel = TenantInterface(SavingsBill)
    route_base = "/kopmin/tagihan-anggota"
    read = "savings.view"
    list_title = "Tagihan per anggota"
    seek, seek_label = ("member.name", "member.number"), "nama atau nomor anggota"
    picks = (
        Pick("jenis", "Jenis simpanan", "product_id", product_choices),
        Pick("dari", "Bulan mulai", "month_on", kind="date_from"),
    )
    list_columns = ["member.name", "month_on", "product.name", "amount_rp", "paid_rp"]
    show_columns = ["member.name", "member.number", "month_on", "product.name", "amount_rp", "paid_rp", "is_waived"]
    order_columns = ["member.name", "month_on", "paid_rp"]
    base_order = ("month_on", "desc")
    label_columns = {
        "member.name": "Anggota", "member.number": "Nomor", "month_on": "Bulan", "product.name": "Jenis",
        "amount_rp": "Tagihan", "paid_rp": "Dibayar", "is_waived": "Dibebaskan",
    }  # fmt: skip
    money_columns = ("amount_rp", "paid_rp")
    formatters_columns = {"month_on": month_long, "is_waived": yes_no}
    empty_text = "Belum ada tagihan. Buat tagihan bulan ini untuk semua anggota sekaligus."

    def tools(self) -> list[Tool]:
        return [self.export_tool()]

    def show_heading(self, item: SavingsBill) -> str:
        return f"Tagihan {item.member.name}, {month_long(item.month_on)}"

    def show_tools(self, item: SavingsBill) -> list[Tool]:
        if item.is_waived or item.paid_rp == item.amount_rp:
            return []
        pay = url_for("TellerDesk.deposit", anggota=item.member_id)
        return [
            Tool("Bebaskan", url_for("BillDesk.waive", bill_id=item.id), "savings.bill"),
            Tool("Terima setoran", pay, "savings.teller", main=True),
        ]


SCREENS = (BillDesk, BillView)
