"""Keys and addresses of the services outside: read, refused by name, never shown."""

from dataclasses import fields

import pytest

from core import settings
from core.settings import BadSetting
from services.mart.ports import configured

SANDBOX = "https://app.sandbox.midtrans.com"


def load(tmp_path, **env):
    return settings.load({"EKOPZ_DATA": str(tmp_path), **env})


def test_without_keys_no_service_is_connected(tmp_path):
    configured.use(load(tmp_path))
    assert (configured.midtrans(), configured.rajaongkir()) == (None, None)


def test_keys_connect_and_are_never_shown(tmp_path):
    kept = load(tmp_path, MIDTRANS_SERVER_KEY="Mid-server-abcdef", RAJAONGKIR_KEY="ongkir-rahasia ")
    assert (kept.midtrans_url, kept.midtrans_api_url) == ("https://app.midtrans.com", "https://api.midtrans.com")
    assert kept.rajaongkir_url == "https://rajaongkir.komerce.id/api/v1"
    configured.use(kept)
    try:
        shown = repr(kept) + repr(configured.midtrans()) + repr(configured.rajaongkir())
    finally:
        configured.use(load(tmp_path))
    assert "app.midtrans.com" in shown
    assert "abcdef" not in shown
    assert "rahasia" not in shown
    assert "midtrans_server_key" in {field.name for field in fields(kept)}


def test_trying_out_needs_one_address_only(tmp_path):
    kept = load(tmp_path, MIDTRANS_SERVER_KEY="SB-Mid-server-abcdef", MIDTRANS_URL=f"{SANDBOX}/")
    assert (kept.midtrans_url, kept.midtrans_api_url) == (SANDBOX, "https://api.sandbox.midtrans.com")


@pytest.mark.parametrize(
    ("name", "env"),
    [
        ("MIDTRANS_SERVER_KEY", {"MIDTRANS_SERVER_KEY": "pendek"}),
        ("MIDTRANS_SERVER_KEY", {"MIDTRANS_SERVER_KEY": "dua kata rahasia"}),
        ("MIDTRANS_SERVER_KEY", {"MIDTRANS_SERVER_KEY": "dengan:titikdua"}),
        ("MIDTRANS_SERVER_KEY", {"MIDTRANS_SERVER_KEY": "kunci-é-rahasia"}),
        ("MIDTRANS_SERVER_KEY", {"MIDTRANS_SERVER_KEY": "SB-Mid-server-abcdef"}),
        ("MIDTRANS_URL", {"MIDTRANS_URL": "http://app.midtrans.com"}),
        ("MIDTRANS_URL", {"MIDTRANS_URL": "app.midtrans.com"}),
        ("MIDTRANS_URL", {"MIDTRANS_URL": "https://"}),
        ("MIDTRANS_URL", {"MIDTRANS_URL": "https://a:b@app.midtrans.com"}),
        ("MIDTRANS_URL", {"MIDTRANS_URL": "https://app.midtrans.com:99999"}),
        ("MIDTRANS_API_URL", {"MIDTRANS_URL": SANDBOX, "MIDTRANS_API_URL": "https://api.midtrans.com"}),
        ("RAJAONGKIR_KEY", {"RAJAONGKIR_KEY": "x\ny-rahasia"}),
        ("RAJAONGKIR_URL", {"RAJAONGKIR_URL": "https://a.id/api?key=1"}),
        ("RAJAONGKIR_URL", {"RAJAONGKIR_URL": "ftp://127.0.0.1"}),
    ],
)
def test_a_bad_one_stops_the_start_and_is_named_without_its_key(name, env, tmp_path):
    with pytest.raises(BadSetting, match=name) as refused:
        load(tmp_path, **env)
    for secret in ("rahasia", "abcdef", "titikdua", "pendek;"):
        assert secret not in str(refused.value)
