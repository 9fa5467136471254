"""Listens for webhooks in a thread, and keeps them as they came."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Self


class Ear(HTTPServer):
    """A server that answers 200 to whatever comes, but refuses the first `deaf` requests."""

    def __init__(self, deaf: int = 0) -> None:
        super().__init__(("127.0.0.1", 0), Hearing)
        self.deaf, self.refused = deaf, 0
        self.heard: list[tuple[dict[str, str], bytes]] = []

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_trouble: object) -> None:
        """Stop."""
        self.shutdown()
        self._thread.join()
        self.server_close()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}/"

    def values(self) -> list[dict[str, Any]]:
        """Return what the Cloud API's webhooks hold."""
        return [json.loads(body)["entry"][0]["changes"][0]["value"] for _headers, body in self.heard]

    def statuses(self) -> list[dict[str, Any]]:
        """Return each status that was reported."""
        return [status for value in self.values() for status in value.get("statuses", [])]


class Hearing(BaseHTTPRequestHandler):
    """One request."""

    server: Ear

    def do_POST(self) -> None:
        """Keep it, or refuse it."""
        body, ear = self.rfile.read(int(self.headers["Content-Length"])), self.server
        if ear.refused < ear.deaf:
            ear.refused += 1
            self.send_response(503)
        else:
            ear.heard.append((dict(self.headers), body))
            self.send_response(200)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""
