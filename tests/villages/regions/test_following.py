"""Every reference to a place is known: it follows when its place goes elsewhere, or stays on purpose."""

from django.apps import apps

from villages.models import Region
from villages.regions.records import LEFT_BEHIND, PLACED
from villages.regions.showing import ADDRESSES, KINDS


def test_every_reference_to_a_place_follows_or_stays_on_purpose() -> None:
    found = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Region and model._meta.label_lower not in LEFT_BEHIND
    }
    assert found == {f"{label}.{column}" for label, column in PLACED.items()}


def test_every_kind_of_record_has_a_word() -> None:
    assert set(KINDS) == {*PLACED, "accounts.user"}
    assert set(ADDRESSES) <= set(KINDS)
