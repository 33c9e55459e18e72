"""How an account can be entered now: what the pages about it show."""

from dataclasses import dataclass

from flask import g

from core.errors import Refusal
from services.access import google, identities, own_email, passkeys, second_factor
from services.access.sign_in import SignInFailed
from web.proofs import passkey_place
from web.request import database, db


@dataclass(frozen=True)
class WaysIn:
    """Every way into the signed-in person's account. `google` is its address, if any is linked."""

    email: own_email.Standing
    has_password: bool
    has_factor: bool
    codes_left: int
    offers_google: bool
    google: str
    offers_passkeys: bool
    passkeys: list[passkeys.Row]

    @property
    def proof(self) -> str:
        """What is asked before one of them changes."""
        return "Kata sandi Anda" if self.has_password else "Kode kedua"


def ways_in() -> WaysIn:
    opened, user_id = database(), g.signed_in.user_id
    factor, linked = second_factor.state(opened, user_id), identities.linked(opened, user_id)
    return WaysIn(
        own_email.of(db(), user_id),
        factor.has_password, factor.is_on, factor.codes_left, google.provider() is not None,
        linked.email if linked else "", passkey_place() is not None, passkeys.mine(opened, user_id),
    )  # fmt: skip


def told(refusal: Refusal) -> str:
    """Why a password typed again did not do: it is the wrong one, never the wrong name."""
    wrong = "Kata sandi tidak cocok. Ketik ulang dengan teliti."
    return wrong if isinstance(refusal, SignInFailed) else refusal.sentence
