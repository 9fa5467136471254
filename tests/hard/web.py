"""The product's web side in a hand of its own: it hears webhooks and shows pages."""

from socketserver import ThreadingMixIn
from threading import BoundedSemaphore
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from django.urls import get_resolver

SEATS = 8  # as many as gunicorn's threads


class Server(ThreadingMixIn, WSGIServer):
    """Serves several at once, and lets many wait."""

    daemon_threads = True
    request_queue_size = 256
    seats = BoundedSemaphore(SEATS)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin with one as soon as there is a seat."""
        self.seats.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one, and give the seat back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()
            self.seats.release()


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def warm() -> None:
    """Load what a web process loads with its first request, so that forked ones need not."""
    connections.close_all()
    get_resolver().url_patterns  # noqa: B018  read for its effect
    Client().get("/health/live")


def serve(port: int) -> None:
    """Serve until killed."""
    make_server("127.0.0.1", port, get_wsgi_application(), Server, Quiet).serve_forever()
