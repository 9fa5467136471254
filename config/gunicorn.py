"""How gunicorn runs us: a few threads in each of a few processes that share the loaded code."""

import os

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
worker_class = "gthread"
preload_app = workers > 1  # several share what one loads
timeout = 60
graceful_timeout = 10
keepalive = 5
loglevel = "warning"
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
