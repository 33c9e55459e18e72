"""Every environment variable, typed. The product refuses to start on a bad value and says which."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from core.errors import Refusal
from core.system import reason_of


class BadSetting(Refusal):
    code = "bad_setting"
    pesan = "Pengaturan {name} salah: {reason} Perbaiki lalu jalankan lagi."


@dataclass(frozen=True)
class Settings:
    """One value per environment variable; `docs/operations.md` lists them."""

    data: Path
    database_url: str
    port: int
    host: str
    secret_key: str
    jwt_secret_key: str
    field_key: bytes
    public_url: str
    secure_cookies: bool
    session_idle_minutes: int
    session_hours: int
    trusted_hosts: tuple[str, ...]
    proxies: int
    smtp_url: str
    midtrans_server_key: str
    midtrans_url: str
    midtrans_api_url: str
    rajaongkir_key: str
    rajaongkir_url: str
    billing_transfer_to: str
    google_client_id: str
    google_client_secret: str
    google_discovery_url: str

    @property
    def uploads(self) -> Path:
        """Where uploaded files lie."""
        return self.data / "uploads"

    def __repr__(self) -> str:
        hidden = ("key", "url", "secret")
        shown = {f.name: getattr(self, f.name) for f in fields(self) if not any(word in f.name for word in hidden)}
        return f"Settings({shown})"


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; secrets are made in the data folder (0600) on first start.

    Raises:
        BadSetting: naming the variable and what is wrong with it.
    """
    env = os.environ if environ is None else environ
    data, database_url = place(env)
    port = _whole(env, "PORT", 8080, 1, 65535)
    host = env.get("HOST", "127.0.0.1")
    midtrans_server_key, midtrans_url, midtrans_api_url = _midtrans(env)
    google_client_id, google_client_secret = _google(env)
    return Settings(
        data=data,
        database_url=database_url,
        port=port,
        host=host,
        secret_key=_secret(env, "SECRET_KEY", data),
        jwt_secret_key=_secret(env, "JWT_SECRET_KEY", data),
        field_key=bytes.fromhex(_secret(env, "FIELD_KEY", data, exactly_hex=64)),
        public_url=_public_url(env.get("PUBLIC_URL", f"http://{host}:{port}")),
        secure_cookies=_yes(env, "SECURE_COOKIES", env.get("PUBLIC_URL", "").startswith("https://")),
        session_idle_minutes=_whole(env, "SESSION_IDLE_MINUTES", 30, 1, 1440),
        session_hours=_whole(env, "SESSION_HOURS", 12, 1, 720),
        trusted_hosts=tuple(h.strip() for h in env.get("TRUSTED_HOSTS", "").split(",") if h.strip()),
        proxies=_whole(env, "PROXIES", 0, 0, 5),
        smtp_url=_smtp_url(env.get("SMTP_URL", "")),
        midtrans_server_key=midtrans_server_key,
        midtrans_url=midtrans_url,
        midtrans_api_url=midtrans_api_url,
        rajaongkir_key=_service_key(env, "RAJAONGKIR_KEY"),
        rajaongkir_url=_service_url(env, "RAJAONGKIR_URL", "https://rajaongkir.komerce.id/api/v1"),
        billing_transfer_to=" ".join(env.get("BILLING_TRANSFER_TO", "").split())[:120],
        google_client_id=google_client_id,
        google_client_secret=google_client_secret,
        google_discovery_url=_service_url(
            env, "GOOGLE_DISCOVERY_URL", "https://accounts.google.com/.well-known/openid-configuration"
        ),
    )


def place(environ: Mapping[str, str] | None = None) -> tuple[Path, str]:
    """The data folder and the database's address alone: no secret is made. Raises BadSetting."""
    env = os.environ if environ is None else environ
    data = _data_folder(env.get("EKOPZ_DATA") or ".data")
    return data, _database_url(env.get("DATABASE_URL") or f"sqlite:///{data / 'ekopz.db'}")


def _data_folder(value: str) -> Path:
    folder = Path(value).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise BadSetting(
            name="EKOPZ_DATA", reason=f"folder {value} tidak dapat dibuat ({reason_of(problem)})."
        ) from None
    if not os.access(folder, os.W_OK):
        raise BadSetting(name="EKOPZ_DATA", reason=f"folder {value} tidak dapat ditulis.")
    return folder


def _database_url(value: str) -> str:
    if value.startswith("sqlite:///"):
        return value
    if value.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + value.split("://", 1)[1]
    if value.startswith("postgresql+psycopg://"):
        return value
    raise BadSetting(name="DATABASE_URL", reason="harus diawali sqlite:/// atau postgresql://.")


