"""Editions on real PostgreSQL: kept once, loaded whole, stale ones refused; which one is in force."""

from datetime import timedelta

import pytest

from accounts.models import User
from common.errors import MoveRefused, Refused
from common.models import Event
from tests.villages.regions.lists import AT, LAMONGAN, check, load, moved, without
from villages.models import Region, RegionChange, RegionEdition, Village
from villages.regions import edition_in_force
from villages.regions.files import source_of
from villages.regions.loading import dismiss_edition, load_edition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_force")]
RECODED = moved(LAMONGAN, **{"35.24.10": "35.24.28"})


def test_edition_is_kept_with_its_counts() -> None:
    edition = load(RECODED, name="Kepmendagri 2027").edition
    assert edition is not None
    counts = (edition.added, edition.gone, edition.recoded, edition.unchanged, edition.places)
    assert counts == (5, 5, 5, 5, 10)
    assert (edition.state, edition.follows.name if edition.follows else "") == ("loaded", "Kepmendagri 2025")
    assert Event.objects.about(edition).get().facts["gone"] == 5
    assert Region.objects.get(pk="35.24.10.2009").gone
    assert Region.objects.get(pk="35.24.28.2009").parent_id == "35.24.28"


def test_same_list_again_is_the_same_edition() -> None:
    first = load(RECODED).edition
    again = load(RECODED)
    assert (again.edition, again.diff.changes) == (first, ())
    assert RegionEdition.objects.count() == 2


def test_same_places_under_another_decree_are_another_edition() -> None:
    load(dict(reversed(LAMONGAN.items())), name="Kepmendagri 2026")
    assert RegionEdition.objects.newest().name == "Kepmendagri 2026"  # type: ignore[union-attr]
    assert not RegionChange.objects.filter(edition__name="Kepmendagri 2026").exists()


def test_older_list_undoes_the_newer_one() -> None:
    load(RECODED)
    back = load(LAMONGAN).edition
    assert back is not None
    assert (back.back, back.gone, back.recoded, back.added) == (5, 5, 5, 0)
    assert not Region.objects.get(pk="35.24.10.2009").gone
    assert Region.objects.get(pk="35.24.28.2009").gone
    assert RegionChange.objects.get(edition=back, code="35.24.28").counterparts == ["35.24.10"]


def test_compared_list_changes_nothing_until_it_is_loaded(admin: User, settled: Village) -> None:
    edition = check(RECODED, by=admin)
    assert not Region.objects.filter(gone=True).exists()
    assert edition.changes.get(code="35.24.10").records.count() == 3  # seen before anything is decided
    assert not RegionChange.objects.waiting().exists()
    load_edition(edition, by=admin, at=AT)
    assert Region.objects.filter(gone=True).count() == 5
    assert RegionChange.objects.waiting().count() == 2


def test_compared_list_that_another_overtook_is_refused(admin: User) -> None:
    edition = check(RECODED, by=admin)
    load({**LAMONGAN, "35.24.11.2003": "Manyar"})
    with pytest.raises(Refused, match=r"."):
        load_edition(edition, by=admin, at=AT)
    assert not Region.objects.filter(gone=True).exists()
    dismiss_edition(edition, by=admin, at=AT)
    with pytest.raises(MoveRefused):
        load_edition(edition, by=admin, at=AT)


def test_list_in_force_is_not_compared_with_itself(admin: User) -> None:
    with pytest.raises(Refused):
        check(LAMONGAN, by=admin)


def test_edition_in_force_is_that_of_the_moment() -> None:
    load(RECODED, name="Kepmendagri 2027", at=AT + timedelta(days=365))
    assert edition_in_force(AT - timedelta(seconds=1)) == ""
    assert edition_in_force(AT) == "Kepmendagri 2025"
    assert edition_in_force(AT + timedelta(days=366)) == "Kepmendagri 2027"


def test_places_that_come_back_close_what_waited_for_a_decision(settled: Village) -> None:
    gone = load(without(LAMONGAN, "35.24.10.2009")).edition
    assert gone is not None
    assert gone.changes.get(code="35.24.10.2009").state == "waiting"
    load(LAMONGAN)
    assert gone.changes.get(code="35.24.10.2009").state == "lapsed"
    settled.refresh_from_db()
    assert (settled.region_id, settled.region.gone) == ("35.24.10.2009", False)


@pytest.mark.parametrize(
    ("content", "name", "day"),
    [
        (
            "/*\n note : Data sesuai Kepmendagri No 300.2.2-2138 Tahun 2025\nlast edit: 2026-02-13 16:45 */",
            "",
            "2026-02-13",
        ),
        ("-- Keputusan Menteri Dalam Negeri No 100.1.1-6117 Tahun 2022", "", "None"),
        ("code,name\n", "list.csv", "None"),
        ("last edit: 2026-13-45", "list.csv", "None"),
    ],
)
def test_file_says_which_edition_it_is(content: str, name: str, day: str) -> None:
    source = source_of(content.encode(), file_name="/tmp/list.csv")  # noqa: S108  a name, not a file
    assert source.name == name or source.name.startswith(
        ("Kepmendagri No 300", "Keputusan Menteri Dalam Negeri No 100")
    )
    assert (str(source.as_of), source.file_name, len(source.sha256)) == (day, "list.csv", 64)
