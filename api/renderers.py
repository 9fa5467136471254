"""Files that a caller may ask for beside JSON; a problem stays JSON, and the file itself comes to no renderer."""

from rest_framework.renderers import JSONRenderer

from common.sheets import XLSX


class PdfRenderer(JSONRenderer):
    """Paper."""

    media_type = "application/pdf"
    format = "pdf"


class ZipRenderer(JSONRenderer):
    """Several papers."""

    media_type = "application/zip"
    format = "zip"


class CsvRenderer(JSONRenderer):
    """`text/csv`, or `?format=csv`."""

    media_type = "text/csv"
    format = "csv"


class XlsxRenderer(JSONRenderer):
    """A workbook, or `?format=xlsx`."""

    media_type = XLSX
    format = "xlsx"
