"""Looks at public pages are summed by day, and nothing else is kept."""

from datetime import date

from services.audit.visits import Visits, is_robot, views

DAY, NEXT = date(2026, 3, 5), date(2026, 3, 6)


def test_looks_add_up_by_day_and_page(world):
    counted = Visits()
    for page, day in (("/", DAY), ("/", DAY), ("/harga", DAY), ("/", NEXT)):
        counted.look(world.database, page, day)
    counted.write(world.database)
    counted.look(world.database, "/", NEXT)
    counted.write(world.database)
    with world.database.platform("test") as session:
        assert views(session, ["/", "/harga", "/lain"], DAY, NEXT) == {"/": 4, "/harga": 1}
        assert views(session, ["/"], NEXT, NEXT) == {"/": 2}


def test_nothing_is_written_for_each_look(world):
    counted = Visits()
    counted.look(world.database, "/", DAY)
    with world.database.platform("test") as session:
        assert views(session, ["/"], DAY, DAY) == {}


def test_robots_say_who_they_are():
    assert is_robot("Mozilla/5.0 (compatible; Googlebot/2.1)")
    assert is_robot("")
    assert not is_robot("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36")
