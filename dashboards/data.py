"""Reports as dashboards ask for them: kept for a minute, apart for every cooperative and every set of permissions."""

import logging
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st
from sqlalchemy.orm import Session

from core.actor import Actor
from dashboards.session import across, database, reading
from reports.choices import Choices, choices, own_choices, shop_choices

P = ParamSpec("P")
R = TypeVar("R")
# loaded before the server runs, it would say at every start that it keeps things in memory, which is meant
logging.getLogger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)
KEPT_SECONDS = 60
KEPT_REPORTS = 300


def options(actor: Actor) -> Choices:
    """Days, units and state of the books, fresh on every run."""
    with reading(actor) as session:
        return choices(session, actor)


def own_options(actor: Actor, zone: str) -> Choices:
    """Days a member may look back on: since they joined."""
    with reading(actor) as session:
        return own_choices(session, actor, zone)


def shops(actor: Actor) -> tuple[tuple[int, str], ...]:
    """Shops this person sees: unit and name."""
    with reading(actor) as session:
        return shop_choices(session, actor)


def ask(
    actor: Actor, head: int, report: Callable[Concatenate[Session, Actor, P], R], *days: P.args, **chosen: P.kwargs
) -> R:
    """A report for this actor. `head` is the last entry of the books: a new one asks the report anew."""
    who = (actor.coop_id, actor.user_id, actor.member_id)  # shops are named to people, not to roles
    whose = (str(database().engine.url), *who, tuple(sorted(actor.permissions)))
    asked = (f"{report.__module__}.{report.__name__}", days, tuple(sorted(chosen.items())))
    found: R = _kept(whose, head, asked, _actor=actor, _report=report)
    return found


def ask_all(actor: Actor, report: Callable[Concatenate[Session, Actor, P], R], *days: P.args, **chosen: P.kwargs) -> R:
    """A report over every cooperative, for people of the platform; never kept. Raises NotAllowed."""
    with across(actor) as session:
        return report(session, actor, *days, **chosen)


@st.cache_data(ttl=KEPT_SECONDS, max_entries=KEPT_REPORTS, show_spinner=False)
def _kept(
    whose: tuple[str, int, int, int | None, tuple[str, ...]],
    head: int,
    asked: tuple[str, tuple[Any, ...], tuple[Any, ...]],
    *,
    _actor: Actor,
    _report: Callable[..., Any],
) -> Any:
    """Process-wide, so whose it is stands in the key: no figure of one cooperative can answer another's question."""
    _, days, chosen = asked
    with reading(_actor) as session:
        return _report(session, _actor, *days, **dict(chosen))
