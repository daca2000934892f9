"""One HTTP request to someone else's server: bounded in time and size, to a checked address, redirects not followed."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlencode, urlsplit, urlunsplit

import urllib3.exceptions
from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import make_headers

from msgconsole.webhooks import guard
from msgconsole.webhooks.overrides import Overrides

USER_AGENT = "TwilioProxy/1.1"
MOST_BYTES = 64 * 1024  # of an answer: far more than any TwiML document worth running


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one try. ``status`` is None when there was no answer; then ``fault`` says which policy it falls
    under (``ct``, ``rt``, or ``blocked`` for what must never be tried again), and ``error_code`` and ``error`` say why.
    """

    status: int | None
    body: bytes
    content_type: str
    duration_ms: int
    fault: str = ""
    error_code: int | None = None
    error: str = ""

    @property
    def ok(self) -> bool:
        return self.error_code is None


def send(method: str, url: str, params: Mapping[str, str], headers: Mapping[str, str], overrides: Overrides) -> Answer:
    """Send the parameters, in the body of a POST or the query of a GET, and read the answer."""
    started = time.monotonic()

    def fault(kind: str, code: int, text: str) -> Answer:
        return Answer(None, b"", "", _since(started), kind, code, text)

    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return fault("blocked", 11200, "This is not a valid URL.")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return fault("blocked", 11200, "Only http and https URLs can be called.")
    try:
        address = guard.resolve(parts.hostname, port, settings.MSGCONSOLE_WEBHOOK_ALLOW)
    except guard.NotFound:
        return fault("ct", 11210, f"The host {parts.hostname} was not found.")
    except guard.NotAllowed:
        return fault(
            "blocked",
            11205,
            f"{parts.hostname} is a private or special address. MSGCONSOLE_WEBHOOK_ALLOW can permit it.",
        )
    connection = _connection(parts, address, port, overrides.connect_ms / 1000)
    try:
        connection.connect()
    except (ssl.SSLError, urllib3.exceptions.SSLError):
        return fault("ct", 11220, f"The TLS handshake with {parts.hostname} failed.")
    except (OSError, urllib3.exceptions.HTTPError):
        connection.close()
        return fault("ct", 11205, f"The connection to {parts.hostname}, port {port}, failed.")
    # The timeout of a socket starts anew with every byte, so a server that drips could hold a worker for days.
    deadline = _Deadline(connection, started + overrides.total_ms / 1000)
    try:
        connection.timeout = overrides.read_ms / 1000
        target, body, extra = _payload(method, parts, params)
        every = {**_headers(parts, port), **extra, **headers}
        connection.request(method, target, body=body, headers=every, preload_content=False)
        response = connection.getresponse()
        content = response.read(MOST_BYTES, decode_content=False) or b""
        status, content_type = response.status, response.headers.get("Content-Type", "")
    except Exception:
        # Whatever a foreign server can do to an HTTP parser: timeouts, resets, broken headers.
        if deadline.passed or time.monotonic() - started >= overrides.read_ms / 1000:
            return fault("rt", 11200, "The answer did not come in time.")
        return fault("rt", 11200, "The connection broke before the answer was complete.")
    finally:
        deadline.cancel()
        connection.close()
    return _judge(status, content, content_type, started)


def _judge(status: int, content: bytes, content_type: str, started: float) -> Answer:
    duration = _since(started)
    if 200 <= status < 300:
        return Answer(status, content, content_type, duration)
    if 300 <= status < 400:
        text = f"It answered {status}: redirects are not followed. Give the final URL."
        return Answer(status, content, content_type, duration, "3xx", 11200, text)
    kind = "4xx" if status < 500 else "5xx"
    return Answer(status, content, content_type, duration, kind, 11217, f"It answered with status {status}.")


def _connection(parts: SplitResult, address: str, port: int, timeout: float) -> HTTPConnection:
    """A connection to the checked address that speaks, and verifies, the host's own name."""
    if parts.scheme == "http":
        return HTTPConnection(address, port, timeout=timeout)
    return HTTPSConnection(
        address,
        port,
        timeout=timeout,
        cert_reqs="CERT_REQUIRED",
        ssl_context=ssl.create_default_context(),
        server_hostname=parts.hostname,
        assert_hostname=parts.hostname,
    )


def _headers(parts: SplitResult, port: int) -> dict[str, str]:
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    standard = port == (443 if parts.scheme == "https" else 80)
    headers = {"Host": host if standard else f"{host}:{port}", "User-Agent": USER_AGENT, "Accept": "*/*"}
    if parts.username is not None:
        credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = make_headers(basic_auth=credentials)["authorization"]
    return headers


def _payload(method: str, parts: SplitResult, params: Mapping[str, str]) -> tuple[str, bytes | None, dict[str, str]]:
    """Path with query, body, and the headers that describe the body."""
    if method == "GET":
        return _target(parts, with_query(parts.query, params)), None, {}
    body = urlencode(params).encode("ascii")
    return _target(parts, parts.query), body, {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def with_query(query: str, params: Mapping[str, str]) -> str:
    """``query`` with the parameters added, as a GET sends and signs them."""
    return "&".join(part for part in (query, urlencode(params)) if part)


def get_url(url: str, params: Mapping[str, str]) -> str:
    """The full URL of a GET, as it is sent and signed."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path or "/", query=with_query(parts.query, params), fragment=""))


def _target(parts: SplitResult, query: str) -> str:
    return urlunsplit(("", "", parts.path or "/", query, ""))


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


class _Deadline:
    """Shuts the socket at a given time, so that a blocked read ends."""

    def __init__(self, connection: HTTPConnection, at: float) -> None:
        self._connection = connection
        self.passed = False
        self._timer = threading.Timer(max(0.0, at - time.monotonic()), self._shut)
        self._timer.daemon = True
        self._timer.start()

    def _shut(self) -> None:
        self.passed = True
        sock = self._connection.sock
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def cancel(self) -> None:
        self._timer.cancel()
