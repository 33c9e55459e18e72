"""The practice cooperative: the way in and out, its tasks, and the certificate at the end."""

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import select

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import rupiah_of
from core.errors import InvalidValue, Refusal
from models.coops import Coop
from models.members import Member
from reports.certificate import Certificate, certificate_pdf
from services.access import sign_in
from services.coops import practice
from services.coops.practice_story import ANI
from services.savings import products


class PracticeDesk(Screen):
    route_base = "/kopmin/latihan"

    @expose("/")
    @needs("panel.enter")
    def index(self) -> ResponseReturnValue:
        if scope.coop().practice_of_id is None:
            return self.page("practice_intro.html", title="Latihan")
        tasks = practice.tasks(scope.session(), scope.actor())
        return self.page("practice.html", title="Latihan", tasks=tasks, ways=self._ways())

    @staticmethod
    def _ways() -> dict[str, str]:
        monthly = products.of_kind(scope.session(), scope.actor(), "mandatory").id
        ani = scope.session().scalars(select(Member.id).where(Member.name == ANI)).first()
        return {
            "deposit": url_for("TellerDesk.deposit"), "member": url_for("ApplicationView.list"),
            "bill": url_for("BillDesk.run", jenis=monthly, bulan=f"{scope.today():%Y-%m}"),
            "loan": url_for("LoanDesk.index"),
            "undo": url_for("TellerDesk.passbook", member_id=ani) if ani else url_for("SavingsAccountView.list"),
            "balance": url_for("ReportDesk.show", report="balance-sheet"),
        }  # fmt: skip

    @expose("/buka", methods=["POST"])
    @needs("panel.enter")
    def enter(self) -> ResponseReturnValue:
        return self._into(anew=False)

    @expose("/mulai-ulang", methods=["POST"])
    @needs("panel.enter")
    def again(self) -> ResponseReturnValue:
        return self._into(anew=True)

    @staticmethod
    def _into(*, anew: bool) -> ResponseReturnValue:
        try:
            coop = practice.open_own(scope.database(), scope.actor(), anew=anew)
        except Refusal as refusal:
            flash(refusal.sentence, "danger")
        else:
            sign_in.choose_coop(scope.database(), g.signed_in, coop.id)
        return redirect(url_for("PracticeDesk.index"))

    @expose("/pulang", methods=["POST"])
    @needs("panel.enter")
    def leave(self) -> ResponseReturnValue:
        """Back to the cooperative that is real, or to where one already is."""
        with scope.database().platform("whose practice it is") as session:
            home_id = practice.home_of(session, scope.actor().coop_id)
        sign_in.choose_coop(scope.database(), g.signed_in, home_id)
        return redirect(url_for("Home.index"))

    @expose("/jawab", methods=["POST"])
    @needs("panel.enter")
    def answer(self) -> ResponseReturnValue:
        with self.posting():
            try:
                amount_rp = rupiah_of(request.form.get("answer", "")[:40])
            except ValueError as problem:
                raise InvalidValue(field="Jawaban", reason=str(problem)) from None
            practice.answer(scope.session(), scope.actor(), "balance", amount_rp, scope.today())
            flash("Benar. Anda sudah bisa membaca neraca.", "success")
        return redirect(url_for("PracticeDesk.index"))

    @expose("/sertifikat.pdf")
    @needs("panel.enter")
    def certificate(self) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        done_on = practice.finished_on(session, who)
        home = session.get_one(Coop, scope.coop().practice_of_id)
        titles = tuple(task.title for task in practice.tasks(session, who))
        content = certificate_pdf(Certificate(who.name, home.name, titles, done_on))
        headers = {"Content-Disposition": 'attachment; filename="sertifikat-latihan.pdf"'}
        return Response(content, mimetype="application/pdf", headers=headers)


SCREENS = (PracticeDesk,)
