"""Pesan: what people in Kopmin are told, read one by one."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from services.notifications import commands, queries
from web.request import safe_next


class MessageDesk(Screen):
    route_base = "/kopmin/pesan"

    @expose("/")
    @needs("panel.enter")
    def index(self) -> ResponseReturnValue:
        rows = queries.latest(scope.session(), scope.actor())
        return self.page("messages.html", title="Pesan", rows=rows, zone=scope.coop().zone)

    @expose("/<row:message_id>", methods=["POST"])
    @needs("panel.enter")
    def read(self, message_id: int) -> ResponseReturnValue:
        """Read one message, and go where it leads."""
        with scope.unit_of_work() as session:
            url = commands.mark_read(session, scope.actor(), message_id).url
        return redirect(safe_next(url if "buka" in request.form else None, url_for("MessageDesk.index")))

    @expose("/semua", methods=["POST"])
    @needs("panel.enter")
    def read_all(self) -> ResponseReturnValue:
        with scope.unit_of_work() as session:
            commands.mark_all_read(session, scope.actor())
        return redirect(url_for("MessageDesk.index"))


SCREENS = (MessageDesk,)
