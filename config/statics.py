"""Static files under names that change with what is in them."""

from collections.abc import Callable
from re import Match
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class Statics(CompressedManifestStaticFilesStorage):
    """Names modules inside modules by their content too, so that a page never mixes two editions."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 8  # as deep as modules import each other

    def url_converter(self, name: str, hashed_files: Any, template: str | None = None) -> Callable[[Match[str]], str]:
        """Rename what our modules import; what a comment names as a type is no import, and others' files stay."""
        convert = super().url_converter(name, hashed_files, template)

        def ours(found: Match[str]) -> str:
            typed = found["matched"].startswith("import(") and not found.string[: found.start()].endswith("await ")
            foreign = name.endswith(".js") and not name.startswith("js/")
            return found["matched"] if typed or foreign else convert(found)

        return ours
