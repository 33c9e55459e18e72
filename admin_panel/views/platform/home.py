"""What people of the platform see first: what waits for them, and how the installation runs."""

import tomllib
from functools import cache

from flask import current_app, url_for

from admin_panel import scope
from admin_panel.views.platform.coops import every
from admin_panel.work import Work
from core import clock
from core.display import date_long, moment, size
from models import schema
from reports.platform.tenants import CALLS
from services.jobs import outcome
from services.news import comments, figures
from services.privacy import breaches
from services.subscriptions import payments
from services.support import platform, visitors


def waiting() -> list[Work]:
    """Everything that may wait for this person, by what they may do."""
    return [*_breaches(), *_payments(), *_calls(), *_newsroom(), *_help()]


def _calls() -> list[Work]:
    """Cooperatives to call."""
    if not scope.actor().may("platform.manage"):
        return []
    day = clock.today()
    found = [one.calls(day) for one in every(with_files=False)]
    counts = {name: sum(name in held for held in found) for name in CALLS}
    return [Work(label, counts[name], f"per {date_long(day)}", url_for("TenantDesk.index", perlu=name, urut="sampai"))
            for name, label in CALLS.items()]  # fmt: skip


def _breaches() -> list[Work]:
    """Breaches of personal data that people must still be told of."""
    session, who = scope.session(), scope.actor()
    if not who.may("platform.manage"):
        return []
    found = breaches.unfinished(session, who)
    note = f"beri tahu paling lambat {moment(breaches.due_at(found[0]))}" if found else ""
    return [Work("Pelanggaran data", len(found), note, url_for("BreachDesk.index"))]


def _payments() -> list[Work]:
    """Transfers for subscriptions to match."""
    if not scope.actor().may("platform.money"):
        return []
    count = len(payments.desk(scope.database(), scope.actor()))
    return [Work("Pembayaran langganan", count, "cocokkan dengan rekening", url_for("BillingDesk.index"))]


def _newsroom() -> list[Work]:
    """Articles and comments to look at."""
    session, who = scope.session(), scope.actor()
    if not who.may("platform.news_publish"):
        return []
    review, said = len(figures.listed(session, who, "review")), comments.waiting(session, who)
    return [
        Work("Artikel menunggu", review, "minta diterbitkan", url_for("ArticleDesk.index", keadaan="review")),
        Work("Komentar pembaca", said, "menunggu diperiksa", url_for("CommentDesk.index")),
    ]


def _help() -> list[Work]:
    """Questions and complaints to answer."""
    who = scope.actor()
    if not who.may("platform.support"):
        return []
    asked, written = platform.figures(scope.database(), who).waiting, visitors.waiting(scope.session(), who)
    return [
        Work("Tiket koperasi", asked, "menunggu jawaban", url_for("PlatformTickets.index")),
        Work("Pesan tamu", written, "dijawab lewat email", url_for("VisitorDesk.index")),
    ]


def health() -> list[tuple[str, str]]:
    """Version, size of the database, what waits in the queue, and when the chores were last done."""
    if not scope.actor().may("platform.manage"):
        return []
    done = outcome.last(scope.settings().data)
    chores = "belum pernah" if done is None else date_long(done.day)
    if done is not None and done.broken:
        chores += f", {len(done.broken)} koperasi dengan buku rusak"
    return [
        ("Versi", version()),
        ("Basis data", size(schema.size(scope.database()))),
        ("Antrean pekerjaan", f"{current_app.extensions['ekopz.jobs'].length()} menunggu"),
        ("Pekerjaan harian terakhir", chores),
    ]


@cache
def version() -> str:
    """Which eKopz this is."""
    return str(tomllib.loads((schema.ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])
