"""What fell due of time deposits: interest to book, deposits to pay out, and why something waits."""

from datetime import timedelta

from flask import flash
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from admin_panel import scope
from admin_panel.base import Screen, needs
from services.deposits import due, queries

SOON = timedelta(days=30)
OUTCOMES = {"paid": "Ke simpanan sukarela", "kept": "Ditambahkan ke simpanan", "matured": "Menunggu diambil",
            "rolled": "Diperpanjang"}  # fmt: skip


class DepositDueDesk(Screen):
    """Jatuh tempo simpanan berjangka."""

    route_base = "/kopmin/simpanan-berjangka"

    @expose("/jatuh-tempo")
    @needs("savings.view")
    def index(self) -> ResponseReturnValue:
        return self._standing([], [])

    @expose("/jatuh-tempo/bukukan", methods=["POST"])
    @needs("savings.interest")
    def book(self) -> ResponseReturnValue:
        """Books what can be booked, as the night does, and tells of each that waits why. Again it does nothing."""
        fallen: list[due.Fallen] = []
        waiting: list[due.Waiting] = []
        with self.posting():
            fallen, waiting = due.catch_up(scope.session(), scope.actor(), scope.today())
            flash(f"{len(fallen)} dibukukan, {len(waiting)} masih menunggu.", "warning" if waiting else "success")
        return self._standing(fallen, waiting)

    def _standing(self, fallen: list[due.Fallen], waiting: list[due.Waiting]) -> ResponseReturnValue:
        session, who, today = scope.session(), scope.actor(), scope.today()
        pending = [(one, queries.terms_of(one).next_due_on) for one in queries.fallen_due(session, who, today)]
        running = queries.everyone(session, who, "running")
        soon = [one for one in running if today < one.matures_on <= today + SOON]
        return self.page(
            "deposit_due.html", title="Jatuh tempo simpanan berjangka", pending=pending, fallen=fallen, soon=soon,
            matured=queries.everyone(session, who, "matured"), reasons={one.deposit_id: one.reason for one in waiting},
            outcomes=OUTCOMES,
        )  # fmt: skip


SCREENS = (DepositDueDesk,)
