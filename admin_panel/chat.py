"""A member told something from the person's own WhatsApp; by itself the house tells members in the app and by mail."""

from admin_panel import scope
from models.members import Member
from services.notifications import texts


def to_member(member: Member, message: texts.Message) -> str:
    """The address that opens the chat with these words; empty without a mobile number."""
    return texts.whatsapp(member.phone, f"{member.name}, {message.body} {scope.coop().name}")
