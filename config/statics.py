"""Static files under names that change with what is in them."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

EXTENSION, PATTERNS = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]  # noqa: SLF001


class Statics(CompressedManifestStaticFilesStorage):
    """Names modules inside modules by their content too, so that a page never mixes two editions.

    Only what stands at the top of a module is an import: `import("./x.js")` in our house is the type of a comment.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (EXTENSION, PATTERNS[:-1])
    max_post_process_passes = 20  # as deep as modules import each other
