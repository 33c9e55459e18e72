"""The demo: two cooperatives from 1 January of last year until today, each told in one transaction."""

from collections.abc import Callable
from datetime import date
from types import ModuleType

from sqlalchemy import delete, select

from core.clock import today as business_day
from core.display import month_long
from models.coops import Coop
from models.notifications import Notification, OutgoingMail
from models.transaction import Database, TenantSession
from seed import employees, logins, month_end, newsroom, opening, seasons, subscribing, village
from services.access.sign_in import use_link

STORIES: tuple[ModuleType, ...] = (employees, village)


def load(database: Database, *, when_empty: bool, say: Callable[[str], None]) -> None:
    """Make the demo cooperatives that are not there yet, and let their people in.

    With `when_empty` an installation that holds any other cooperative stays as it is. A demo that was cut short is
    finished by calling again: a cooperative is there whole or not at all.
    """
    held = _held(database)
    ours = {story.SETTING.slug for story in STORIES}
    if when_empty and any(slug not in ours or not is_demo for slug, is_demo in held.items()):
        return
    for story in STORIES:
        setting: opening.Setting = story.SETTING
        if setting.slug not in held:
            say(f"Menyiapkan data contoh: {setting.name} …")
            for link in tell(database, story, business_day(setting.zone), say):
                use_link(database, link, logins.PASSWORD)
            subscribing.subscribe(database, setting.slug, business_day(setting.zone))
        elif held[setting.slug]:
            logins.give_passwords(database, setting.slug)
        else:
            continue  # somebody's own cooperative of that name
        logins.let_claim(database, setting.slug)
    if all(slug in ours and is_demo for slug, is_demo in held.items()):
        newsroom.open_up(database)
        logins.appoint_operator(database)  # whose password everybody knows: never where anything real is kept
    if any(story.SETTING.slug not in held for story in STORIES):
        say("Data contoh siap. Masuk dengan salah satu:")
        for login in logins.shown(database):
            say(f"  {login.role:<9} {login.username} / {login.password}")


def _held(database: Database) -> dict[str, bool]:
    with database.platform("demo") as session:
        return {coop.slug: coop.is_demo for coop in session.scalars(select(Coop).where(Coop.practice_of_id.is_(None)))}


def tell(database: Database, story: ModuleType, today: date, say: Callable[[str], None]) -> list[str]:
    """One cooperative's story until `today`, all of it or nothing; returns the links its people set passwords with."""
    with database.platform("demo story", writes=True) as session:
        stage, enrolled = opening.set_up(session, story.SETTING, today, story.openers(today))
        say(f"  {len(enrolled)} anggota dan saldo awal dibukukan")
        plot = story.Story(stage, enrolled)
        month_end.offer_deposits(stage)
        for month in seasons.months(today):
            month_end.close(stage, month)
            stage.turn_month(month)
            scenes = sorted(plot.month(month), key=lambda scene: scene.on)
            for scene in scenes:
                if scene.on <= today:
                    scene.tell()
            if month.month % 3 == 0 or month == today.replace(day=1):
                say(f"  sampai {month_long(month)}")
        _forget_messages(session)
        plot.today_waits()
        return stage.links


def _forget_messages(session: TenantSession) -> None:
    """What was told on the way would all carry today's date: nobody gets two years of messages at once."""
    for told in (Notification, OutgoingMail):
        session.execute(delete(told).execution_options(synchronize_session=False))
