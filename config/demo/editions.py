"""A list of places that was compared and waits for an administrator: an invented reform, with nothing changed yet."""

from datetime import datetime

from accounts.models import User
from config.demo.places import FIXTURE
from villages.regions.upload import compare_file

NAME = "Contoh pemekaran (rekaan)"
NEW_DISTRICT = "35.24.28"
REFORM = {  # what the invented reform does to lines of the list
    "35.24.10.2006,Pangean": f"{NEW_DISTRICT},Bengawan Jaya\n{NEW_DISTRICT}.2001,Pangean",
    "35.24.10.2009,Parengan": f"{NEW_DISTRICT}.2002,Parengan",
}


def tell_edition(*, by: User, at: datetime) -> None:
    """Compare the product's own list with one in which a new district takes Parengan and Pangean."""
    text = FIXTURE.read_text()
    for old, new in REFORM.items():
        text = text.replace(f"{old}\n", f"{new}\n")
    compare_file(content=text.encode(), file_name="pemekaran.csv", name=NAME, by=by, at=at, part=False)
