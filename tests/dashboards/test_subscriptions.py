"""The operator's dashboard: theirs alone, over every cooperative, and nothing of one."""

from datetime import date

import pytest
import streamlit as st

from core.clock import today
from core.display import rupiah
from core.errors import NotAllowed
from dashboards import data, session
from models.subscriptions import Plan, SubscriptionChange
from reports.platform.subscriptions import metrics
from services.access import sign_in
from services.support import grants
from tests.conftest import World
from tests.dashboards.conftest import signed_in
from tests.dashboards.test_pages import FOLDER, AppTest, opened, shown


@pytest.fixture
def paying(world: World) -> World:
    session.open_to(world.database, 30)
    st.cache_data.clear()
    with world.database.platform("test", writes=True) as writing:
        plan = Plan(code="uji", name="Uji", monthly_rp=150_000, yearly_rp=1_500_000)
        writing.add(plan)
        writing.flush()
        for coop, mrr_rp in ((world.coop, 150_000), (world.other, 350_000)):
            writing.add(SubscriptionChange(
                coop_id=coop.id, happened_on=today(), kind="start", plan_id=plan.id, mrr_before_rp=0,
                mrr_after_rp=mrr_rp,
            ))  # fmt: skip
    return world


def test_the_operator_sees_all_subscriptions_and_no_cooperative(paying: World) -> None:
    page = opened(paying, paying.platform["operator_platform"])
    text = shown(page)
    assert rupiah(500_000) in text
    assert "Platform eKopz" in text
    assert "seperduabelas" in text
    assert "Koperasi Maju" not in text
    assert len(page.get("plotly_chart")) == 4


def test_it_is_calm_before_anybody_pays(world: World) -> None:
    session.open_to(world.database, 30)
    assert "Belum ada koperasi yang membayar" in shown(opened(world, world.platform["operator_platform"]))


@pytest.mark.parametrize("role", ["ketua", "bendahara", "pengawas", "redaktur", "penulis"])
def test_nobody_else_is_shown_it(paying: World, role: str) -> None:
    who = (paying.actors | paying.platform)[role]
    page = AppTest.from_file(str(FOLDER / "app.py"), default_timeout=60)
    page.user = session.as_user(signed_in(paying, who)[0])
    text = shown(page.run())
    assert not page.exception
    assert "MRR" not in text
    assert rupiah(500_000) not in text
    with pytest.raises(NotAllowed):
        data.ask_all(who, metrics, date(2026, 1, 1))


def test_an_operator_no_more_is_shown_nothing_at_the_next_run(paying: World) -> None:
    from models.access import User

    page = opened(paying, paying.platform["operator_platform"])
    with paying.database.platform("test", writes=True) as writing:
        writing.get_one(User, paying.platform["operator_platform"].user_id).platform_role = None
    assert "Rp" not in shown(page.run())


def test_looking_into_a_cooperative_opens_no_dashboard(paying: World) -> None:
    operator = paying.platform["operator_platform"]
    who, _ = signed_in(paying, operator)
    with paying.transaction(paying.ketua) as writing:
        grants.grant(writing, paying.ketua, reason="Saldo", hours=1)
    grants.enter(paying.database, who, operator, paying.coop.id)
    inside = sign_in.still_signed_in(paying.database, who.session_id, 30)
    assert inside is not None
    page = AppTest.from_file(str(FOLDER / "app.py"), default_timeout=60)
    page.user = session.as_user(inside)
    assert "Muat ulang" in shown(page.run())
