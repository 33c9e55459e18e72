"""What the cooperative announces, for its members."""

from flask.typing import ResponseReturnValue

from member_portal.frame import LARGEST_ID, me, members_only, page, portal
from services.news import announcements, markdown
from web.request import db


@portal.get("/mykoperasi/pengumuman")
@members_only
def announcements_list() -> ResponseReturnValue:
    found = announcements.for_members(db(), me()[0])
    return page("announcements.html", title="Pengumuman", found=found, plain=markdown.plain)


@portal.get(f"/mykoperasi/pengumuman/<int(max={LARGEST_ID}):announcement_id>")
@members_only
def announcement_page(announcement_id: int) -> ResponseReturnValue:
    one = announcements.for_member(db(), me()[0], announcement_id)
    return page("announcement.html", title=one.title, one=one, body=markdown.html(one.body))
