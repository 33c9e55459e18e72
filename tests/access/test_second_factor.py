"""The second factor: codes that count once, recovery codes, what waits for a code counts for nothing."""

from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from core.clock import now
from core.errors import NotAllowed, NotFound, StateChanged
from models.access import CoopUser, RecoveryCode, RoleGrant, SignInAttempt, User
from models.audit import AuditRecord
from services.access import codes, own_password, passwords, second_factor, second_step, sign_in
from services.access.attempts import TooManyAttempts
from services.access.codes import CodeWrong
from services.access.elsewhere import ElsewhereToo
from services.access.second_factor import OwnFactor
from services.access.sign_in import NoPassword, SignInFailed
from tests.access.test_sign_in import HASH, IDLE, begin, resolve, with_password
from tests.conftest import PASSWORD, World
from tests.crowd import at_once

IP = "10.0.0.1"


def key_of(world: World, user_id: int) -> str:
    with world.database.platform("test") as session:
        return codes.key_of(session.get_one(User, user_id)) or ""


def code_of(world: World, user_id: int, steps: int = 0) -> str:
    return pyotp.TOTP(key_of(world, user_id)).at(now(), counter_offset=steps)


def protect(world: World, user: User) -> tuple[str, ...]:
    """Switched on by the person; the code used for that is used up. Returns the recovery codes."""
    signed_in = resolve(world, begin(world, user))
    second_factor.start(world.database, signed_in, PASSWORD, ip=IP)
    return second_factor.switch_on(world.database, signed_in, code_of(world, user.id, -1))


@pytest.fixture
def budi(world: World) -> User:
    return with_password(world)


def verify(world: World, user: User, code: str) -> None:
    codes.verify(world.database, user.id, code, IP)


class TestCodes:
    def test_the_key_lies_sealed(self, world, budi):
        protect(world, budi)
        with world.database.platform("test") as session:
            kept = session.get_one(User, budi.id)
            assert key_of(world, budi.id).encode() not in kept.totp_cipher
            assert {len(row.code_hash) for row in session.scalars(select(RecoveryCode))} == {64}

    def test_a_code_counts_once_also_for_two_at_once(self, any_world):
        budi = with_password(any_world)
        protect(any_world, budi)
        code = code_of(any_world, budi.id)
        results = at_once([lambda: verify(any_world, budi, code) for _ in range(4)])
        assert [type(r) for r in results if r is not None] == [CodeWrong] * 3

    def test_a_step_before_and_after_count_and_none_beyond(self, world, budi):
        protect(world, budi)
        with time_machine.travel(now() + timedelta(hours=1), tick=False):
            for steps in (-2, 2, 5, -10):
                with pytest.raises(CodeWrong):
                    verify(world, budi, code_of(world, budi.id, steps))
            verify(world, budi, code_of(world, budi.id, -1))
            verify(world, budi, code_of(world, budi.id, 1))
            for steps in (-1, 0, 1):  # what is not after the last one used is used up, too
                with pytest.raises(CodeWrong):
                    verify(world, budi, code_of(world, budi.id, steps))

    @pytest.mark.parametrize("code", ["", "x", "000000", "１２３４５６", "12345", "9" * 500, "\x00", "' or 1=1", "-1"])
    def test_what_is_no_code_is_refused(self, world, budi, code):
        protect(world, budi)
        with pytest.raises(CodeWrong):
            verify(world, budi, code)

    def test_a_code_may_be_typed_with_a_gap(self, world, budi):
        protect(world, budi)
        code = code_of(world, budi.id)
        verify(world, budi, f" {code[:3]} {code[3:]} ")

    def test_eight_wrong_codes_shut_the_door_for_the_right_one(self, world, budi):
        protect(world, budi)
        for _ in range(8):
            with pytest.raises(CodeWrong):
                verify(world, budi, "000000")
        with pytest.raises(TooManyAttempts):
            verify(world, budi, code_of(world, budi.id))
        with time_machine.travel(now() + timedelta(minutes=16), tick=False):
            verify(world, budi, code_of(world, budi.id))

    def test_a_recovery_code_counts_once(self, world, budi):
        first, second, *_ = protect(world, budi)
        verify(world, budi, first.upper().replace("-", " "))
        with pytest.raises(CodeWrong):
            verify(world, budi, first)
        fresh = second_factor.recovery_codes(world.database, resolve_twice(world, budi), second, ip=IP)
        assert len(set(fresh)) == 10
        with pytest.raises(CodeWrong):
            verify(world, budi, second)
        verify(world, budi, fresh[0])
        assert second_factor.state(world.database, budi.id).codes_left == 9

    def test_the_codes_of_one_are_nothing_to_another(self, world, budi):
        spare = protect(world, budi)[0]
        with world.database.platform("test", writes=True) as session:
            ketua = session.get_one(User, world.ketua.user_id)
            ketua.password_hash = HASH
        protect(world, ketua)
        for code in (spare, code_of(world, budi.id)):
            with pytest.raises(CodeWrong):
                verify(world, ketua, code)