def _smtp_url(value: str) -> str:
    """Where mail goes out; empty for no mail. Only the shape is looked at: the server may be down when we start."""
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise BadSetting(name="SMTP_URL", reason="alamat server atau nomor port salah.") from None
    sender = parse_qs(parts.query).get("from", [unquote(parts.username or "")])[0]
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or port == 0:
        raise BadSetting(
            name="SMTP_URL", reason="contoh yang benar: smtp://nama:sandi@server:587?from=koperasi@contoh.id."
        )
    if "@" not in sender or any(character in sender for character in "\r\n <>"):
        raise BadSetting(name="SMTP_URL", reason="sebutkan alamat pengirim, misalnya ?from=koperasi@contoh.id.")
    return value


def _public_url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise BadSetting(name="PUBLIC_URL", reason="harus diawali http:// atau https://.")
    return value.rstrip("/")


def _midtrans(env: Mapping[str, str]) -> tuple[str, str, str]:
    """Key and both addresses of the payment service; trying out and real money are never mixed."""
    key = _service_key(env, "MIDTRANS_SERVER_KEY", not_in_it=":")
    url = _service_url(env, "MIDTRANS_URL", "https://app.midtrans.com")
    api_url = _service_url(env, "MIDTRANS_API_URL", url.replace("://app.", "://api."))
    if (".sandbox." in url) != (".sandbox." in api_url):
        raise BadSetting(name="MIDTRANS_API_URL", reason="harus sama-sama uji coba (sandbox) dengan MIDTRANS_URL.")
    if key.startswith("SB-") and url == "https://app.midtrans.com":
        raise BadSetting(name="MIDTRANS_SERVER_KEY", reason="ini kunci uji coba (SB-), tetapi MIDTRANS_URL sungguhan.")
    return key, url, api_url


def _google(env: Mapping[str, str]) -> tuple[str, str]:
    """Both keys of the sign-in with Google, or neither."""
    client_id, secret = _service_key(env, "GOOGLE_CLIENT_ID"), _service_key(env, "GOOGLE_CLIENT_SECRET")
    if bool(client_id) != bool(secret):
        missing = "GOOGLE_CLIENT_SECRET" if client_id else "GOOGLE_CLIENT_ID"
        raise BadSetting(name=missing, reason="isi bersama pasangannya, atau kosongkan keduanya.")
    return client_id, secret


def _service_key(env: Mapping[str, str], name: str, *, not_in_it: str = "") -> str:
    """A key a service gave us; empty: the service is not used. The key itself is never said."""
    key = env.get(name, "").strip()
    plain = key.isascii() and key.isprintable() and not set(key) & {" ", *not_in_it}
    if key and not (plain and 8 <= len(key) <= 200):
        raise BadSetting(
            name=name, reason="salin lagi kuncinya dari dasbor layanan: 8 sampai 200 karakter tanpa spasi."
        )
    return key


def _service_url(env: Mapping[str, str], name: str, default: str) -> str:
    """Where a service answers: https, or anything on this very machine."""
    value = (env.get(name) or default).strip().rstrip("/")
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or port == 0 or any(character.isspace() for character in value):
        raise BadSetting(name=name, reason="bukan alamat yang utuh; contoh yang benar: " + default + ".")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in {"127.0.0.1", "localhost", "::1"}):
        raise BadSetting(name=name, reason="harus diawali https://.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise BadSetting(name=name, reason="hanya alamatnya, tanpa nama, sandi, ? atau #.")
    return value


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = env.get(name, str(default))
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise BadSetting(name=name, reason=f"harus bilangan bulat {low} sampai {high}, bukan '{value}'.")
    return int(value)


def _yes(env: Mapping[str, str], name: str, default: bool) -> bool:
    value = env.get(name, "ya" if default else "tidak").lower()
    if value not in {"ya", "tidak", "1", "0", "true", "false"}:
        raise BadSetting(name=name, reason=f"harus 'ya' atau 'tidak', bukan '{value}'.")
    return value in {"ya", "1", "true"}


def _secret(env: Mapping[str, str], name: str, data: Path, exactly_hex: int | None = None) -> str:
    value = env.get(name) or _kept_secret(data / f"{name.lower()}.secret")
    if len(value) < 32:
        raise BadSetting(name=name, reason="terlalu pendek; pakai paling sedikit 32 karakter acak.")
    if exactly_hex and (len(value) != exactly_hex or any(c not in "0123456789abcdef" for c in value)):
        raise BadSetting(name=name, reason=f"harus {exactly_hex} angka heksadesimal huruf kecil.")
    return value


def _kept_secret(file: Path) -> str:
    try:
        if not file.exists():
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as writer:
                writer.write(secrets.token_hex(32))
        return file.read_text().strip()
    except OSError as problem:
        raise BadSetting(name="EKOPZ_DATA", reason=f"kunci {file.name} tidak terbaca ({reason_of(problem)}).") from None
    except UnicodeDecodeError:
        raise BadSetting(name="EKOPZ_DATA", reason=f"isi kunci {file.name} rusak.") from None
