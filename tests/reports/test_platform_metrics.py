"""Recurring revenue against two years worked out by hand.

`tests/data/subscriptions/steps.csv` tells what eleven cooperatives did (and a demo and a practice one, which must not
count). `months.csv` and `cohorts.csv` were written from it with pencil and paper; their last column says how: amounts
in thousands, `before` and `paying` are cooperatives with an MRR above zero when the month begins and ends, the window
of CLV is this month and the eleven before it. The code had no part in them.
"""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.errors import NotAllowed
from models.audit import PageCount
from models.coops import Coop
from models.subscriptions import CoopRegistration, Plan, SubscriptionChange
from reports.platform.metrics import FORMULAS, Metrics
from reports.platform.subscriptions import funnel, metrics
from services.savings import commands as savings
from tests.conftest import World

DATA = Path(__file__).parents[1] / "data" / "subscriptions"
TODAY = date(2026, 12, 31)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


def coop(slug: str, **facts: Any) -> Coop:
    return Coop(slug=f"coba-{slug.lower()}", name=f"Koperasi {slug}", chart_name="serba_usaha", **facts)


def told(world: World) -> None:
    """Every step of the file, kept in the order they happened."""
    with world.database.platform("test", writes=True) as session:
        plan = Plan(code="uji", name="Uji", monthly_rp=150_000, yearly_rp=1_500_000)
        facts: dict[str, dict[str, Any]] = {"demo": {"is_demo": True}, "practice": {"practice_of_id": world.coop.id}}
        coops = {slug: coop(slug, **facts.get(slug, {})) for slug in {row["coop"] for row in rows("steps.csv")}}
        session.add_all([plan, *coops.values()])
        session.flush()
        for row in sorted(rows("steps.csv"), key=lambda row: row["happened_on"]):
            change = SubscriptionChange(
                coop_id=coops[row["coop"]].id, happened_on=date.fromisoformat(row["happened_on"]), kind=row["kind"],
                plan_id=plan.id, mrr_before_rp=int(row["before_rp"]), mrr_after_rp=int(row["after_rp"]),
            )  # fmt: skip
            session.add(change)
            session.flush()


@pytest.fixture
def measured(any_world: World) -> Metrics:
    told(any_world)
    with any_world.database.platform("test") as session:
        return metrics(session, any_world.platform["operator_platform"], TODAY)


