"""States of a download, its forms, and why one may come to nothing."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.moves import Moves


class Form(models.TextChoices):
    """How a table is written: for people, or for programs."""

    XLSX = "xlsx", _("Excel")
    CSV = "csv", "CSV"


class DownloadState(models.TextChoices):
    """From the wish to the file, and to the day it is deleted."""

    WAITING = "waiting", pgettext_lazy("download", "Waiting")
    WRITING = "writing", pgettext_lazy("download", "Being written")
    READY = "ready", pgettext_lazy("download", "Ready")
    FAILED = "failed", pgettext_lazy("download", "Not written")
    EXPIRED = "expired", pgettext_lazy("download", "Deleted")


DOWNLOAD_MOVES = Moves(
    DownloadState,
    {
        DownloadState.WAITING: (DownloadState.WRITING,),
        DownloadState.WRITING: (DownloadState.READY, DownloadState.FAILED),
        DownloadState.READY: (DownloadState.EXPIRED,),
        DownloadState.FAILED: (DownloadState.EXPIRED,),
    },
)
OPEN = (DownloadState.WAITING, DownloadState.WRITING)


class Failure(models.TextChoices):
    """Why a table was not written, as its owner reads it."""

    RIGHT = "right", _("You may no longer read this list.")
    FILTERS = "filters", _("The filters no longer hold. Open the list, filter it again and download it anew.")
    SIZE = "size", _("This list has more than one million rows. Filter it first.")
    BROKEN = "broken", _("It could not be written. Try again; if it happens again, tell your administrator.")
