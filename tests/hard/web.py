"""The product's web side in a hand of its own: it hears webhooks and shows pages."""

from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application


class Server(ThreadingMixIn, WSGIServer):
    """Serves several at once, and lets many wait."""

    daemon_threads = True
    request_queue_size = 256


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def serve(port: int) -> None:
    """Serve until killed."""
    make_server("127.0.0.1", port, get_wsgi_application(), Server, Quiet).serve_forever()
