"""Members: the list, applications and their decision, exit with settlement, card, full numbers for a reason."""

from dataclasses import fields
from typing import Any, ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.models.sqla.filters import FilterEqual
from markupsafe import Markup
from wtforms import BooleanField, EmailField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Optional

from admin_panel import scope
from admin_panel.base import Pick, Screen, TenantModelView, Tool, needs, seen
from admin_panel.datamodel import TenantInterface
from admin_panel.exports import pdf
from admin_panel.forms import DayField, KopForm, RupiahField, short_text
from admin_panel.shown import day, money, tagged
from core.errors import StateChanged
from models.members import Member
from reports import documents
from services.access import places
from services.deposits import queries as deposits
from services.loans import exits
from services.members import commands as members
from services.savings import queries
from services.savings.refusals import PreviewStale

STATES = {"applied": "Calon", "active": "Aktif", "left": "Keluar", "rejected": "Ditolak"}
LABELS = {
    "name": "Nama", "number": "Nomor anggota", "nip": "NIP", "employer": "Instansi", "work_unit": "Unit kerja",
    "joined_on": "Anggota sejak", "state": "Keadaan", "nik_masked": "Nomor KTP", "birth_place": "Tempat lahir",
    "birth_on": "Tanggal lahir", "address": "Alamat", "phone": "Telepon", "email": "Surel", "bank_name": "Bank",
    "bank_account_masked": "Nomor rekening", "voluntary_deduction_rp": "Potongan sukarela tiap bulan",
    "applied_on": "Mendaftar", "left_on": "Keluar", "state_reason": "Alasan",
}  # fmt: skip
SHAPES = {
    "joined_on": day, "applied_on": day, "left_on": day, "birth_on": day, "state": tagged(STATES),
    "voluntary_deduction_rp": lambda rp: money(rp) if rp else "",
}  # fmt: skip


class MemberView(TenantModelView):
    """Anggota dan bekas anggota."""

    datamodel = TenantInterface(Member)
    route_base = "/kopmin/anggota"
    read = "members.view"
    list_title = "Anggota"
    show_template = "kopmin/member.html"
    seek, seek_label = ("name", "number", "nip"), "nama, nomor anggota, atau NIP"
    picks: ClassVar[tuple[Pick, ...]] = (
        Pick("keadaan", "Keadaan", "state", lambda: list(STATES.items())),
        Pick("sejak", "Anggota sejak", "joined_on", kind="date_from"),
    )
    list_columns = ["name", "number", "work_unit", "joined_on", "state"]
    show_fieldsets = [
        (
            "Keanggotaan",
            {"fields": ["number", "state", "joined_on", "left_on", "state_reason", "employer", "work_unit", "nip"]},
        ),
        ("Data diri", {"fields": ["nik_masked", "birth_place", "birth_on", "address", "phone", "email"]}),
        ("Pembayaran", {"fields": ["bank_name", "bank_account_masked", "voluntary_deduction_rp"]}),
    ]
    order_columns = ["name", "number", "joined_on"]
    base_order = ("name", "asc")
    label_columns = LABELS
    formatters_columns = SHAPES
    empty_text = "Belum ada anggota. Daftarkan satu orang, atau impor daftar dari Excel."

    def tools(self) -> list[Tool]:
        return [
            Tool("Daftarkan anggota", url_for("MemberDesk.apply"), "members.register", main=True),
            self.export_tool(),
        ]

    def show_heading(self, item: Member) -> str:
        return item.name

    def show_tools(self, item: Member) -> list[Tool]:
        change = Tool("Ubah data", url_for("MemberDesk.change", member_id=item.id), "members.register")
        tools = [change] if item.erased_at is None else []
        if item.state == "applied":
            tools.append(Tool("Putuskan", url_for("MemberDesk.decide", member_id=item.id), "members.decide", main=True))
        if item.state == "active":
            tools.append(Tool("Kartu", url_for("MemberDesk.card", member_id=item.id), "members.view"))
            tools.append(Tool("Setor", url_for("TellerDesk.deposit", anggota=item.id), "savings.teller", main=True))
        return tools

    def show_extra(self, item: Member) -> dict[str, Any]:
        if not scope.actor().may("savings.view"):
            return {"balances": [], "deposits": []}
        session, who = scope.session(), scope.actor()
        held = [one for one in deposits.of_member(session, who, item.id) if one.state != "closed"]
        return {"balances": queries.balances(session, who, item.id), "deposits": held}


