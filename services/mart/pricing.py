"""What goods cost a buyer, with one rule for everything that makes them cheaper.

Per piece the best single price holds: list price, member price, or a running campaign's; they do not add up. On the
whole order one voucher, then points as payment. A campaign's quota and what one buyer may have of it limit how many
pieces get its price; the rest cost what they would without it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core.display import rupiah
from core.money import Rupiah, percent_of, split
from models.mart.campaigns import CampaignItem, Voucher
from models.mart.products import ProductVariant
from services.mart.refusals import VoucherRefused


@dataclass(frozen=True)
class Offer:
    """What a piece costs now. `list_rp` is what it costs anybody, `base_rp` what it costs this buyer without campaigns.

    `name` says why it is cheaper ("" when it is not); `item` is the place in a campaign that makes it so.
    """

    list_rp: Rupiah
    base_rp: Rupiah
    price_rp: Rupiah
    name: str = ""
    item: CampaignItem | None = None

    @property
    def saved_rp(self) -> Rupiah:
        return self.list_rp - self.price_rp


MEMBER_PRICE = "Harga anggota"


def runs(item: CampaignItem, at: datetime) -> bool:
    """Whether a campaign's price can still be had."""
    campaign = item.campaign
    in_time = campaign.is_active and campaign.starts_at <= at < campaign.ends_at
    return in_time and (item.quota is None or item.sold < item.quota)


def offer_of(variant: ProductVariant, *, is_member: bool, items: Iterable[CampaignItem], at: datetime) -> Offer:
    """The best single price of a piece. `items` are the product's places in campaigns.

    Of equal prices the one without a campaign wins, and keeps its quota.
    """
    list_rp = variant.price_rp
    member_rp = variant.member_price_rp if is_member and variant.member_price_rp else list_rp
    base_rp = min(list_rp, member_rp)
    best = Offer(list_rp, base_rp, base_rp, MEMBER_PRICE if base_rp < list_rp else "")
    for item in items:
        price_rp = reduced(list_rp, item)
        if runs(item, at) and price_rp < best.price_rp:
            best = Offer(list_rp, base_rp, price_rp, item.campaign.name, item)
    return best


def reduced(list_rp: Rupiah, item: CampaignItem) -> Rupiah:
    """What a piece costs at a campaign's price."""
    return max(1, list_rp - off_of(list_rp, item.off_pct, item.off_rp))


def off_of(list_rp: Rupiah, off_pct: Decimal | None, off_rp: Rupiah | None) -> Rupiah:
    """What a campaign takes off a piece at this price."""
    return off_rp if off_rp is not None else percent_of(list_rp, off_pct or Decimal(0))


@dataclass(frozen=True)
class Wanted:
    """So many pieces of a variant, and how many of them the campaign's price may cover."""

    variant: ProductVariant
    quantity: int
    offer: Offer
    covered: int


@dataclass(frozen=True)
class Line:
    """A line of a quote. `price_rp` is the base price of a piece, `discount_rp` what a campaign takes off the line."""

    variant_id: int
    name: str
    quantity: int
    list_rp: Rupiah
    price_rp: Rupiah
    discount_rp: Rupiah
    discount_name: str
    item_id: int | None
    covered: int
    voucher_rp: Rupiah
    points_rp: Rupiah
    vat_rp: Rupiah
    is_consigned: bool

    @property
    def net_rp(self) -> Rupiah:
        return self.quantity * self.price_rp - self.discount_rp - self.voucher_rp


@dataclass(frozen=True)
class Quote:
    """What an order would cost, and why: `reasons` explains each reduction in the order it was made."""

    lines: tuple[Line, ...]
    goods_rp: Rupiah
    discount_rp: Rupiah
    voucher_id: int | None
    voucher_rp: Rupiah
    shipping_rp: Rupiah
    points: int
    points_rp: Rupiah
    vat_rp: Rupiah
    reasons: tuple[tuple[str, Rupiah], ...]

    @property
    def total_rp(self) -> Rupiah:
        return self.goods_rp - self.discount_rp - self.voucher_rp + self.shipping_rp

    @property
    def due_rp(self) -> Rupiah:
        return self.total_rp - self.points_rp


