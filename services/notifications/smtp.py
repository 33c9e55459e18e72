"""Where mail goes out: one SMTP server, said as an address `smtp://name:password@host:587?from=koperasi@contoh.id`."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

SECONDS = 20


class Unreachable(OSError):
    """The server is not there, or does not let us in: no mail goes out now, whatever is in it."""


@dataclass(frozen=True)
class Server:
    """`smtps` speaks TLS from the first byte; `smtp` turns to it when the server offers, and must with a password."""

    host: str
    port: int
    sender: str
    username: str = ""
    password: str = field(default="", repr=False)
    tls_first: bool = False


def server_of(url: str) -> Server:
    """The server of a setting that `core.settings` has looked at."""
    parts = urlsplit(url)
    tls_first = parts.scheme == "smtps"
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    sender = parse_qs(parts.query).get("from", [username])[0]
    return Server(
        parts.hostname or "", parts.port or (465 if tls_first else 587), sender, username, password, tls_first
    )


def send(server: Server, to_address: str, subject: str, body: str, *, way_out: str = "") -> None:
    """Hand one mail over; `way_out` is the address that ends mails of its kind.

    Raises Unreachable; OSError or smtplib.SMTPException when the server does not take this mail.
    """
    mail = EmailMessage()
    mail["From"], mail["To"] = server.sender, to_address
    mail["Subject"] = " ".join(subject.split())
    mail.set_content(body)
    if way_out:
        mail.policy = mail.policy.clone(max_line_length=998)  # an address is not broken over lines
        mail["List-Unsubscribe"] = f"<{way_out}>"
    if way_out.startswith("https://"):  # else programs may not press it themselves (RFC 8058)
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    with _let_in(server) as client:
        client.send_message(mail)


def _let_in(server: Server) -> smtplib.SMTP:
    client = None
    try:
        client = _connected(server)
        if server.username:
            client.login(server.username, server.password)
    except OSError as problem:  # what the library raises is one, too
        if client is not None:
            client.close()
        raise Unreachable(f"{type(problem).__name__}: {problem}") from problem
    return client


def _connected(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.tls_first:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    client = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    client.ehlo()
    if client.has_extn("starttls"):
        client.starttls(context=context)
    elif server.username:
        client.close()
        raise smtplib.SMTPNotSupportedError("the server offers no TLS, and a password is not sent in the open")
    return client