class ApplicationView(MemberView):
    """Those who asked to become members and wait for a decision."""

    datamodel = TenantInterface(Member)
    route_base = "/kopmin/pendaftaran"
    list_title = "Pendaftaran menunggu"
    base_filters = [["state", FilterEqual, "applied"]]
    picks = ()
    list_columns = ["name", "applied_on", "employer", "work_unit", "phone"]
    order_columns = ["name", "applied_on"]
    base_order = ("applied_on", "asc")
    empty_text = "Tidak ada pendaftaran yang menunggu keputusan."

    def tools(self) -> list[Tool]:
        return [Tool("Daftarkan anggota", url_for("MemberDesk.apply"), "members.register", main=True)]


class PersonForm(KopForm):
    """What is known of a person."""

    name = short_text("Nama lengkap", 120, InputRequired())
    nik = short_text("Nomor KTP", 16, description="16 angka. Disimpan tersandi; di layar hanya tampak ujungnya.")
    birth_place = short_text("Tempat lahir", 60)
    birth_on = DayField("Tanggal lahir", validators=[Optional()])
    address = short_text("Alamat", 200, field=TextAreaField)
    phone = short_text("Telepon", 20, render_kw={"inputmode": "tel", "autocomplete": "off"})
    email = short_text("Surel", 120, field=EmailField)
    employer = short_text("Instansi", 80)
    work_unit = short_text("Unit kerja", 80)
    nip = short_text("NIP", 30)
    bank_name = short_text("Bank", 60)
    bank_account = short_text(
        "Nomor rekening", 30, description="Disimpan tersandi.", render_kw={"inputmode": "numeric"}
    )
    voluntary_deduction_rp = RupiahField("Potongan sukarela tiap bulan", validators=[Optional()])

    def person(self) -> members.PersonData:
        """What was typed; a field that was not sent counts as empty."""
        texts = [f.name for f in fields(members.PersonData) if f.name not in {"birth_on", "voluntary_deduction_rp"}]
        typed = {name: self[name].data or "" for name in texts}
        deduction_rp = self.voluntary_deduction_rp.data or 0
        return members.PersonData(**typed, birth_on=self.birth_on.data, voluntary_deduction_rp=deduction_rp)


WAY_IN = (
    "Sampaikan nomor itu: di beranda eKopz ia memilih Buat akun, lalu menghubungkannya dengan nomor itu dan tanggal "
    "lahir atau KTP-nya."
)
CONNECTED = "Ia mendaftar dengan akunnya sendiri, jadi MyKoperasi langsung terbuka baginya."


class DecisionForm(KopForm):
    joined_on = DayField("Menjadi anggota sejak", validators=[Optional()])
    number = short_text("Nomor anggota", 20, description="Kosongkan untuk nomor berikutnya.")
    reason = short_text("Alasan (bila ditolak)", 200)


class ExitForm(KopForm):
    left_on = DayField("Keluar pada", validators=[InputRequired()])
    reason = short_text("Alasan", 200, InputRequired())
    sure = BooleanField("Saya sudah memeriksa angka di atas", validators=[InputRequired()])
    mark = HiddenField()


class ReasonForm(KopForm):
    reason = short_text(
        "Untuk keperluan apa?", 200, InputRequired(), description="Dicatat di jejak audit bersama nama Anda."
    )


