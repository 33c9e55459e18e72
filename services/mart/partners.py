"""Partner cooperatives: whose members may use this cooperative's vouchers for partners."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import InvalidValue, NotFound
from models.coops import Coop
from models.mart.stores import PartnerCoop
from services.audit import trail


def listed(session: Session, actor: Actor) -> list[tuple[PartnerCoop, Coop]]:
    """Partners with their cooperative, by name."""
    actor.must("mart.stores")
    query = select(PartnerCoop, Coop).join(Coop, Coop.id == PartnerCoop.partner_id).order_by(Coop.name, Coop.id)
    return [(row[0], row[1]) for row in session.execute(query)]


def add(session: Session, actor: Actor, slug: str) -> PartnerCoop:
    """Name a cooperative of this installation a partner; the second time changes nothing. Raises InvalidValue."""
    actor.must("mart.stores")
    wanted = slug.strip().lower()[:40]
    coop = session.scalars(select(Coop).where(Coop.slug == wanted)).first()
    if coop is None:
        raise InvalidValue(field="Alamat koperasi", reason="tidak ada koperasi dengan alamat ini. Periksa ejaannya.")
    if coop.id == actor.coop_id:
        raise InvalidValue(field="Alamat koperasi", reason="ini koperasi Anda sendiri. Isi alamat koperasi lain.")
    held = session.scalars(select(PartnerCoop).where(PartnerCoop.partner_id == coop.id)).first()
    if held is not None:
        return held
    partner = PartnerCoop(coop_id=actor.coop_id, partner_id=coop.id)
    session.add(partner)
    trail.record(session, actor, "mart.add_partner", f"coop:{coop.id}", slug=coop.slug)
    return partner


def remove(session: Session, actor: Actor, partner_row_id: int) -> None:
    """End a partnership; orders made keep their vouchers. Raises NotFound."""
    actor.must("mart.stores")
    partner = session.get(PartnerCoop, partner_row_id)
    if partner is None:
        raise NotFound(what="Koperasi mitra")
    session.delete(partner)
    trail.record(session, actor, "mart.remove_partner", f"coop:{partner.partner_id}")
