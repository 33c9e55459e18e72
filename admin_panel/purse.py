"""Where money at the desk comes from or goes: cash, bank, or the member's own voluntary savings."""

from admin_panel import scope
from admin_panel.forms import CASH
from core.display import rupiah
from services.ledger.chart import Role
from services.savings import products, queries

SAVED = "simpanan-"
"""How a choice of money names the member's own savings: this, and the product's id."""


def money_places(member_id: int) -> list[tuple[str, str]]:
    """What a select offers for a member."""
    session, who = scope.session(), scope.actor()
    if not (who.may("savings.view") and who.may("savings.teller")):
        return CASH
    voluntary = {p.id for p in products.active(session, who) if p.kind == "voluntary"}
    held = [one for one in queries.balances(session, who, member_id) if one.product_id in voluntary]
    return [*CASH, *((f"{SAVED}{one.product_id}", f"{one.product} ({rupiah(one.balance_rp)})") for one in held)]


def place_of(choice: str) -> tuple[Role, int | None]:
    """The account and the savings product a choice of `money_places` means."""
    if choice.startswith(SAVED):
        return Role.CASH, int(choice.removeprefix(SAVED))
    return Role(choice), None
