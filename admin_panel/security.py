"""The framework's security manager over our own users, sessions and roles; none of its own tables are used.

Who may do what is code (`services.access.roles`). A view says which permission word each of its methods needs, and
`has_access` looks that word up in the signed-in person's permissions.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import flash, g, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi
from flask_appbuilder.security.manager import BaseSecurityManager
from flask_appbuilder.security.views import AuthDBView as StockAuthDBView
from flask_jwt_extended import JWTManager, create_access_token, create_refresh_token, current_user, jwt_required
from flask_login import LoginManager
from sqlalchemy import select
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from admin_panel import scope
from admin_panel.forms import KopForm
from core.errors import Refusal
from models.access import User
from services.access import google, second_step, sign_in
from web import proofs
from web.body import BodyUnreadable, sent_object
from web.errors import answer
from web.request import TOKEN, WAITING, become, client_ip, let_in, safe_next, who_asks

SIGN_IN_AGAIN = "Token ini tidak berlaku atau sudah kedaluwarsa. Masuk lagi di /api/v1/security/login."


class SignedInUser:
    """What the framework's sign-in library asks of a user; everything else is in `g.actor`."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, signed_in: sign_in.SignedIn) -> None:
        self.id = signed_in.user_id
        self.full_name = signed_in.full_name

    def get_id(self) -> str:
        return str(self.id)

    def get_full_name(self) -> str:
        return self.full_name


class EkopzSecurityManager(BaseSecurityManager):
    """Signs in by password, resolves sessions and tokens in the database, answers `has_access`."""

    user_model = User

    def create_login_manager(self, app: Any) -> LoginManager:
        manager = LoginManager(app)
        manager.request_loader(self._user_of_request)
        return manager

    def create_jwt_manager(self, app: Any) -> JWTManager:
        """A token that does not count is a 401 in Indonesian, whatever is wrong with it."""
        manager: JWTManager = super().create_jwt_manager(app)
        for refusing in (manager.unauthorized_loader, manager.invalid_token_loader):
            refusing(lambda _: answer(401, SIGN_IN_AGAIN, code="token_invalid"))
        for refusing in (manager.expired_token_loader, manager.user_lookup_error_loader, manager.revoked_token_loader):
            refusing(lambda *_: answer(401, SIGN_IN_AGAIN, code="token_invalid"))
        return manager

    @staticmethod
    def _user_of_request(_: Any) -> SignedInUser | None:
        found = g.get("signed_in")
        return SignedInUser(found) if found is not None else None

    def register_views(self) -> None:
        from admin_panel.doors import DOORS  # they end here, as the password does

        self.auth_view = self.appbuilder.add_view_no_menu(AuthDBView())
        for door in DOORS:
            self.appbuilder.add_view_no_menu(door())
        self.appbuilder.add_api(TokenApi)

    def create_db(self) -> None:
        """Tables are made by migrations; the framework has none of its own here."""

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether the signed-in person holds the word that `view_name` declares for `permission_name`."""
        who = scope.actor_or_none()
        if who is None:
            return False
        if permission_name == "menu_access":
            return True  # our own menu filters by permission; the framework's is empty
        for view in self.appbuilder.baseviews:
            if view.class_permission_name == view_name:
                word = getattr(view, "words", {}).get(permission_name)
                return word is not None and who.may(word)
        return False

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing of the panel is public."""
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        return set(menu_names or ()) if scope.actor_or_none() else set()

    def auth_user_db(self, username: str, password: str) -> User | None:
        """The user with this password, or None. Raises TooManyAttempts (429)."""
        try:
            return sign_in.check_password(scope.database(), username, password, client_ip())
        except sign_in.SignInFailed:
            return None

    def load_user_jwt(self, _header: dict[str, Any], claims: dict[str, Any]) -> User | None:
        """The active user of a token whose epoch still counts; sets whose cooperative the request is in."""
        with scope.database().platform("token") as work:
            user = work.scalars(select(User).where(User.id == int(claims["sub"]), User.is_active)).first()
        if user is None or claims.get("epoch") != user.token_epoch:
            return None
        coops = sign_in.coops_of(scope.database(), user.id)
        wanted = claims.get("coop") if claims.get("coop") in coops else (coops[0] if coops else None)
        g.user = user
        become(sign_in.actor_for(scope.database(), user.id, wanted) if wanted else None)
        return user


class SignInForm(KopForm):
    username = StringField("Nama pengguna", validators=[InputRequired(), Length(max=120)])
    password = PasswordField("Kata sandi", validators=[InputRequired(), Length(max=200)])