class MemberDesk(Screen):
    route_base = "/kopmin/anggota"

    @expose("/daftar", methods=["GET", "POST"])
    @needs("members.register")
    def apply(self) -> ResponseReturnValue:
        form = PersonForm()
        if form.validate_on_submit():
            with self.posting(form):
                found = members.apply(scope.session(), scope.actor(), form.person(), applied_on=scope.today())
                flash(f"Pendaftaran {found.name} tercatat dan menunggu persetujuan pengurus lain.", "success")
                return redirect(url_for("MemberView.show", pk=found.id))
        return self.page(
            "form.html", title="Daftarkan anggota", form=form, back=url_for("MemberView.list"), yes="Simpan pendaftaran"
        )

    @expose("/<row:member_id>/ubah", methods=["GET", "POST"])
    @needs("members.register")
    def change(self, member_id: int) -> ResponseReturnValue:
        member = members.get(scope.session(), scope.actor(), member_id)
        form = PersonForm(obj=member)
        if form.validate_on_submit():
            with self.posting(form):
                members.update_person(scope.session(), scope.actor(), member_id, form.person())
                flash("Data anggota tersimpan.", "success")
                return redirect(url_for("MemberView.show", pk=member_id))
        form.nik.description = f"Tersimpan: {member.nik_masked or 'belum ada'}. Kosongkan bila tidak berubah."
        return self.page(
            "form.html", title=f"Ubah data {member.name}", form=form, back=url_for("MemberView.show", pk=member_id)
        )

    @expose("/<row:member_id>/putuskan", methods=["GET", "POST"])
    @needs("members.decide")
    def decide(self, member_id: int) -> ResponseReturnValue:
        member = members.get(scope.session(), scope.actor(), member_id)
        form = DecisionForm(joined_on=scope.today())
        if form.validate_on_submit():
            with self.posting(form):
                self._decide(member, form, request.form.get("answer", ""))
                return redirect(url_for("ApplicationView.list"))
        asker = places.asker_of(scope.session(), member_id)
        return self.page("decide_member.html", title=f"Pendaftaran {member.name}", form=form, member=member,
                         has_account=asker is not None)  # fmt: skip

    def _decide(self, member: Member, form: DecisionForm, answer: str) -> None:
        session, actor = scope.session(), scope.actor()
        if answer == "tolak":
            members.reject(session, actor, member.id, reason=form.reason.data or "")
            flash(f"Pendaftaran {member.name} ditolak.", "success")
        elif answer == "setuju":
            joined_on = form.joined_on.data or scope.today()
            found = members.approve(session, actor, member.id, joined_on=joined_on, number=form.number.data or "")
            way_in = CONNECTED if places.is_taken(session, found.id) else WAY_IN
            flash(f"{found.name} menjadi anggota dengan nomor {found.number}. {way_in}", "success")
        else:
            raise StateChanged(what="Pilihan", state="tidak dikenal")

    @expose("/<row:member_id>/keluar", methods=["GET", "POST"])
    @needs("members.decide")
    def leave(self, member_id: int) -> ResponseReturnValue:
        form = ExitForm(left_on=scope.today())
        on = form.left_on.data or scope.today()
        settlement = exits.preview(scope.session(), scope.actor(), member_id, on=on)
        if form.validate_on_submit():
            with self.posting(form):
                receipt = self._settle(settlement, form)
                return redirect(
                    url_for("ReceiptView.show", pk=receipt.id) if receipt else url_for("MemberView.show", pk=member_id)
                )
        form.mark.data = seen(settlement)
        member = members.get(scope.session(), scope.actor(), member_id)
        return self.page("leave.html", title=f"{member.name} keluar", form=form, member=member, settlement=settlement)

    def _settle(self, settlement: exits.Settlement, form: ExitForm) -> Any:
        if form.mark.data != seen(settlement):
            raise PreviewStale()
        receipt = exits.settle(
            scope.session(), scope.actor(), settlement, left_on=form.left_on.data, reason=form.reason.data
        )
        flash("Keanggotaan berakhir dan penyelesaiannya dibukukan.", "success")
        return receipt

    @expose("/<row:member_id>/kartu")
    @needs("members.view")
    def card(self, member_id: int) -> ResponseReturnValue:
        card = self._card(member_id)
        code = Markup(documents.qr_svg(card.check_url))  # noqa: S704  (our own squares)
        return self.page("card.html", title="Kartu anggota", card=card, member_id=member_id, qr=code)

    @expose("/<row:member_id>/kartu.pdf")
    @needs("members.view")
    def card_pdf(self, member_id: int) -> ResponseReturnValue:
        return pdf(documents.card_pdf(self._card(member_id)), "kartu-anggota")

    @staticmethod
    def _card(member_id: int) -> documents.MemberCard:
        member = members.get(scope.session(), scope.actor(), member_id)
        return documents.member_card(scope.session(), member, public_url=scope.settings().public_url)

    @expose("/<row:member_id>/nomor", methods=["GET", "POST"])
    @needs("members.unmask")
    def unmask(self, member_id: int) -> ResponseReturnValue:
        member, form, numbers = members.get(scope.session(), scope.actor(), member_id), ReasonForm(), {}
        if form.validate_on_submit():
            with self.posting(form):
                numbers = members.unmask(scope.session(), scope.actor(), member_id, reason=form.reason.data)
        facts = [
            ("Nomor KTP", numbers.get("nik") or "belum ada"),
            ("Nomor rekening", numbers.get("bank_account") or "belum ada"),
        ]
        return self.page(
            "form.html",
            title=f"Nomor lengkap {member.name}",
            form=form,
            yes="Tampilkan",
            facts=facts if numbers else [],
            back=url_for("MemberView.show", pk=member_id),
        )


SCREENS = (MemberView, ApplicationView, MemberDesk)
