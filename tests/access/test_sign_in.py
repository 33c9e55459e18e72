"""Coming in: limits that hold for a crowd, links that burn once, sessions that end when they should."""

import hashlib
import sys
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from core.clock import now
from core.errors import NotAllowed, NotFound
from core.settings import BadSetting, load
from models.access import CoopUser, LoginSession, SignInAttempt, User
from services.access import own_password, passwords, sessions, sign_in, users
from services.access.passwords import PasswordWeak
from services.access.roles import ROLES
from services.access.sign_in import LinkInvalid, SignInFailed, TooManyAttempts
from tests.conftest import PASSWORD
from tests.crowd import at_once

HASH = passwords.hashed(PASSWORD)
NEW = "tiga kata rahasia"
IDLE = 30


def with_password(world) -> User:
    """Bendahara with a password."""
    with world.database.platform("test", writes=True) as session:
        user = session.get_one(User, world.bendahara.user_id)
        user.password_hash = HASH
    return user


@pytest.fixture
def budi(world) -> User:
    return with_password(world)


def begin(world, user) -> str:
    return sign_in.begin(world.database, user, ip="10.0.0.1", agent="test", hours=12)


def resolve(world, token):
    return sign_in.resolve(world.database, token, IDLE)


def check(world, username, password, ip="10.0.0.1"):
    return sign_in.check_password(world.database, username, password, ip)


class TestLimits:
    def test_eight_guesses_and_the_door_is_shut_even_for_the_right_one(self, world, budi):
        for _ in range(8):
            with pytest.raises(SignInFailed):
                check(world, budi.username, "tebak")
        with pytest.raises(TooManyAttempts):
            check(world, budi.username, PASSWORD)
        with time_machine.travel(now() + timedelta(minutes=16)):
            assert check(world, budi.username, PASSWORD).id == budi.id

    def test_thirty_guessing_at_once_get_no_more_tries(self, any_world):
        budi = with_password(any_world)
        results = at_once([lambda n=n: check(any_world, budi.username, f"tebak {n}") for n in range(30)])
        tried = [r for r in results if isinstance(r, SignInFailed)]
        assert len(tried) <= 8
        assert {type(r) for r in results} <= {SignInFailed, TooManyAttempts}

    def test_a_name_written_otherwise_is_the_same_account(self, world, budi):
        for name in (budi.username.upper(), f" {budi.username} ", budi.username.title(), budi.username) * 2:
            with pytest.raises(SignInFailed):
                check(world, name, "tebak")
        with pytest.raises(TooManyAttempts):
            check(world, budi.username, PASSWORD)

    def test_one_address_may_not_try_everybody(self, world, budi):
        with world.database.platform("test", writes=True) as session:
            session.add_all([SignInAttempt(account=f"x{n}", ip="10.0.0.9", succeeded=False) for n in range(60)])
        with pytest.raises(TooManyAttempts):
            check(world, budi.username, PASSWORD, "10.0.0.9")
        assert check(world, budi.username, PASSWORD, "10.0.0.8").id == budi.id

    def test_coming_in_starts_the_count_anew(self, world, budi):
        for _ in range(2):
            with world.database.platform("test", writes=True) as session:
                session.add_all([SignInAttempt(account=budi.username, ip="x", succeeded=False) for _ in range(7)])
            assert check(world, budi.username, PASSWORD).id == budi.id

    def test_an_unknown_name_costs_as_much_as_a_known_one(self, world):
        """The same hashing is done for both: nobody learns by the clock who has an account."""
        with world.database.platform("test", writes=True) as session:
            session.get_one(User, world.bendahara.user_id).password_hash = HASH

        def cost(name):
            hashed = []

            def see(frame, event, called):
                if event == "c_call" and called is hashlib.scrypt:
                    hashed.append(tuple(frame.f_locals[size] for size in "nrp"))

            sys.setprofile(see)
            try:
                with pytest.raises(SignInFailed):
                    check(world, name, "tebak")
            finally:
                sys.setprofile(None)
            return hashed

        assert cost("bendahara.maju") == cost("tidak.ada") == [(2**15, 8, 1)]

    def test_who_is_switched_off_or_has_no_password_is_told_the_same(self, world):
        with world.database.platform("test", writes=True) as session:
            session.get_one(User, world.bendahara.user_id).password_hash = HASH
            session.get_one(User, world.bendahara.user_id).is_active = False
        for name in ("bendahara.maju", "ketua.maju"):
            with pytest.raises(SignInFailed):
                check(world, name, PASSWORD)