class AuthDBView(StockAuthDBView):
    """`/masuk` and `/keluar`; the pages around a password are the portal's."""

    login_template = "appbuilder/general/security/login_db.html"
    base_permissions: list[str] = []

    @expose("/masuk", methods=["GET", "POST"])
    def login(self) -> ResponseReturnValue:
        if g.get("signed_in") is not None:
            return redirect(after_sign_in())
        if request.method == "GET" and session.get(WAITING):
            return redirect(url_for("CodeDoor.ask", next=request.args.get("next")))
        form, status = SignInForm(), 200
        if form.validate_on_submit():
            user, status, sentence = self._try(form)
            if user is not None:
                return redirect(come_in(user, request.args.get("next")))
            flash(sentence, "danger")
        ways = {"has_google": google.provider() is not None, "has_passkeys": proofs.passkey_place() is not None}
        return self.render_template(self.login_template, title="Masuk", form=form, **ways), status

    def _try(self, form: SignInForm) -> tuple[User | None, int, str]:
        try:
            user = self.appbuilder.sm.auth_user_db(form.username.data, form.password.data)
        except Refusal as refusal:
            return None, refusal.status, refusal.sentence
        return user, 401, sign_in.SignInFailed.pesan

    @expose("/login/", methods=["GET"])
    def old_address(self) -> ResponseReturnValue:
        """The framework's own address for signing in."""
        return redirect(url_for("AuthDBView.login", next=request.args.get("next")), 301)

    @expose("/keluar", methods=["POST"])
    def logout(self) -> ResponseReturnValue:
        found = g.get("signed_in")
        if found is not None:
            sign_in.end(scope.database(), found.session_id)
        session.clear()
        flash("Anda sudah keluar. Sampai jumpa.", "success")
        return redirect(url_for("AuthDBView.login"))


def come_in(user: User, wanted: str | None = None, *, proved_twice: bool = False) -> str:
    """A new session in the cookie, nothing of the one before kept; returns where to go (first, the code's page)."""
    agent, hours = request.headers.get("User-Agent", ""), scope.settings().session_hours
    let_in(
        sign_in.begin(scope.database(), user, ip=client_ip(), agent=agent, hours=hours, proved_twice=proved_twice)
    )  # fmt: skip
    return url_for("CodeDoor.ask", next=wanted) if session.get(WAITING) else resume(wanted)


def resume(wanted: str | None = None) -> str:
    """Who has just come in asks from now on; returns where to go."""
    g.signed_in = sign_in.resolve(scope.database(), session[TOKEN], scope.settings().session_idle_minutes)
    become(who_asks(g.signed_in))
    return after_sign_in(wanted)


def after_sign_in(wanted: str | None = None) -> str:
    """Where a signed-in person goes: back where they came from, else the panel, the member area, or the choice of both.

    Who has no place in any cooperative may say which member they are, or goes to the front page: every other page
    would send them here again.
    """
    who = scope.actor_or_none()
    if who is None:
        target = safe_next(wanted or request.args.get("next"), "/")
        return target if urlsplit(target).path == url_for("portal.claim") else "/"
    home = "/kopmin/" if who.may("panel.enter") else "/platform/" if who.may("platform.enter") else "/mykoperasi/"
    works_on_platform = g.signed_in is not None and g.signed_in.platform_role is not None
    if who.may("panel.enter") and (who.member_id is not None or works_on_platform):
        home = "/pilih"
    target = safe_next(wanted or request.args.get("next"), home)
    return home if target.startswith(("/masuk", "/keluar")) else target


class TokenApi(BaseApi):
    """`/api/v1/security`: tokens for programs, under the same limits as the sign-in page. Refusals are problem+json."""

    resource_name = "security"
    allow_browser_login = False

    @expose("/login", methods=["POST"])
    def login(self) -> ResponseReturnValue:
        try:
            known = sent_object()
        except BodyUnreadable:
            known = {}
        username, password = known.get("username"), known.get("password")
        if not isinstance(username, str) or not isinstance(password, str):
            return answer(400, "Kirim JSON dengan username dan password.")
        user = sign_in.check_password(scope.database(), username, password, client_ip())
        second_step.at_once(scope.database(), user, known.get("otp"), ip=client_ip())
        tokens = {"access_token": _token(create_access_token, user, fresh=True)}
        if known.get("refresh"):
            tokens["refresh_token"] = _token(create_refresh_token, user)
        return jsonify(tokens)

    @expose("/refresh", methods=["POST"])
    @jwt_required(refresh=True)
    def refresh(self) -> ResponseReturnValue:
        return jsonify(access_token=_token(create_access_token, current_user, fresh=False))


def _token(make: Any, user: User, **options: Any) -> str:
    token: str = make(identity=str(user.id), additional_claims={"epoch": user.token_epoch}, **options)
    return token
