"""Papers of a request or an order: handed in, looked at."""

from flask import Response, flash

from admin_panel import scope
from admin_panel.views.procurement.forms import PurchasePaperForm
from models.procurement import PurchaseDocument, PurchaseOrder, PurchaseRequest
from services.procurement import documents
from web.headers import picture


def hand_in(owner: PurchaseRequest | PurchaseOrder, form: PurchasePaperForm) -> None:
    """Keeps what was uploaded; raises what the service raises."""
    content = form.paper.data.read() if form.paper.data else b""
    paper = documents.Paper(form.kind.data, form.label.data or "", content)
    kept = documents.add(scope.session(), scope.actor(), owner, paper, scope.settings().data)
    flash(f"{kept.label} tersimpan.", "success")


def answer(document: PurchaseDocument, body: bytes) -> Response:
    """A picture to look at here; a PDF as a download, so that nothing in it runs on our pages."""
    name = f"dokumen-{document.id}"
    if document.media_type != documents.PDF:
        return picture(body, name)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox",
    }  # fmt: skip
    return Response(body, mimetype=documents.PDF, headers=headers)