def resolve_twice(world: World, user: User):
    """In, by something that stands for both factors."""
    token = sign_in.begin(world.database, user, ip=IP, agent="test", hours=12, proved_twice=True)
    return resolve(world, token)


class TestSwitching:
    def test_it_counts_only_after_its_first_code(self, world, budi):
        signed_in = resolve(world, begin(world, budi))
        with pytest.raises(SignInFailed):
            second_factor.start(world.database, signed_in, "bukan ini", ip=IP)
        assert second_factor.offer(world.database, budi.id) is None
        second_factor.start(world.database, signed_in, PASSWORD, ip=IP)
        offer = second_factor.offer(world.database, budi.id)
        assert offer.uri.startswith("otpauth://totp/eKopz:bendahara.maju?secret=")
        assert offer.typed.replace(" ", "") == key_of(world, budi.id)
        with pytest.raises(CodeWrong):
            second_factor.switch_on(world.database, signed_in, "000000")
        assert resolve(world, begin(world, budi))  # nothing is asked yet
        second_factor.switch_on(world.database, signed_in, code_of(world, budi.id))
        assert second_factor.offer(world.database, budi.id) is None  # never shown again

    def test_switching_on_ends_what_came_in_without(self, world, budi):
        other, epoch = begin(world, budi), budi.token_epoch
        protect(world, budi)
        assert resolve(world, other) is None
        with world.database.platform("test") as session:
            assert session.get_one(User, budi.id).token_epoch == epoch + 1

    def test_twice_is_once(self, world, budi):
        protect(world, budi)
        signed_in = resolve_twice(world, budi)
        with pytest.raises(StateChanged):
            second_factor.start(world.database, signed_in, PASSWORD, ip=IP)
        with pytest.raises(StateChanged):
            second_factor.switch_on(world.database, signed_in, code_of(world, budi.id))

    def test_off_needs_password_and_code(self, world, budi):
        protect(world, budi)
        signed_in = resolve_twice(world, budi)
        with pytest.raises(SignInFailed):
            second_factor.switch_off(world.database, signed_in, "bukan", code_of(world, budi.id), ip=IP)
        with pytest.raises(CodeWrong):
            second_factor.switch_off(world.database, signed_in, PASSWORD, "000000", ip=IP)
        second_factor.switch_off(world.database, signed_in, PASSWORD, code_of(world, budi.id), ip=IP)
        assert resolve(world, begin(world, budi))
        with world.database.platform("test") as session:
            assert session.scalars(select(RecoveryCode)).all() == []


class TestWaiting:
    def test_what_waits_counts_for_nothing_until_the_code(self, world, budi):
        protect(world, budi)
        token = begin(world, budi)
        assert resolve(world, token) is None
        assert second_step.whose(world.database, token) == budi.id
        with pytest.raises(CodeWrong):
            second_step.give(world.database, token, "000000", ip=IP, hours=12)
        fresh = second_step.give(world.database, token, code_of(world, budi.id), ip=IP, hours=12)
        assert resolve(world, fresh).user_id == budi.id
        assert resolve(world, token) is None  # the token of before is worth nothing
        with pytest.raises(second_step.CodeLate):
            second_step.give(world.database, token, code_of(world, budi.id, 1), ip=IP, hours=12)

    def test_it_waits_for_ten_minutes(self, world, budi):
        protect(world, budi)
        token = begin(world, budi)
        with time_machine.travel(now() + timedelta(minutes=11), tick=False), pytest.raises(second_step.CodeLate):
            second_step.give(world.database, token, code_of(world, budi.id), ip=IP, hours=12)

    def test_a_session_with_its_code_lasts_as_long_as_any(self, world, budi):
        protect(world, budi)
        token, at = begin(world, budi), now()
        token = second_step.give(world.database, token, code_of(world, budi.id), ip=IP, hours=12)
        with time_machine.travel(at + timedelta(minutes=25), tick=False):
            assert sign_in.resolve(world.database, token, IDLE)

    def test_a_one_time_link_does_not_go_around_it(self, world, budi):
        protect(world, budi)
        with world.database.platform("test", writes=True) as session:
            link = sign_in.one_time_link(session, budi.id)
        user = sign_in.use_link(world.database, link, "tiga kata rahasia")
        assert resolve(world, begin(world, user)) is None