class TestSessions:
    def test_the_token_itself_is_kept_nowhere(self, world, budi):
        token = begin(world, budi)
        with world.database.platform("test") as session:
            assert token not in {row.token_hash for row in session.query(LoginSession)}
        assert resolve(world, token).user_id == budi.id
        assert resolve(world, token + "x") is None

    def test_half_an_hour_of_silence_ends_it(self, world, budi):
        token, at = begin(world, budi), now()
        for minutes in (20, 40, 60):  # used in between
            with time_machine.travel(at + timedelta(minutes=minutes), tick=False):
                assert resolve(world, token)
        with time_machine.travel(at + timedelta(minutes=91), tick=False):
            assert resolve(world, token) is None

    def test_twelve_hours_end_it_however_busy(self, world, budi):
        token, at = begin(world, budi), now()
        for minutes in range(20, 720, 20):
            with time_machine.travel(at + timedelta(minutes=minutes), tick=False):
                assert resolve(world, token)
        with time_machine.travel(at + timedelta(hours=12, seconds=5), tick=False):
            assert resolve(world, token) is None

    def test_signing_out_ends_it_for_every_copy(self, world, budi):
        token = begin(world, budi)
        sign_in.end(world.database, resolve(world, token).session_id)
        assert resolve(world, token) is None

    def test_a_new_password_ends_the_others_and_every_token(self, any_world):
        budi = with_password(any_world)
        here, elsewhere = begin(any_world, budi), begin(any_world, budi)
        epoch = budi.token_epoch
        own_password.change(any_world.database, resolve(any_world, here), PASSWORD, NEW)
        assert resolve(any_world, here)
        assert resolve(any_world, elsewhere) is None
        with any_world.database.platform("test") as session:
            assert session.get_one(User, budi.id).token_epoch == epoch + 1
        assert check(any_world, budi.username, NEW).id == budi.id

    def test_a_new_password_needs_the_old_one(self, world, budi):
        token = begin(world, budi)
        with pytest.raises(SignInFailed):
            own_password.change(world.database, resolve(world, token), "bukan", NEW)

    def test_who_is_switched_off_everywhere_is_out_at_once(self, world, budi):
        token = begin(world, budi)
        with world.database.platform("test", writes=True) as session:
            session.execute(update(User).where(User.id == budi.id).values(is_active=False))
        assert resolve(world, token) is None

    def test_who_lost_a_role_comes_in_anew(self, world, budi):
        token, ketua = begin(world, budi), world.ketua
        with world.transaction(ketua) as session:
            users.set_roles(session, ketua, budi.id, {"petugas"})
        assert resolve(world, token) is None
        assert sign_in.actor_for(world.database, budi.id, world.coop.id).may("ledger.journal") is False

    def test_one_of_one_s_own_devices_can_be_ended_and_nobody_else_s(self, world, budi):
        here, phone = resolve(world, begin(world, budi)), resolve(world, begin(world, budi))
        with world.database.platform("test") as session:
            chair = session.get_one(User, world.ketua.user_id)
        foreign = resolve(world, begin(world, chair))
        shown = sessions.open_sessions(world.database, here, IDLE)
        assert [(row.session_id, row.is_this) for row in shown] == [
            (phone.session_id, False), (here.session_id, True),
        ]  # fmt: skip
        sessions.end_own(world.database, here, phone.session_id)
        assert len(sessions.open_sessions(world.database, here, IDLE)) == 1
        for other in (foreign.session_id, 0, 10**9):
            with pytest.raises(NotFound):
                sessions.end_own(world.database, here, other)


class TestLinks:
    def link(self, world) -> tuple[str, int]:
        user_id = world.petugas.user_id
        with world.transaction(world.ketua) as session:
            return users.new_link(session, world.ketua, user_id, world.database), user_id

    def test_of_two_who_open_it_at_once_one_sets_the_password(self, any_world):
        token, user_id = self.link(any_world)
        results = at_once([lambda n=n: sign_in.use_link(any_world.database, token, f"{NEW} {n}").id for n in range(2)])
        assert sorted(map(str, results))[-1] == str(LinkInvalid()) or user_id in results
        assert [type(r) for r in results if r != user_id] == [LinkInvalid]

    def test_it_is_good_for_three_days(self, world):
        token, _ = self.link(world)
        with time_machine.travel(now() + timedelta(days=3, minutes=1)):
            for act in (lambda: sign_in.link_user(world.database, token),
                        lambda: sign_in.use_link(world.database, token, NEW)):  # fmt: skip
                with pytest.raises(LinkInvalid):
                    act()

    def test_a_weak_password_does_not_burn_it(self, world):
        token, user_id = self.link(world)
        with pytest.raises(PasswordWeak):
            sign_in.use_link(world.database, token, "pendek")
        assert sign_in.use_link(world.database, token, NEW).id == user_id

    def test_using_it_ends_what_was_open(self, world, budi):
        with world.transaction(world.ketua) as session:
            token = users.new_link(session, world.ketua, budi.id, world.database)
        old = begin(world, budi)
        sign_in.use_link(world.database, token, NEW)
        assert resolve(world, old) is None

    def test_using_one_burns_every_other_of_the_same_person(self, world):
        first, user_id = self.link(world)
        second, _ = self.link(world)
        assert sign_in.use_link(world.database, second, NEW).id == user_id
        with pytest.raises(LinkInvalid):
            sign_in.use_link(world.database, first, NEW)

    @pytest.mark.parametrize("token", ["", "x", "x" * 5_000, "\x00", "' or 1=1"])
    def test_a_link_nobody_made_is_refused(self, world, token):
        with pytest.raises(LinkInvalid):
            sign_in.use_link(world.database, token, NEW)


