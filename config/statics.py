"""Static files under names that change with what is in them; our scripts travel without their comments."""

import re
from collections.abc import Callable, Iterator
from re import Match
from typing import Any, cast

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

# Whole lines only: what stands behind code, or in a text, stays as it is.
COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*\*(?:(?!\*/).)*\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)


def bare(script: str) -> str:
    """Take away what only people read: comments that fill whole lines."""
    return COMMENT.sub("", script)


def is_ours(name: str) -> bool:
    """Tell our scripts from those of libraries."""
    return name.startswith("js/") and name.endswith(".js")


class Statics(CompressedManifestStaticFilesStorage):
    """Names modules inside modules by their content too, so that a page never mixes two editions."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 8  # as deep as modules import each other

    def _save(self, name: str, content: Any) -> str:
        """Keep a script of ours bare: a phone on 2G pays for each byte."""
        if is_ours(name):
            content.seek(0)
            content = ContentFile(bare(content.read().decode()).encode())
        kept: str = super()._save(name, content)
        return kept

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        """Name our scripts by what is kept of them."""
        return cast(
            "Iterator[Any]",
            super().post_process({n: (self, n) if is_ours(n) else p for n, p in paths.items()}, **options),
        )

    def url_converter(self, name: str, hashed_files: Any, template: str | None = None) -> Callable[[Match[str]], str]:
        """Rename what our modules import; what a comment names as a type is no import, and others' files stay."""
        convert = super().url_converter(name, hashed_files, template)

        def ours(found: Match[str]) -> str:
            typed = found["matched"].startswith("import(") and not found.string[: found.start()].endswith("await ")
            foreign = name.endswith(".js") and not is_ours(name)
            return found["matched"] if typed or foreign else convert(found)

        return ours