class TestReset:
    def reset(self, world, user_id, who="ketua"):
        actor = world.actors[who]
        with world.transaction(actor) as session:
            second_factor.reset(session, actor, user_id, world.database)

    def test_who_manages_users_helps_somebody_who_lost_theirs(self, world, budi):
        protect(world, budi)
        old = sign_in.begin(world.database, budi, ip=IP, agent="", hours=12, proved_twice=True)
        self.reset(world, budi.id)
        assert resolve(world, old) is None
        assert resolve(world, begin(world, budi))
        with world.reading(world.ketua) as session:
            last = session.scalars(select(AuditRecord).order_by(AuditRecord.seq.desc())).first()
            assert (last.action, last.subject) == ("access.reset_factor", f"user:{budi.id}")

    def test_not_one_s_own_nor_without_the_right_nor_next_door(self, world, budi):
        protect(world, budi)
        with pytest.raises(OwnFactor):
            self.reset(world, world.ketua.user_id)
        for who in ("bendahara", "sekretaris", "pengawas", "petugas"):
            with pytest.raises(NotAllowed):
                self.reset(world, budi.id, who)
        with pytest.raises(NotFound):
            self.reset(world, world.other_actors["bendahara"].user_id)
        assert second_factor.state(world.database, budi.id).is_on

    def test_one_cooperative_does_not_open_another(self, world, budi):
        protect(world, budi)
        with world.database.platform("test", writes=True) as session:
            session.add(CoopUser(coop_id=world.other.id, user_id=budi.id))
            session.add(RoleGrant(coop_id=world.other.id, user_id=budi.id, role="bendahara"))
        with pytest.raises(ElsewhereToo):
            self.reset(world, budi.id)
        assert second_factor.state(world.database, budi.id).is_on

    def test_only_who_manages_users_makes_it_a_duty(self, world):
        with pytest.raises(NotAllowed), world.transaction(world.bendahara) as session:
            second_factor.require(session, world.bendahara, is_required=True)
        with world.transaction(world.ketua) as session:
            second_factor.require(session, world.ketua, is_required=True)
        advised = {role for role, actor in world.actors.items() if second_factor.is_advised(actor)}
        assert advised == {"petugas", "bendahara", "ketua", "sekretaris", "pengawas"}


class TestWithoutPassword:
    """Somebody who came by Google has none."""

    @pytest.fixture
    def ratna(self, world) -> User:
        with world.database.platform("test", writes=True) as session:
            user = User(username="ratna", full_name="Ratna")
            session.add(user)
        return user

    def test_money_asks_the_code_or_a_password_first(self, world, ratna):
        with pytest.raises(NoPassword):
            sign_in.confirm(world.database, ratna.id, "apa saja", IP)
        with world.database.platform("test", writes=True) as session:
            user = session.get_one(User, ratna.id)
            codes.seal(user, pyotp.random_base32())
            user.totp_since = now()
        with pytest.raises(CodeWrong):
            sign_in.confirm(world.database, ratna.id, "000000", IP)
        code = code_of(world, ratna.id)
        assert sign_in.confirm(world.database, ratna.id, code, IP).user_id == ratna.id
        with pytest.raises(CodeWrong):
            sign_in.confirm(world.database, ratna.id, code, IP)

    def test_the_first_password_is_made_right_after_coming_in(self, world, ratna):
        signed_in = resolve(world, begin(world, ratna))
        with time_machine.travel(now() + timedelta(minutes=11), tick=False), pytest.raises(own_password.SignInAgain):
            own_password.make(world.database, signed_in, PASSWORD, "", ip=IP)
        with pytest.raises(passwords.PasswordWeak):
            own_password.make(world.database, signed_in, "pendek", "", ip=IP)
        own_password.make(world.database, signed_in, PASSWORD, "", ip=IP)
        assert sign_in.check_password(world.database, "ratna", PASSWORD, IP).id == ratna.id
        with pytest.raises(own_password.SignInAgain):
            own_password.make(world.database, signed_in, PASSWORD + "x", "", ip=IP)


def test_traces_of_codes_are_not_accounts(world, budi):
    """No username can be the name under which codes are counted."""
    protect(world, budi)
    with pytest.raises(CodeWrong):
        verify(world, budi, "000000")
    with world.database.platform("test") as session:
        assert f":kode:{budi.id}" in set(session.scalars(select(SignInAttempt.account)))
