"""Names of places: whether a zone goes to an address, and the courier service's own places, remembered."""

import re
import threading
import time
from collections import OrderedDict
from datetime import timedelta

from services.mart.ports.rajaongkir import Place, RajaOngkir
from services.mart.ports.refusals import CourierDown, CourierRefused

FRESH = timedelta(hours=24)
_SHORTEST_SEARCH = 3
_REMEMBERED = 500
_KINDS = {"kota": "kota", "kodya": "kota", "kabupaten": "kabupaten", "kab": "kabupaten"}
_RANKS = {"kecamatan", "kec", "kelurahan", "kel", "desa", "administrasi", "adm"}


def goes_to(places: str, city: str) -> bool:
    """Whether one of a zone's places is one of those named in an address (`Kebon Jeruk, Jakarta Barat`).

    Names must be the same, not only begin so: Bandung is not Bandung Barat. A kota and a kabupaten of one name are
    two places when both sides say which they mean.
    """
    named, wanted = _names(places), _names(city)
    return any(a[1] == b[1] and (not a[0] or not b[0] or a[0] == b[0]) for a in named for b in wanted)


def _names(text: str) -> list[tuple[str, str]]:
    """Places as (kota, kabupaten or nothing; name), without the rest of how people write them."""
    found = []
    for part in re.split(r"[,;\n/]", text.casefold()):
        words = re.findall(r"[^\W_]+", part)
        kind = ""
        while len(words) > 1 and (words[0] in _KINDS or words[0] in _RANKS):
            kind = _KINDS.get(words.pop(0), kind)
        if words:
            found.append((kind, " ".join(words)))
    return found


class Places:
    """The courier service's places, asked for once a day at most; to be shared by the threads of a process."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, list[Place]]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, service: RajaOngkir | None, search: str) -> list[Place]:
        """Places whose names go like `search`; nothing before the third letter, and nothing without the service.

        Raises:
            CourierDown, CourierQuota: nothing is known of this name and the service does not answer.
        """
        name = " ".join(search.casefold().split())[:60]
        if service is None or len(name) < _SHORTEST_SEARCH:
            return []
        known = self._remembered(name)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        try:
            found = service.places(name)
        except CourierDown:
            if known is None:
                raise
            return known[1]  # villages seldom move: yesterday's answer is better than none
        except CourierRefused:
            return []
        self._remember(name, found)
        return found

    def _remembered(self, name: str) -> tuple[float, list[Place]] | None:
        with self._lock:
            if name in self._known:
                self._known.move_to_end(name)
            return self._known.get(name)

    def _remember(self, name: str, found: list[Place]) -> None:
        with self._lock:
            self._known[name] = (time.monotonic() + FRESH.total_seconds(), found)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)


_places = Places()


def find_places(service: RajaOngkir | None, search: str) -> list[Place]:
    """Places to choose a destination from, by this process's memory first. Raises as `Places.find`."""
    return _places.find(service, search)
