"""Whom the cooperative buys from."""

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, NotFound, StateChanged
from models.procurement import Supplier
from services.audit import trail
from services.procurement import queries

_LENGTHS = {"name": 120, "contact": 80, "phone": 20, "email": 120, "address": 200, "npwp": 30, "bank": 120, "note": 200}


@dataclass(frozen=True)
class SupplierData:
    """What is known of a supplier; `bank` says where their money is sent."""

    name: str
    contact: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    npwp: str = ""
    bank: str = ""
    note: str = ""
    is_active: bool = True


def save(session: Session, actor: Actor, data: SupplierData, supplier_id: int | None = None) -> Supplier:
    """Write a supplier down, or change one. Raises InvalidValue, StateChanged (the name is taken), NotFound."""
    actor.must("procurement.order")
    kept = {name: queries.line_of_text(str(getattr(data, name) or ""), most) for name, most in _LENGTHS.items()}
    if not kept["name"]:
        raise InvalidValue(field="Nama", reason="isi nama pemasok.")
    same = session.scalars(select(Supplier).where(Supplier.name == kept["name"])).first()
    if same is not None and same.id != supplier_id:
        raise StateChanged(what=f"Pemasok {same.name}", state="ada di daftar")
    supplier = session.get(Supplier, supplier_id) if supplier_id is not None else Supplier(coop_id=actor.coop_id)
    if supplier is None:
        raise NotFound(what="Pemasok")
    before = {name: getattr(supplier, name) for name in asdict(data)} if supplier_id else {}
    for name, value in (kept | {"is_active": data.is_active}).items():
        setattr(supplier, name, value)
    session.add(supplier)
    session.flush()  # the trail names its id
    changed = [name for name, value in before.items() if getattr(supplier, name) != value]
    trail.record(session, actor, "procurement.supplier", f"supplier:{supplier.id}", name=supplier.name, changed=changed)
    return supplier
