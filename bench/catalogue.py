"""A page of Kopmart with twenty of five thousand goods, drawn whole, beside the same page of a shop with a hundred."""

from functools import partial
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import update

import app as wiring
from bench.measure import Result, books, folder, median, seconds
from bench.products import import_goods, open_shop, write
from core.settings import load
from models.mart.products import Product

MANY, FEW, ROUNDS = 5_000, 100, 15
PAGES = {
    "catalogue": "/kopmart/kategori/sembako", "search": "/kopmart/cari?q=barang+4211", "kopmart home": "/kopmart/",
}  # fmt: skip


def run() -> list[Result]:
    """Strangers' pages, one after the other."""
    with folder() as place:
        few, many = _shop(place, FEW), _shop(place, MANY)
        results = []
        for name, address in PAGES.items():
            times: tuple[list[float], list[float]] = ([], [])
            for _ in range(ROUNDS):
                for client, kept in zip((few, many), times, strict=True):
                    kept.append(seconds(partial(_get, client, address)))
            theirs, mine = (median(kept) for kept in times)
            note = f"{MANY:,} goods beside {FEW}, {ROUNDS} rounds, interleaved; 20 cards a page"
            told = f"{mine * 1000:.0f} ms", f"{theirs * 1000:.0f} ms with {FEW} goods"
            results.append(Result(name, *told, mine / theirs, "", note, seconds=mine, within_s=0.06))
        return results


def _shop(place: Path, rows: int) -> FlaskClient:
    data = place / str(rows)
    data.mkdir()
    settings = load({"EKOPZ_DATA": str(data), "FIELD_KEY": bytes(range(32)).hex()})
    database, actor = books(settings.database_url)
    open_shop(database, actor)
    write(data / "barang.xlsx", rows)
    import_goods(database, actor, data / "barang.xlsx")
    with database.transaction(actor) as session:
        session.execute(update(Product).values(is_published=True))
    client = wiring.create_flask(settings, database).test_client()
    for address in PAGES.values():
        _get(client, address)  # templates are compiled once
    return client


def _get(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 200, address
