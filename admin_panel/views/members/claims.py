"""Somebody with a sign-in says which member they are: what they told beside what the register has, yes or no."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from admin_panel.forms import KopForm, short_text
from admin_panel.shown import at, day
from core.errors import StateChanged
from models.members import Member
from services.members import claims

PROOFS = {"ktp": "nomor KTP", "lahir": "tanggal lahir"}


class AnswerForm(KopForm):
    reason = short_text("Alasan (wajib bila ditolak)", 200)


class ClaimDesk(Screen):
    """Permintaan keanggotaan."""

    route_base = "/kopmin/permintaan-keanggotaan"

    @expose("/")
    @needs("members.decide")
    def index(self) -> ResponseReturnValue:
        rows = claims.waiting(scope.session(), scope.actor())
        return self.page("claims.html", title="Permintaan keanggotaan", rows=rows, proofs=PROOFS)

    @expose("/<row:claim_id>", methods=["GET", "POST"])
    @needs("members.decide")
    def decide(self, claim_id: int) -> ResponseReturnValue:
        row, form = claims.get(scope.session(), scope.actor(), claim_id), AnswerForm()
        if form.validate_on_submit():
            with self.posting(form):
                self._decide(row, request.form.get("answer", ""), form.reason.data or "")
                return redirect(url_for("ClaimDesk.index"))
        own = row.claim.user_id == scope.actor().user_id
        shown = {"told": _told(row), "held": _held(row.member), "state": claims.STATES[row.claim.state]}
        return self.page("claim.html", title=f"Permintaan {row.full_name}", form=form, own=own, claim=row.claim,
                         member=row.member, **shown)  # fmt: skip

    @staticmethod
    def _decide(row: claims.Row, answer: str, reason: str) -> None:
        session, who, claim_id = scope.session(), scope.actor(), row.claim.id
        if answer == "setuju":
            claims.approve(session, who, claim_id)
            flash(f"{row.full_name} sekarang dapat masuk sebagai anggota.", "success")
        elif answer == "tolak":
            claims.reject(session, who, claim_id, reason=reason)
            flash(f"Permintaan {row.full_name} ditolak.", "success")
        else:
            raise StateChanged(what="Pilihan", state="tidak dikenal")


def _told(row: claims.Row) -> list[tuple[str, str]]:
    """What the person said, label and value. What was proven was compared already and is not kept."""
    proven = f"{PROOFS[row.claim.proof]}, cocok dengan buku anggota"
    return [("Nama di akun", row.full_name), ("Nomor anggota", row.claim.told_number), ("Nama pengguna", row.username),
            ("Dibuktikan dengan", proven), ("Diminta", at(row.claim.created_at))]  # fmt: skip


def _held(member: Member | None) -> list[tuple[str, str]]:
    """What the register has, label and value."""
    if member is None:
        return []
    pairs = [
        ("Nama", member.name), ("Nomor anggota", member.number or ""), ("Tanggal lahir", day(member.birth_on)),
        ("Nomor KTP", member.nik_masked), ("Unit kerja", member.work_unit), ("Telepon", member.phone),
        ("Anggota sejak", day(member.joined_on)),
    ]  # fmt: skip
    return [(label, value) for label, value in pairs if value]


SCREENS = (ClaimDesk,)
