"""The services this installation is connected to; set once, at start."""

from core.settings import Settings
from services.mart.ports.midtrans import Midtrans
from services.mart.ports.rajaongkir import RajaOngkir

_midtrans: Midtrans | None = None
_rajaongkir: RajaOngkir | None = None


def use(settings: Settings) -> None:
    """Connect the process to the services that the settings have keys for."""
    global _midtrans, _rajaongkir
    key = settings.midtrans_server_key
    _midtrans = Midtrans(key, settings.midtrans_url, settings.midtrans_api_url) if key else None
    _rajaongkir = RajaOngkir(settings.rajaongkir_key, settings.rajaongkir_url) if settings.rajaongkir_key else None


def midtrans() -> Midtrans | None:
    """The payment service; None when this installation takes no payments online."""
    return _midtrans


def rajaongkir() -> RajaOngkir | None:
    """The courier service; None when this installation asks no couriers."""
    return _rajaongkir
