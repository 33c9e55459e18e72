"""The services outside, as servers of this machine."""

from collections.abc import Iterator

import pytest

from services.mart.ports.midtrans import Midtrans
from services.mart.ports.rajaongkir import RajaOngkir
from tests.mart import servers


@pytest.fixture
def midtrans_server() -> Iterator[servers.Peer]:
    with servers.serving(servers.midtrans()) as peer:
        yield peer


@pytest.fixture
def midtrans(midtrans_server: servers.Peer) -> Midtrans:
    return Midtrans(servers.KEY, midtrans_server.url, midtrans_server.url, read_s=0.4)


@pytest.fixture
def rajaongkir_server() -> Iterator[servers.Peer]:
    with servers.serving(servers.rajaongkir()) as peer:
        yield peer


@pytest.fixture
def rajaongkir(rajaongkir_server: servers.Peer) -> RajaOngkir:
    return RajaOngkir(servers.SHIPPING_KEY, f"{rajaongkir_server.url}/api/v1", read_s=0.4)
