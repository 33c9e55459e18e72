"""From the wish at the desk to the decision: the queue, the form, papers, analysis, yes or no."""

import secrets
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import finding, scope
from admin_panel.base import Screen, Tool, needs
from admin_panel.forms import ReasonForm
from admin_panel.views.loans.forms import COLLECTED, AnalysisForm, PaperForm, WishForm
from core.display import rupiah
from core.errors import StateChanged
from core.money import Rupiah
from models.loans import Loan, LoanProduct
from models.members import Member
from services.loans import analysis, applications, documents, products, queries, simulation
from services.loans.states import OPEN, wrong_state
from web.headers import picture


def outlook(product: LoanProduct, principal_rp: Rupiah, term: int) -> simulation.Outlook:
    """The schedule and the true yearly cost of a product. Raises TermsInvalid."""
    coop_id, today = scope.actor().coop_id, scope.today()
    return simulation.of_product(scope.session(), coop_id, product, principal_rp, term, today)


def my_turn(loan: Loan) -> bool:
    """Whether the next step of an analysed loan is the signed-in person's to take."""
    step, who = applications.next_step(scope.session(), loan), scope.actor()
    if step is None or not who.may(step) or who.user_id == loan.created_by or who.member_id == loan.member_id:
        return False
    return who.user_id not in {decision.decided_by for decision in queries.decisions(scope.session(), loan)}


def waits_for(loan: Loan) -> str:
    """Who has to do what, in a few words."""
    if loan.state == "analysed":
        return f"Keputusan {products.STEPS[applications.next_step(scope.session(), loan) or '']}"
    return {"draft": "Dokumen", "asked": "Analisis", "approved": "Pencairan"}.get(loan.state, "")


def is_mine(loan: Loan) -> bool:
    """Whether the signed-in person can take the loan on."""
    who = scope.actor()
    if loan.state == "analysed":
        return my_turn(loan)
    own = who.user_id == loan.created_by or who.member_id == loan.member_id
    return {
        "draft": who.may("loans.ask"),
        "asked": who.may("loans.analyse") and not own,
        "approved": who.may("loans.disburse") and who.member_id != loan.member_id,
    }.get(loan.state, False)


class LoanDesk(Screen):
    """Pengajuan pinjaman."""

    route_base = "/kopmin/pinjaman"

    @expose("/pengajuan")
    @needs("loans.view")
    def index(self) -> ResponseReturnValue:
        found = queries.waiting(scope.session(), scope.actor(), *OPEN)
        rows = [(loan, waits_for(loan), is_mine(loan)) for loan in found]
        rows.sort(key=lambda row: not row[2])
        tools = [Tool("Catat pengajuan", url_for("LoanDesk.ask"), "loans.ask", main=True)]
        return self.page("loan_queue.html", title="Pengajuan pinjaman", rows=rows, tools=tools)

    @expose("/ajukan", methods=["GET", "POST"])
    @needs("loans.ask")
    def ask(self) -> ResponseReturnValue:
        member = finding.chosen()
        if member is None:
            found = finding.matches()
            return self.page("find_member.html", title="Catat pengajuan", endpoint="LoanDesk.ask", **found)
        form, shown = _wish_form(member), None
        if form.validate_on_submit():
            with self.posting(form):
                product = products.get(scope.session(), scope.actor(), form.product_id.data)
                shown = outlook(product, form.asked_rp.data or 0, form.term.data)
                if request.form.get("act") != "hitung":
                    return _asked(applications.ask(scope.session(), scope.actor(), _wish(member, form)))
        return self.page("loan_ask.html", title="Catat pengajuan", form=form, member=member, shown=shown)

    @expose("/<row:loan_id>/ajukan", methods=["POST"])
    @needs("loans.ask")
    def submit(self, loan_id: int) -> ResponseReturnValue:
        queries.loan(scope.session(), scope.actor(), loan_id)
        with self.posting():
            loan = applications.submit(scope.session(), scope.actor(), loan_id)
            flash(f"Pengajuan {loan.number} masuk dan menunggu analisis.", "success")
        return redirect(url_for("LoanView.show", pk=loan_id))

    @expose("/<row:loan_id>/dokumen", methods=["GET", "POST"])
    @needs("loans.ask")
    def paper(self, loan_id: int) -> ResponseReturnValue:
        loan, form = queries.loan(scope.session(), scope.actor(), loan_id), PaperForm()
        back = url_for("LoanView.show", pk=loan_id)
        if form.validate_on_submit():
            with self.posting(form):
                given = documents.Paper(form.label.data, form.paper.data.read() if form.paper.data else b"")
                documents.add(scope.session(), scope.actor(), loan_id, given, scope.settings().data)
                flash(f"{form.label.data} tersimpan.", "success")
                return redirect(back)
        held = {one.label for one in documents.of_loan(scope.session(), loan)}
        missing = [label for label in loan.product.documents if label not in held]
        form.label.data = form.label.data or (missing[0] if missing else "")
        lead = f"Masih diperlukan: {', '.join(missing)}." if missing else "Semua dokumen wajib sudah ada."
        title = f"Dokumen {loan.number}"
        return self.page("form.html", title=title, form=form, back=back, lead=lead, has_file=True, yes="Unggah")

    @expose("/dokumen/<row:document_id>")
    @needs("loans.view")
    def document(self, document_id: int) -> ResponseReturnValue:
        document, body = documents.read(scope.session(), scope.actor(), document_id, scope.settings().data)
        return picture(body, f"dokumen-{document.id}")

    @expose("/<row:loan_id>/analisis", methods=["GET", "POST"])
    @needs("loans.analyse")
    def analyse(self, loan_id: int) -> ResponseReturnValue:
        loan = queries.loan(scope.session(), scope.actor(), loan_id)
        form, back = AnalysisForm(principal_rp=loan.asked_rp, term=loan.term), url_for("LoanView.show", pk=loan_id)
        facts = None
        if loan.state != "asked":
            raise wrong_state(loan, "dianalisis")
        if request.method == "GET" or form.validate():
            with self.posting(form):
                if request.method == "POST" and request.form.get("act") != "hitung":
                    return self._analysed(loan, form)
                facts = analysis.card(scope.session(), scope.actor(), loan, principal_rp=form.principal_rp.data or 0,
                                      term=form.term.data, on=scope.today())  # fmt: skip
        title = f"Analisis {loan.number}"
        return self.page("loan_analyse.html", title=title, form=form, loan=loan, facts=facts, back=back)

    @staticmethod
    def _analysed(loan: Loan, form: AnalysisForm) -> ResponseReturnValue:
        applications.analyse(
            scope.session(), scope.actor(), loan.id, on=scope.today(), principal_rp=form.principal_rp.data or 0,
            term=form.term.data, note=form.note.data or "",
        )  # fmt: skip
        flash(f"Analisis {loan.number} tersimpan. Sekarang menunggu keputusan.", "success")
        return redirect(url_for("LoanView.show", pk=loan.id))

    @expose("/<row:loan_id>/putuskan", methods=["POST"])
    @needs("loans.view")
    def decide(self, loan_id: int) -> ResponseReturnValue:
        loan, answer = queries.loan(scope.session(), scope.actor(), loan_id), request.form.get("answer", "")
        with self.posting():
            if answer not in {"setuju", "tolak"}:
                raise StateChanged(what="Pilihan", state="tidak dikenal")
            applications.decide(
                scope.session(), scope.actor(), loan_id, approved=answer == "setuju", on=scope.today(),
                note=_note(request.form.get("note", "")),
            )  # fmt: skip
            flash(f"Pinjaman {loan.number}: {'disetujui' if answer == 'setuju' else 'ditolak'}.", "success")
        return redirect(url_for("LoanView.show", pk=loan_id))

    @expose("/<row:loan_id>/batalkan", methods=["GET", "POST"])
    @needs("loans.ask")
    def cancel(self, loan_id: int) -> ResponseReturnValue:
        loan, form = queries.loan(scope.session(), scope.actor(), loan_id), ReasonForm()
        back = url_for("LoanView.show", pk=loan_id)
        if form.validate_on_submit():
            with self.posting(form):
                applications.cancel(scope.session(), scope.actor(), loan_id, reason=form.reason.data)
                flash(f"Pengajuan {loan.number} dibatalkan.", "success")
                return redirect(back)
        facts = [("Anggota", loan.member.name), ("Diajukan", rupiah(loan.asked_rp)), ("Keperluan", loan.purpose)]
        title = f"Batalkan pengajuan {loan.number}"
        return self.page("form.html", title=title, form=form, back=back, facts=facts, yes="Batalkan pengajuan")


