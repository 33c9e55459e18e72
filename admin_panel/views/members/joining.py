"""People who asked on the public page to become members: what they told, taken on or refused."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import KopForm, short_text
from admin_panel.shown import at
from core.errors import StateChanged
from models.members import JoinRequest
from services.members import joining


class AnswerForm(KopForm):
    reason = short_text("Alasan (wajib bila ditolak)", 200, description="Dibaca oleh pemohon.")


class JoinDesk(Screen):
    """Permintaan bergabung."""

    route_base = "/kopmin/permintaan-bergabung"

    @expose("/")
    @needs("members.decide")
    def index(self) -> ResponseReturnValue:
        rows = joining.waiting(scope.session(), scope.actor())
        return self.page("joins.html", title="Permintaan bergabung", rows=rows, coop=scope.coop())

    @expose("/<row:join_id>", methods=["GET", "POST"])
    @needs("members.decide")
    def decide(self, join_id: int) -> ResponseReturnValue:
        row, form = joining.get(scope.session(), scope.actor(), join_id), AnswerForm()
        if form.validate_on_submit():
            with self.posting(form):
                self._decide(row, request.form.get("answer", ""), form.reason.data or "")
                return redirect(url_for("JoinDesk.index"))
        return self.page("join.html", title=f"Permintaan {row.name}", form=form, row=row, told=_told(row),
                         state=joining.STATES[row.state])  # fmt: skip

    @staticmethod
    def _decide(row: JoinRequest, answer: str, reason: str) -> None:
        session, who = scope.session(), scope.actor()
        if answer == "terima":
            joining.accept(session, who, row.id, applied_on=scope.today())
            flash(f"{row.name} tercatat sebagai calon anggota dan menunggu persetujuan pengurus lain.", "success")
        elif answer == "tolak":
            joining.refuse(session, who, row.id, reason=reason)
            flash(f"Permintaan {row.name} ditolak.", "success")
        else:
            raise StateChanged(what="Pilihan", state="tidak dikenal")


def _told(row: JoinRequest) -> list[tuple[str, str]]:
    """What the person said, label and value."""
    pairs = [
        ("Nama", row.name), ("Nomor HP", row.phone), ("Email", row.email), ("Alamat", row.address),
        ("Pesan", row.note), ("Diminta", at(row.created_at)),
        ("Persetujuan data pribadi", f"diberikan, versi {row.consent_version}"),
    ]  # fmt: skip
    return [(label, value) for label, value in pairs if value]


SCREENS = (JoinDesk,)
