"""A real SMTP server for the tests: loopback only, keeps what it is handed; no TLS, no login."""

from __future__ import annotations

import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass(slots=True)
class Mailbox:
    """What has arrived, and the replies that recipients and a goodbye are answered with."""

    messages: list[EmailMessage] = field(default_factory=list)
    recipient_reply: bytes = b"250 ok"
    quit_reply: bytes = b"221 bye"


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        """Speak RFC 5321 as far as one message needs it."""
        box: Mailbox = self.server.mailbox  # type: ignore[attr-defined]
        self._say(b"220 ready")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say(b"354 go on")
                self._say(b"250 kept" if self._keep(box) else b"500 cut off")
            elif verb == b"QUIT":
                self._say(box.quit_reply)
                return
            else:
                self._say(box.recipient_reply if verb == b"RCPT" else b"250 ok")

    def _say(self, reply: bytes) -> None:
        self.wfile.write(reply + b"\r\n")

    def _keep(self, box: Mailbox) -> bool:
        lines: list[bytes] = []
        while line := self.rfile.readline():
            if line == b".\r\n":
                message = message_from_bytes(b"".join(lines), policy=policy.default)
                assert isinstance(message, EmailMessage)
                box.messages.append(message)
                return True
            lines.append(line.removeprefix(b"."))
        return False


class SMTPServer:
    """Serves one mailbox until it is stopped."""

    def __init__(self) -> None:
        """Start on a free port of loopback."""
        self.mailbox = Mailbox()
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session)
        self._server.daemon_threads = True
        self._server.mailbox = self.mailbox  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def port(self) -> int:
        """Return the port."""
        return int(self._server.server_address[1])

    def stop(self) -> None:
        """Serve no more; stopping twice is stopping once."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
