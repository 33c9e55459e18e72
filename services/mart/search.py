"""Finding goods by their letters, typing errors and all: three-letter pieces ("grams") that two texts share.

One way on both databases. A question first asks how common each of its grams is (counting no further than needed),
looks goods up by as many of the rarest as an answer must share, and reads a bounded number of rows of each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, func, insert, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from core.grams import LEAST_SHARE, asked, grams, least_share
from models.mart.products import Product, ProductGram, ProductVariant
from models.mart.stores import Store
from services.mart.categories import label

COMMON, MOST_OF_A_GRAM, CANDIDATES = 400, 1_500, 250


@dataclass(frozen=True)
class Found:
    """A product and how much of the question it answers: the share of the question's grams it has, over 0 up to 1."""

    coop_id: int
    product_id: int
    share: float


def index(session: Session, product: Product) -> None:
    """Let a product be found by its name, kinds, category and shop as they are now."""
    index_many(session, [product])


def index_many(session: Session, products: Sequence[Product]) -> None:
    """As `index` for many at once, in a fixed number of queries for every 500 of one cooperative."""
    session.flush()  # new goods get their ids, renamed ones are read below
    for start in range(0, len(products), 500):
        _index(session, products[start : start + 500])


def _index(session: Session, products: Sequence[Product]) -> None:
    wanted = _wanted(session, products)
    ids = [product.id for product in products]
    query = select(ProductGram.product_id, ProductGram.gram).where(ProductGram.product_id.in_(ids), _of(products))
    held = {(product_id, gram) for product_id, gram in session.execute(query)}
    gone = sorted(held - wanted)
    for start in range(0, len(gone), 200):
        pairs = tuple_(ProductGram.product_id, ProductGram.gram).in_(gone[start : start + 200])
        session.execute(
            delete(ProductGram).where(pairs, _of(products)), execution_options={"synchronize_session": False}
        )
    coops = {product.id: product.coop_id for product in products}
    rows = [{"coop_id": coops[i], "product_id": i, "gram": gram} for i, gram in sorted(wanted - held)]
    if rows:
        session.execute(insert(ProductGram), rows)


def _of(products: Sequence[Product]) -> ColumnElement[bool]:
    return ProductGram.coop_id.in_({product.coop_id for product in products})


def _wanted(session: Session, products: Sequence[Product]) -> set[tuple[int, str]]:
    ids = [product.id for product in products]
    stores = select(Store.id, Store.name).where(Store.id.in_({product.store_id for product in products}))
    shop = {one.id: one.name for one in session.execute(stores)}
    kinds = select(ProductVariant.product_id, ProductVariant.name).where(
        ProductVariant.product_id.in_(ids),
        ProductVariant.coop_id.in_({product.coop_id for product in products}),
        ProductVariant.is_active,
    )
    texts = {p.id: [p.name, label(p.category), shop.get(p.store_id, "")] for p in products}
    for product_id, name in session.execute(kinds):
        texts[product_id].append(name)
    return {(product_id, gram) for product_id, parts in texts.items() for gram in grams(" ".join(parts))}


def find(session: Session, text: str, *, most: int = 200, store_id: int | None = None) -> list[Found]:
    """Published goods of open shops that the session may see, best first: share of grams, then what sells more.

    Three queries at most, whatever the text and however many goods there are. Of a text, 60 characters count.
    """
    pieces = asked(text)
    rare = _rare(session, pieces)
    if not rare:
        return []
    candidates = _candidates(session, rare, store_id)
    if not candidates:
        return []
    share = _shares(session, pieces, candidates)
    least = least_share(max(share.values()))
    order = sorted(candidates, key=lambda key: (-share[key], -candidates[key], -key[1]))
    return [Found(coop_id, product_id, share[coop_id, product_id]) for coop_id, product_id in order
            if share[coop_id, product_id] >= least][:most]  # fmt: skip


def _rare(session: Session, pieces: Sequence[str]) -> list[str]:
    """The rarest grams, to look goods up by: whatever has `LEAST_SHARE` of all has at least one of them."""
    counts = [
        select(literal(gram).label("gram"), func.count().label("many")).select_from(
            select(ProductGram.product_id).where(ProductGram.gram == gram).limit(COMMON).subquery()
        )
        for gram in pieces
    ]
    if not counts:
        return []
    by_rarity = sorted((many, gram) for gram, many in session.execute(union_all(*counts)))
    enough = int(len(by_rarity) * (1 - LEAST_SHARE)) + 1
    return [gram for many, gram in by_rarity[:enough] if many]


def _candidates(session: Session, rare: Sequence[str], store_id: int | None) -> dict[tuple[int, int], int]:
    """(coop, product) -> pieces sold, of the goods that have most of the rare grams."""
    having = [
        select(
            select(ProductGram.product_id)
            .where(ProductGram.gram == gram)
            .order_by(ProductGram.product_id.desc())
            .limit(MOST_OF_A_GRAM)
            .subquery()
        )
        for gram in rare
    ]
    hits = union_all(*having).subquery()
    many = func.count().label("many")
    met = select(hits.c.product_id, many).group_by(hits.c.product_id).subquery()
    query = (
        select(Product.coop_id, Product.id, Product.sold)
        .join(met, met.c.product_id == Product.id)
        .join(Store, and_(Store.id == Product.store_id, Store.coop_id == Product.coop_id))
        .where(Product.is_published, Store.is_open)
        .order_by(met.c.many.desc(), Product.sold.desc(), Product.id.desc())
        .limit(CANDIDATES)
    )
    if store_id is not None:
        query = query.where(Product.store_id == store_id)
    return {(coop_id, product_id): sold for coop_id, product_id, sold in session.execute(query)}


def _shares(
    session: Session, pieces: Sequence[str], candidates: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], float]:
    keys = list(candidates)
    query = (
        select(ProductGram.coop_id, ProductGram.product_id, func.count())
        .where(
            ProductGram.coop_id.in_({coop_id for coop_id, _ in keys}),
            ProductGram.product_id.in_([product_id for _, product_id in keys]),
            ProductGram.gram.in_(pieces),
        )
        .group_by(ProductGram.coop_id, ProductGram.product_id)
    )
    return {(coop_id, product_id): many / len(pieces) for coop_id, product_id, many in session.execute(query)}
