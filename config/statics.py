"""Static files under names that change with what is in them."""

import re
from collections.abc import Callable
from re import Match
from typing import Any, Final

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

PHONE: Final = "js/phone/"
TYPES: Final = re.compile(rb"/\*\*.*?\*/[ \n]?", re.DOTALL)


def lean(module: bytes) -> bytes:
    """Take the types out of a module of ours; nothing but a comment of types begins with a slash and two stars."""
    return TYPES.sub(b"", module)


class Statics(CompressedManifestStaticFilesStorage):
    """Names modules inside modules by their content too, so that a page never mixes two editions."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 8  # as deep as modules import each other

    def _save(self, name: str, content: Any) -> str:
        """Keep the types of the phone's modules at home: a quarter of them is written for us, not for phones."""
        if name.startswith(PHONE) and name.endswith(".js"):
            content = ContentFile(lean(content.read()), name)
        saved: str = super()._save(name, content)
        return saved

    def url_converter(self, name: str, hashed_files: Any, template: str | None = None) -> Callable[[Match[str]], str]:
        """Rename what our modules import; what a comment names as a type is no import, and others' files stay."""
        convert = super().url_converter(name, hashed_files, template)

        def ours(found: Match[str]) -> str:
            typed = found["matched"].startswith("import(") and not found.string[: found.start()].endswith("await ")
            foreign = name.endswith(".js") and not name.startswith("js/")
            return found["matched"] if typed or foreign else convert(found)

        return ours