def share(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def test_twenty_four_months_are_those_worked_out_by_hand(measured: Metrics) -> None:
    expected = rows("months.csv")
    assert [f"{month.starts_on:%Y-%m}" for month in measured.months] == [row["month"] for row in expected]
    for month, row in zip(measured.months, expected, strict=True):
        for name in ("opening_rp", "new_rp", "returned_rp", "raised_rp", "lowered_rp", "lost_rp", "mrr_rp"):
            assert getattr(month, name) == int(row[name]), (row["month"], name)
        heads = (month.paying_before, month.started, month.returned, month.lost, month.paying)
        assert heads == tuple(int(row[name]) for name in ("before", "started", "returned", "lost", "paying"))
        assert month.arpu_rp == int(row["arpu_rp"]), row["month"]
        for name in ("logo_churn", "revenue_churn", "retention"):
            assert getattr(month, name) == share(row[name]), (row["month"], name)
        assert (month.window_before, month.window_lost) == (int(row["window_before"]), int(row["window_lost"]))
        assert month.value_rp == (int(row["value_rp"]) if row["value_rp"] else None), row["month"]


def test_cohorts_are_those_worked_out_by_hand(measured: Metrics) -> None:
    found = [(f"{one.starts_on:%Y-%m}", one.size, one.kept) for one in measured.cohorts]
    expected = [(row["month"], int(row["size"]), tuple(map(int, row["kept"].split()))) for row in rows("cohorts.csv")]
    assert found == expected
    assert measured.cohorts[0].shares[4] == Decimal("50.0")


def test_the_table_itself_adds_up() -> None:
    """Each month begins where the one before ended, in rupiah and in cooperatives."""
    before_rp = before = 0
    for row in rows("months.csv"):
        given = {name: int(value) for name, value in row.items() if name.endswith("_rp") and value}
        assert given["opening_rp"] == before_rp
        assert int(row["before"]) == before
        gained_rp = given["new_rp"] + given["returned_rp"] + given["raised_rp"]
        assert given["mrr_rp"] == before_rp + gained_rp - given["lowered_rp"] - given["lost_rp"]
        assert int(row["paying"]) == before + int(row["started"]) + int(row["returned"]) - int(row["lost"])
        before_rp, before = given["mrr_rp"], int(row["paying"])


def test_what_is_still_to_come_does_not_count(world: World) -> None:
    told(world)
    with world.database.platform("test") as session:
        found = metrics(session, world.platform["operator_platform"], date(2026, 6, 2))  # B leaves the day after
    assert found.last.mrr_rp == 3_250_000
    assert len(found.months) == 24
    assert found.months[0].starts_on == date(2024, 7, 1)


def test_without_any_subscription_nothing_is_said(world: World) -> None:
    with world.database.platform("test") as session:
        found = metrics(session, world.platform["operator_platform"], TODAY)
    last = found.last
    assert (last.mrr_rp, last.paying, found.cohorts) == (0, 0, ())
    assert {last.arpu_rp, last.logo_churn, last.revenue_churn, last.retention, last.value_rp} == {None}


def test_a_cooperative_is_told_nothing(world: World) -> None:
    with world.database.platform("test") as session:
        for who in (world.ketua, world.pengawas, world.platform["redaktur"]):
            with pytest.raises(NotAllowed):
                metrics(session, who, TODAY)
            with pytest.raises(NotAllowed):
                funnel(session, who, TODAY, TODAY)


def registrations(world: World) -> Iterator[CoopRegistration]:
    """One who only wrote, one whose cooperative exists, ours with members and money, one of last month."""
    for number, (month, coop_id) in enumerate(((12, None), (12, world.other.id), (12, world.coop.id), (11, None))):
        yield CoopRegistration(
            token_hash=str(number), coop_name="Baru", contact_name="Ani", email="a@b.id", username=f"ani{number}",
            password_hash="x", terms_version="1", created_at=datetime(2026, month, 9, tzinfo=UTC), coop_id=coop_id,
            expires_at=datetime(2026, 12, 30, tzinfo=UTC),
        )  # fmt: skip


def test_the_funnel_counts_each_step(any_world: World) -> None:
    member = any_world.member()
    with any_world.transaction(any_world.petugas) as session:
        savings.deposit(
            session, any_world.petugas, member_id=member, product_id=any_world.product("voluntary"), amount_rp=50_000,
            booked_on=date(2026, 2, 3), token="first",
        )  # fmt: skip
    with any_world.database.platform("test", writes=True) as session:
        plan = Plan(code="uji", name="Uji", monthly_rp=150_000, yearly_rp=1_500_000)
        looks = (("/", 40, 1), ("/harga", 10, 2), ("/daftar-koperasi", 7, 31), ("daftar-koperasi:terkirim", 3, 5))
        session.add_all([plan, *registrations(any_world)])
        session.add_all([PageCount(day=date(2026, 12, day), page=page, views=count) for page, count, day in looks])
        session.add(PageCount(day=date(2026, 11, 30), page="/", views=1000))
        session.flush()
        session.add(SubscriptionChange(
            coop_id=any_world.coop.id, happened_on=date(2026, 12, 20), kind="start", plan_id=plan.id, mrr_before_rp=0,
            mrr_after_rp=150_000,
        ))  # fmt: skip
    with any_world.database.platform("test") as session:
        found = funnel(session, any_world.platform["operator_platform"], date(2026, 12, 1), TODAY)
    assert [step.count for step in found.steps] == [57, 7, 3, 2, 1, 1, 1]


def test_every_figure_has_its_formula() -> None:
    assert {"mrr", "arpu", "logo_churn", "revenue_churn", "retention", "value", "cohort"} == set(FORMULAS)
    assert all("÷" in sentence or name == "mrr" for name, (_, sentence) in FORMULAS.items())
