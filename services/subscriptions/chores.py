"""The day's work on subscriptions: where each stands, whom to tell, the next invoice, lost notices."""

from datetime import date

from models.coops import Coop
from models.transaction import Database
from services.mart.ports.midtrans import Midtrans
from services.subscriptions import gateway, invoices, reminders, terms


def run(database: Database, coop: Coop, on: date, service: Midtrans | None) -> list[str]:
    """Lines about what was done for a cooperative. Bears being done twice, and catches up after days without a run."""
    found = gateway.look_again(database, coop.id, service, on=on)
    lines = [f"{coop.slug}: {found} pembayaran langganan yang kabarnya hilang."] if found else []
    with database.transaction(coop.id) as session:
        subscription = terms.of_coop(session, coop.id, lock=True)
        if subscription is None:
            return lines
        if terms.catch_up(session, subscription, on):
            lines.append(f"{coop.slug}: langganan kini {terms.STATES[subscription.state]}.")
        if (invoice := invoices.renew(session, subscription, on)) is not None:
            lines.append(f"{coop.slug}: tagihan langganan {invoice.label} dibuat.")
        if told := reminders.send(session, subscription, on):
            lines.append(f"{coop.slug}: {told} pengingat langganan.")
    return lines
