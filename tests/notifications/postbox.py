"""A mail server for tests: speaks SMTP on a port of this machine, keeps what it takes, and refuses when told to."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default


class Postbox(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[Message] = []
        self.refusing = ""

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}?from=koperasi@contoh.id"


class _Talk(socketserver.StreamRequestHandler):
    server: Postbox

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 contoh.id")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "RCPT" and self.server.refusing:
                self.say(self.server.refusing)
            elif verb == "DATA":
                self.say("354 go on")
                self._take()
            else:
                self.say("250 ok")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.taken.append(message_from_bytes(b"".join(lines), policy=default))
        self.say("250 kept")


@contextmanager
def postbox() -> Iterator[Postbox]:
    server = Postbox()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
