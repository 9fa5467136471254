"""What the mentor's app is made of: one page without a word about anybody, and the files that it needs."""

from functools import cache
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static

STYLES: Final = ("css/tokens.css", "css/base.css", "css/components.css", "css/phone.css")
PICTURES: Final = ("icons.svg", "favicon.svg", "motif.svg", "weave.svg", "cloth.svg")
SCRIPTS: Final = "js/phone"
SHARED: Final = ("js/leaving.js",)


@cache
def _scripts() -> tuple[str, ...]:
    folder = settings.BASE_DIR / "static"
    return tuple(str(path.relative_to(folder)) for path in sorted((folder / SCRIPTS).rglob("*.js")))


def assets() -> list[str]:
    """List the addresses of every file that the app needs to open without a network."""
    return [static(name) for name in (*STYLES, *PICTURES, *SHARED, *_scripts())]


def shell() -> str:
    """Write the page in the language of now; it is the same for everyone."""
    return render_to_string("phone/shell.html")


def edition(page: str, files: list[str]) -> str:
    """Name this edition of the app by what it is made of: 16 hexadecimal digits."""
    return sha256("\n".join([page, *files]).encode()).hexdigest()[:16]