class TestPasswords:
    @pytest.mark.parametrize(
        "password",
        [
            "",
            "pendek",
            "123456789",
            "1234567890",
            "KOPERASI123",
            "aaaaaaaaaaaa",
            "ababababab",
            "x" * 201,
            "Siti.Aminah",
        ],
    )
    def test_short_common_and_one_s_own_name_are_refused(self, password):
        with pytest.raises(PasswordWeak):
            passwords.checked(password, "siti.aminah")

    @pytest.mark.parametrize("password", ["kuda lari pagi", "semuahurufkecil", "ÄÖÜ汉字🙂🙂🙂 kata", "abcd" * 50])
    def test_nothing_but_length_and_guessing_counts(self, password):
        assert passwords.checked(password, "siti") == password

    def test_hashes_are_salted_and_slow(self):
        one, two = passwords.hashed(NEW), passwords.hashed(NEW)
        assert one != two
        assert one.startswith("scrypt:32768:8:1$")
        assert passwords.agrees(one, NEW)
        assert not passwords.agrees(None, NEW)


class TestSeveralCooperatives:
    def both(self, world) -> User:
        """Budi is bendahara with us and anggota next door."""
        from models.access import RoleGrant

        user_id = world.bendahara.user_id
        with world.database.platform("test", writes=True) as session:
            session.add(CoopUser(coop_id=world.other.id, user_id=user_id))
            session.add(RoleGrant(coop_id=world.other.id, user_id=user_id, role="anggota"))
            return session.get_one(User, user_id)

    def test_a_person_of_two_has_other_rights_in_each(self, any_world):
        user = self.both(any_world)
        here = sign_in.actor_for(any_world.database, user.id, any_world.coop.id)
        there = sign_in.actor_for(any_world.database, user.id, any_world.other.id)
        assert here.may("ledger.journal")
        assert there.permissions == ROLES["anggota"].permissions
        assert sign_in.coops_of(any_world.database, user.id) == [any_world.coop.id, any_world.other.id]

    def test_one_chooses_among_one_s_own(self, any_world):
        token = begin(any_world, self.both(any_world))
        sign_in.choose_coop(any_world.database, resolve(any_world, token), any_world.other.id)
        assert resolve(any_world, token).coop_id == any_world.other.id
        with any_world.database.platform("test") as session:
            ketua = session.get_one(User, any_world.ketua.user_id)
        with pytest.raises(NotAllowed):
            sign_in.choose_coop(any_world.database, resolve(any_world, begin(any_world, ketua)), any_world.other.id)

    def test_put_out_of_one_they_stay_in_the_other(self, any_world):
        user, ketua = self.both(any_world), any_world.ketua
        with any_world.transaction(ketua) as session:
            users.set_active(session, ketua, user.id, is_active=False)
        assert sign_in.actor_for(any_world.database, user.id, any_world.coop.id) is None
        there = sign_in.actor_for(any_world.database, user.id, any_world.other.id)
        assert there.permissions == ROLES["anggota"].permissions
        assert sign_in.coops_of(any_world.database, user.id) == [any_world.other.id]


class TestSettings:
    @pytest.mark.parametrize(
        ("name", "given"),
        [
            ("GOOGLE_CLIENT_SECRET", {"GOOGLE_CLIENT_ID": "id.apps.example"}),
            ("GOOGLE_CLIENT_ID", {"GOOGLE_CLIENT_SECRET": "rahasia-sekali"}),
            ("GOOGLE_CLIENT_ID", {"GOOGLE_CLIENT_ID": "ada spasi ya", "GOOGLE_CLIENT_SECRET": "rahasia-sekali"}),
            ("GOOGLE_DISCOVERY_URL", {"GOOGLE_DISCOVERY_URL": "http://accounts.google.com/x"}),
        ],
    )
    def test_half_of_google_s_keys_stops_the_start(self, tmp_path, name, given):
        with pytest.raises(BadSetting, match=name):
            load({"EKOPZ_DATA": str(tmp_path)} | given)

    def test_the_keys_are_told_to_nobody(self, tmp_path):
        given = {"GOOGLE_CLIENT_ID": "id.apps.example", "GOOGLE_CLIENT_SECRET": "rahasia-sekali"}
        assert "rahasia-sekali" not in repr(load({"EKOPZ_DATA": str(tmp_path)} | given))
