"""Zones by province."""

import pytest

from common.zones import Zone, knows_province, zone_of


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("35.24.10.2009", Zone.WIB),
        ("61", Zone.WIB_PONTIANAK),
        ("51.71", Zone.WITA),
        ("52.02.02.2010", Zone.WITA),
        ("76", Zone.WITA),
        ("81", Zone.WIT),
        ("96.71", Zone.WIT),
    ],
)
def test_zone_follows_the_province(code: str, zone: Zone) -> None:
    assert zone_of(code) == zone


def test_the_38_provinces_are_known_and_no_other() -> None:
    known = [f"{number:02}" for number in range(100) if knows_province(f"{number:02}.01")]
    assert len(known) == 38
    assert not {"00", "22", "99"} & set(known)
