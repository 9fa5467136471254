"""Static files under names that change with what is in them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class Statics(CompressedManifestStaticFilesStorage):
    """Names modules inside modules by their content too, so that a page never mixes two editions."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 8  # as deep as modules import each other
