"""The JSON a program sends, read whole and within limits."""

import json
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from core.errors import Refusal

LARGEST = 16 * 1024


class BodyUnreadable(Refusal):
    code = "api.body_unreadable"
    pesan = "Kirim satu objek JSON (Content-Type: application/json)."
    status = 400


class BodyTooLarge(Refusal):
    code = "api.body_too_large"
    pesan = "Isi permintaan terlalu besar. Paling besar {largest} KB."
    status = 413


def sent_object(largest: int = LARGEST) -> dict[str, Any]:
    """The body as a JSON object whose texts can be kept. Raises BodyUnreadable, BodyTooLarge."""
    request.max_content_length = largest
    try:
        if request.mimetype != "application/json":
            raise BodyUnreadable()
        found = json.loads(request.get_data(cache=False))
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except RequestEntityTooLarge:
        raise BodyTooLarge(largest=largest // 1024) from None
    except (ValueError, RecursionError):
        raise BodyUnreadable() from None
    if not isinstance(found, dict):
        raise BodyUnreadable()
    return found
