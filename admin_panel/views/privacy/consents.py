"""The register of a member's consents: what stands, what was signed on paper, what is taken back."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from services.members import commands as members
from services.privacy import consents


class ConsentDesk(Screen):
    """Persetujuan anggota."""

    route_base = "/kopmin/persetujuan-anggota"

    @expose("/<row:member_id>", methods=["GET", "POST"])
    @needs("members.register")
    def index(self, member_id: int) -> ResponseReturnValue:
        session, who = scope.session(), scope.actor()
        member = members.get(session, who, member_id)
        if request.method == "POST":
            with self.posting():
                self._note(member_id, request.form.get("tujuan", "")[:30], request.form.get("act", ""))
            return redirect(url_for("ConsentDesk.index", member_id=member_id))
        rows = consents.of_member(session, who, member_id)
        return self.page("consents.html", title=f"Persetujuan {member.name}", member=member, rows=rows)

    @staticmethod
    def _note(member_id: int, code: str, act: str) -> None:
        session, who = scope.session(), scope.actor()
        if act == "tarik":
            consents.withdraw_as_member(session, who, member_id, code)
            flash("Persetujuan ditarik.", "success")
        else:
            consents.give_as_member(session, who, member_id, code, by="paper")
            flash("Persetujuan tercatat. Simpan kertas yang ditandatangani.", "success")


SCREENS = (ConsentDesk,)
