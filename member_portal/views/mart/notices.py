"""Where the payment service tells us of payments. Nobody comes here: who it is, is proven by the signature."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from core.clock import now, today
from member_portal.frame import portal
from services.mart import gateway
from services.mart.ports import configured
from services.mart.ports.midtrans import MOST_BYTES
from services.subscriptions import gateway as subscriptions
from web.request import database

ENDPOINT = f"{__name__}.midtrans_notice"
"""To be let past the check of forms: a service brings no token of ours."""


@portal.post("/kopmart/pembayaran/midtrans")
def midtrans_notice() -> ResponseReturnValue:
    service = configured.midtrans()
    if service is None:
        abort(404)
    request.max_content_length = MOST_BYTES
    notice = service.read_notice(request.get_data())
    if notice.reference.startswith(subscriptions.PREFIX):
        return {"state": subscriptions.receive(database(), notice, service, on=today())}
    return {"state": gateway.receive(database(), notice, service, at=now())}
