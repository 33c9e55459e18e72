"""Users, what they may do where, their sessions, and requests that wait for a second person."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from models.base import Base, BelongsToCoop, Id, points_at, tenant_table


class User(Base):
    """A person who signs in. Shared: one person may serve several cooperatives."""

    __tablename__ = "users"

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str | None] = mapped_column(String(120), unique=True)
    full_name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    is_active: Mapped[bool] = mapped_column(default=True)
    platform_role: Mapped[str | None] = mapped_column(String(30))  # a role of `services.access.roles` on the platform
    token_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_sign_in_at: Mapped[datetime | None]
    email_confirmed_at: Mapped[datetime | None]
    # the second factor (TOTP): its key is encrypted (`core.secrets`), a code counts once
    totp_cipher: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_since: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]

    # what the sign-in library of the faces asks of a user
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        return str(self.id)

    def get_full_name(self) -> str:
        return self.full_name

    def __str__(self) -> str:
        return self.full_name


class CoopUser(BelongsToCoop, Base):
    """A user's place in one cooperative; `member_id` when the user is also its member."""

    __tablename__ = "coop_users"
    __table_args__ = tenant_table(
        UniqueConstraint("coop_id", "user_id"),
        UniqueConstraint("coop_id", "member_id"),
        points_at("members", "member_id"),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    member_id: Mapped[int | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    user: Mapped[User] = relationship()


class RoleGrant(BelongsToCoop, Base):
    """One role of one user in one cooperative; what the role may do is `services.access.roles`."""

    __tablename__ = "role_grants"
    __table_args__ = tenant_table(UniqueConstraint("coop_id", "user_id", "role"))

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    granted_at: Mapped[datetime] = mapped_column(default=now)
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class LoginSession(Base):
    """A signed-in browser. The cookie holds a token, this row its hash and whether it still counts."""

    __tablename__ = "login_sessions"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    coop_id: Mapped[int | None] = mapped_column(ForeignKey("coops.id"))
    waits_for_code: Mapped[bool] = mapped_column(default=False, server_default=false())  # counts for nothing until then
    support_grant_id: Mapped[int | None]  # an operator looking into `coop_id`, see `models.support.SupportGrant`
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    ip: Mapped[str] = mapped_column(String(45), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")


class SignInAttempt(Base):
    """A password tried, for limits per account and per address."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "account", "at"), Index(None, "ip", "at"))

    id: Mapped[Id]
    account: Mapped[str] = mapped_column(String(64))
    ip: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime] = mapped_column(default=now)
    succeeded: Mapped[bool] = mapped_column(default=False)


class OneTimeLink(Base):
    """A link that lets its owner set a password once."""

    __tablename__ = "one_time_links"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class UserIdentity(Base):
    """Who a user is at another provider of sign-in (`google`), by the provider's own lasting name (`sub`)."""

    __tablename__ = "user_identities"
    __table_args__ = (UniqueConstraint("provider", "subject"), UniqueConstraint("user_id", "provider"))

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    provider: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code that stands in once for the second factor of somebody who lost their phone."""

    __tablename__ = "recovery_codes"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A key in somebody's device that signs them in (WebAuthn)."""

    __tablename__ = "passkeys"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    label: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime | None]


class UserTour(Base):
    """A guided tour that a user has seen to its end or closed: it is not started by itself again."""

    __tablename__ = "user_tours"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    tour: Mapped[str] = mapped_column(String(60), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(default=now)


class ApprovalRequest(BelongsToCoop, Base):
    """Something one person asked for and another decides. The payload is frozen by its hash."""

    __tablename__ = "approval_requests"
    __table_args__ = tenant_table(
        CheckConstraint("state in ('pending','approved','rejected','expired')", name="state"),
        CheckConstraint("decided_by is null or decided_by <> requested_by", name="four_eyes"),
        Index(None, "coop_id", "state"),
        # one pending request per subject: the second click meets the first
        Index(
            "uq_approval_requests_pending_subject",
            "coop_id",
            "subject",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
    )

    id: Mapped[Id]
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    payload_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="pending")
    requested_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    requested_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    requester: Mapped[User] = relationship(foreign_keys=[requested_by])
    decider: Mapped[User | None] = relationship(foreign_keys=[decided_by])
