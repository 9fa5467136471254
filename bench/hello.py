"""The baseline: the least that Django can answer, with no middleware."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path


def hello(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say hello."""
    return HttpResponse("hello")


urlpatterns = [path("", hello)]
settings.configure(ROOT_URLCONF="bench.hello", ALLOWED_HOSTS=["*"], SECRET_KEY="hello", MIDDLEWARE=[])  # noqa: S106
application = get_wsgi_application()