def _note(text: str) -> str:
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")[:250]


def _wish_form(member: Member) -> WishForm:
    form = WishForm(asked_on=scope.today(), token=secrets.token_urlsafe(12))
    form.product_id.choices = [(p.id, p.name) for p in products.active(scope.session(), scope.actor())]
    running = [one for one in queries.of_member(scope.session(), scope.actor(), member.id) if one.state == "running"]
    old = [(one.id, f"{one.number}, sisa {rupiah(one.outstanding_rp)}") for one in running]
    form.replaces_id.choices = [(0, "Tidak"), *old]
    if not old:
        del form.replaces_id
    return form


def _wish(member: Member, form: WishForm) -> applications.Wish:
    return applications.Wish(
        member_id=member.id, product_id=form.product_id.data, asked_rp=form.asked_rp.data or 0, term=form.term.data,
        asked_on=form.asked_on.data, token=form.token.data or secrets.token_urlsafe(12), purpose=form.purpose.data,
        collected_by=form.collected_by.data, salary_rp=form.salary_rp.data or 0,
        other_debts_rp=form.other_debts_rp.data or 0,
        replaces_id=(form.replaces_id.data or None) if "replaces_id" in form else None,
    )  # fmt: skip


def _asked(loan: Loan) -> ResponseReturnValue:
    if loan.state == "draft":
        flash(f"Pengajuan {loan.number} tercatat sebagai draf. Unggah dulu dokumennya.", "success")
        return redirect(url_for("LoanDesk.paper", loan_id=loan.id))
    flash(f"Pengajuan {loan.number} {loan.member.name} tercatat dan menunggu analisis.", "success")
    return redirect(url_for("LoanView.show", pk=loan.id))


def facts_of(loan: Loan) -> list[tuple[str, Any]]:
    """What was asked for, label and value."""
    replaced = queries.loan(scope.session(), scope.actor(), loan.replaces_id) if loan.replaces_id else None
    pairs = [
        ("Diajukan", f"{rupiah(loan.asked_rp)}" if loan.asked_rp != loan.principal_rp else ""),
        ("Keperluan", loan.purpose),
        ("Cara bayar", COLLECTED[loan.collected_by]),
        ("Melunasi", f"{replaced.number}, sisa pokok {rupiah(replaced.outstanding_rp)}" if replaced else ""),
        ("Penghasilan", rupiah(loan.salary_rp) if loan.salary_rp else ""),
        ("Angsuran lain", rupiah(loan.other_debts_rp) if loan.other_debts_rp else ""),
        ("Pihak terkait", "Ya, pengurus atau pengawas" if loan.related_party else ""),
        ("Catatan", loan.note),
    ]
    return [(label, value) for label, value in pairs if value]


SCREENS = (LoanDesk,)