def quote(
    wanted: Sequence[Wanted],
    *,
    voucher: Voucher | None,
    shipping_rp: Rupiah,
    points: int,
    points_rp: Rupiah,
    vat_pct: Decimal,
) -> Quote:
    """Count an order. `points_rp` is what the points are worth; more than the bill is cut to it. `vat_pct` is the
    effective rate contained in prices of taxed goods, 0 for a cooperative that is no taxable firm.

    Raises VoucherRefused (below its minimum).
    """
    goods = [w.quantity * w.offer.base_rp for w in wanted]
    off = [w.covered * (w.offer.base_rp - w.offer.price_rp) for w in wanted]
    after = [gross - less for gross, less in zip(goods, off, strict=True)]
    voucher_rp = 0 if voucher is None else voucher_worth(voucher, sum(after))
    shares = split(voucher_rp, after)
    net = [rest - share for rest, share in zip(after, shares, strict=True)]
    points_rp = min(points_rp, sum(net))  # points pay for goods; who carries the parcel wants money
    parts = split(points_rp, net) if points_rp else [0] * len(net)
    lines = tuple(
        Line(
            w.variant.id, w.variant.label, w.quantity, w.offer.list_rp, w.offer.base_rp, off[at],
            w.offer.name if off[at] or w.offer.item is None else "",
            w.offer.item.id if w.offer.item is not None and w.covered else None,
            w.covered, shares[at], parts[at], contained(net[at], vat_pct) if _is_taxed(w.variant) else 0,
            w.variant.product.is_consigned,
        )
        for at, w in enumerate(wanted)
    )  # fmt: skip
    return Quote(
        lines, sum(goods), sum(off), voucher.id if voucher else None, voucher_rp, shipping_rp,
        points if points_rp else 0, points_rp, sum(line.vat_rp for line in lines),
        _reasons(wanted, off, voucher, voucher_rp, points if points_rp else 0, points_rp),
    )  # fmt: skip


def _is_taxed(variant: ProductVariant) -> bool:
    return variant.product.is_taxed and not variant.product.is_consigned


def contained(amount_rp: Rupiah, vat_pct: Decimal) -> Rupiah:
    """The tax inside an amount that includes it: amount x rate / (100 + rate)."""
    return percent_of(amount_rp, 100 * vat_pct / (100 + vat_pct)) if vat_pct else 0


def _reasons(
    wanted: Sequence[Wanted], off: Sequence[Rupiah], voucher: Voucher | None, voucher_rp: Rupiah, points: int,
    points_rp: Rupiah,
) -> tuple[tuple[str, Rupiah], ...]:  # fmt: skip
    member_rp = sum(w.quantity * (w.offer.list_rp - w.offer.base_rp) for w in wanted)
    told = [(f"{MEMBER_PRICE}: lebih murah", member_rp)] if member_rp else []
    by_name: dict[str, Rupiah] = {}
    for w, less in zip(wanted, off, strict=True):
        if less:
            by_name[w.offer.name] = by_name.get(w.offer.name, 0) + less
    told += list(by_name.items())
    if voucher is not None:
        told.append((f"Voucher {voucher.code}", voucher_rp))
    if points_rp:
        told.append((f"{points} poin", points_rp))
    return tuple(told)


def voucher_worth(voucher: Voucher, goods_rp: Rupiah) -> Rupiah:
    """What a voucher takes off goods of this value, never more than they cost. Raises VoucherRefused."""
    if goods_rp < voucher.minimum_rp:
        missing = rupiah(voucher.minimum_rp - goods_rp)
        raise VoucherRefused(code=voucher.code, reason=f"belanja kurang {missing} dari minimumnya.")
    worth_rp = voucher.off_rp if voucher.off_rp is not None else percent_of(goods_rp, voucher.off_pct or Decimal(0))
    return min(worth_rp, goods_rp, voucher.most_rp if voucher.most_rp is not None else goods_rp)


def by_product(items: Iterable[CampaignItem]) -> Mapping[int, list[CampaignItem]]:
    """Places in campaigns, by product."""
    found: dict[int, list[CampaignItem]] = {}
    for item in items:
        found.setdefault(item.product_id, []).append(item)
    return found
