"""Places, villages, their people and the numbers that reach them."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Prefetch
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ScopedViewSet
from api.fields import Day, ScopedRelatedField, ScopedRows, Words, visible
from api.merging import MERGING, Merging
from api.shapes import Input, Output
from common.events import record
from villages.actions import (
    add_contact,
    add_person,
    anonymise_person,
    change_person,
    change_village,
    give_consent,
    mark_number,
    move_village,
    opt_in,
    opt_out,
    record_decree,
    register_village,
    withdraw_consent,
)
from villages.filters import ContactPointFilter, PersonFilter, RegionFilter, VillageFilter
from villages.models import Consent, ContactPoint, Person, PersonContact, Region, Village, VillageRegion
from villages.rules import Can
from villages.states import ContactState, Purpose, Relation, VillageStage


class RegionOut(Output[Region]):
    """A place by its Kemendagri code; `place` tells it apart from its namesakes."""

    place = serializers.CharField(read_only=True)

    class Meta:
        model = Region
        fields = ["code", "name", "level", "kind", "parent", "zone", "place", "gone"]


class RegionViewSet(ScopedViewSet[Region]):
    """Places of Indonesia."""

    model = Region
    serializer_class = RegionOut
    filterset_class = RegionFilter
    abilities = {"list": Can.READ_REGION, "retrieve": Can.READ_REGION}
    orderings = ("code", "name")
    lookup_field = "code"
    lookup_value_regex = "[0-9.]{2,13}"

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the parents along, for the name of the place."""
        return rows.select_related("parent__parent")


class VillageOut(Output[Village]):
    """A village of the programme, or a candidate."""

    place = serializers.CharField(read_only=True)
    zone = serializers.CharField(read_only=True)
    regions = serializers.SerializerMethodField()

    class Meta:
        model = Village
        fields = [
            *("id", "name", "code", "region", "regions", "place", "zone", "commodity"),
            *("stage", "stage_reason", "decree_number", "decree_on"),
        ]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_regions(self, village: Village) -> list[str]:
        """List the desa it covers now."""
        return sorted(covered.region_id for covered in village.coverage.all())


class VillageIn(Input[Village]):
    """A village that enters the programme."""

    region = ScopedRelatedField(Region)
    regions = ScopedRows(Region, required=False, help_text="Codes of the other desa it covers.")

    class Meta:
        model = Village
        fields = ["name", "region", "regions", "commodity"]


class VillageChange(Input[Village]):
    """What may be corrected."""

    class Meta:
        model = Village
        fields = ["name", "commodity"]


class VillageMove(serializers.Serializer[Any]):
    """The next stage, with the decree or the reason."""

    to = serializers.ChoiceField(choices=VillageStage.choices)
    reason = Words(max_length=300, required=False, allow_blank=True)
    decree_number = Words(max_length=80, required=False, allow_blank=True)
    decree_on = Day(required=False, allow_null=True)


class DecreeIn(serializers.Serializer[Any]):
    """The decree by which a village was designated."""

    decree_number = Words(max_length=80)
    decree_on = Day()


class VillageViewSet(ScopedViewSet[Village]):
    """Villages of the programme and candidates."""

    model = Village
    serializer_class = VillageOut
    filterset_class = VillageFilter
    abilities = {
        "list": Can.READ_VILLAGE,
        "retrieve": Can.READ_VILLAGE,
        "create": Can.REGISTER_VILLAGE,
        "partial_update": Can.CHANGE_VILLAGE,
        "move": Can.CHANGE_VILLAGE,
        "decree": Can.CHANGE_VILLAGE,
    }
    orderings = ("name", "pk")

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read the place and the desa along."""
        covered = VillageRegion._default_manager.filter(left_on__isnull=True)
        return rows.select_related("region__parent__parent").prefetch_related(Prefetch("coverage", covered))

    @extend_schema(request=VillageIn, responses={201: VillageOut})
    def create(self, _request: Request) -> Response:
        """Take a village into the programme."""
        village = register_village(**self.heard(VillageIn), by=self.user, at=now())
        return self.shown(village, status=status.HTTP_201_CREATED)

    @extend_schema(request=VillageChange)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002  read from the address by get_object
        """Correct name or commodity."""
        village = self.get_object()
        change_village(village, **self.heard(VillageChange), by=self.user, at=now())
        return self.shown(village)

    @extend_schema(request=VillageMove)
    @action(detail=True, methods=["post"])
    def move(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Move it to its next stage, or out of the programme with a reason."""
        village = self.get_object()
        move_village(village, **self.heard(VillageMove), by=self.user, at=now())
        return self.shown(village)

    @extend_schema(request=DecreeIn)
    @action(detail=True, methods=["post"])
    def decree(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Write down, or correct, the decree of a designated village."""
        village = self.get_object()
        record_decree(village, **self.heard(DecreeIn), by=self.user, at=now())
        return self.shown(village)


class ConsentOut(Output[Consent]):
    """What a person agreed to, and has not taken back."""

    class Meta:
        model = Consent
        fields = ["purpose", "given_at", "how", "text_version"]


class PersonOut(Output[Person]):
    """A villager; numbers are read elsewhere, and that is written down."""

    consents = ConsentOut(many=True, read_only=True)

    class Meta:
        model = Person
        fields = ["id", "village", "name", "sex", "birth_year", "hamlet", "craft", "erased_at", "consents"]


class PersonIn(Input[Person]):
    """A villager to write down."""

    village = ScopedRelatedField(Village)

    class Meta:
        model = Person
        fields = ["village", "name", "sex", "birth_year", "hamlet", "craft"]


class PersonChange(Input[Person]):
    """What may be corrected."""

    class Meta:
        model = Person
        fields = ["name", "sex", "birth_year", "hamlet", "craft"]


class ConsentIn(Input[Consent]):
    """What a person agrees to, and how they said so."""

    class Meta:
        model = Consent
        fields = ["purpose", "how", "text_version"]


class ConsentBack(serializers.Serializer[Any]):
    """What a person takes back."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)


class PersonViewSet(Merging):
    """Villagers."""

    model = Person
    serializer_class = PersonOut
    filterset_class = PersonFilter
    abilities = {
        "list": Can.READ_PERSON,
        "retrieve": Can.READ_PERSON,
        "create": Can.CHANGE_PERSON,
        "partial_update": Can.CHANGE_PERSON,
        "consent": Can.CHANGE_PERSON,
        "withdraw_consent": Can.CHANGE_PERSON,
        "anonymise": Can.ANONYMISE_PERSON,
        **MERGING,
    }
    orderings = ("name", "pk")

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read live consents along."""
        live = Consent._default_manager.filter(withdrawn_at__isnull=True).order_by("pk")
        return rows.prefetch_related(Prefetch("consents", live))

    @extend_schema(request=PersonIn, responses={201: PersonOut})
    def create(self, _request: Request) -> Response:
        """Write down a villager."""
        person = add_person(**self.heard(PersonIn), by=self.user, at=now())
        return self.shown(person, status=status.HTTP_201_CREATED)

    @extend_schema(request=PersonChange)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Correct what is known."""
        person = self.get_object()
        change_person(person, **self.heard(PersonChange), by=self.user, at=now())
        return self.shown(person)

    @extend_schema(request=ConsentIn)
    @action(detail=True, methods=["post"])
    def consent(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Record that the person agreed."""
        person = self.get_object()
        give_consent(person, **self.heard(ConsentIn), by=self.user, at=now())
        return self.shown(person)

    @extend_schema(request=ConsentBack)
    @action(detail=True, methods=["post"], url_path="withdraw-consent")
    def withdraw_consent(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Record that the person took it back."""
        person = self.get_object()
        withdraw_consent(person, **self.heard(ConsentBack), by=self.user, at=now())
        return self.shown(person)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def anonymise(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Forget the person and keep the counts."""
        person = self.get_object()
        anonymise_person(person, by=self.user, at=now())
        return self.shown(person)


class ReachedOut(Output[PersonContact]):
    """Someone whom a number reaches."""

    id = serializers.IntegerField(source="person_id", read_only=True)
    name = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = PersonContact
        fields = ["id", "name", "relation"]


class ContactPointOut(Output[ContactPoint]):
    """One number, and whom of the people you see it reaches."""

    people = ReachedOut(source="contacts", many=True, read_only=True)

    class Meta:
        model = ContactPoint
        fields = ["id", "number", "state", "people"]


class ContactPointIn(serializers.Serializer[Any]):
    """By which number a person is reached."""

    person = ScopedRelatedField(Person)
    number = Words(max_length=30, help_text="As people write it: 0812..., 62812..., +62 812-...")
    relation = serializers.ChoiceField(choices=Relation.choices, default=Relation.OWN)


class ContactPointChange(serializers.Serializer[Any]):
    """What turned out about a number."""

    state = serializers.ChoiceField(choices=ContactState.choices)


class ContactPointViewSet(ScopedViewSet[ContactPoint]):
    """Numbers; whoever reads them leaves a trace."""

    model = ContactPoint
    serializer_class = ContactPointOut
    filterset_class = ContactPointFilter
    abilities = dict.fromkeys(("list", "retrieve"), Can.READ_NUMBERS) | dict.fromkeys(
        ("create", "partial_update"), Can.CHANGE_PERSON
    )

    def shape(self, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Read along whom the number reaches, of the people this user sees."""
        seen = PersonContact._default_manager.filter(person__in=visible(Person, self.user)).select_related("person")
        return rows.prefetch_related(Prefetch("contacts", seen.order_by("pk")))

    def paginate_queryset(self, queryset: Any) -> Any:
        """Write down which numbers were read; no number leaves without."""
        points = super().paginate_queryset(queryset)
        self._was_read(point.pk for point in points or ())
        return points

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show one number, and write down that it was read."""
        response = super().retrieve(request, *args, **kwargs)
        self._was_read([response.data["id"]])
        return response

    def _was_read(self, points: Iterable[int]) -> None:
        record(self.user, verb="read_numbers", by=self.user, at=now(), contact_points=list(points))

    @extend_schema(request=ContactPointIn, responses={201: ContactPointOut})
    def create(self, _request: Request) -> Response:
        """Say by which number a person is reached; a shared one is not doubled."""
        given = self.heard(ContactPointIn)
        point = add_contact(given.pop("person"), **given, by=self.user, at=now())
        return self.shown(point, status=status.HTTP_201_CREATED)

    @extend_schema(request=ContactPointChange)
    def partial_update(self, _request: Request, pk: str) -> Response:  # noqa: ARG002
        """Say what turned out about it; `opted_out` stops every message to it at once."""
        point, to = self.get_object(), self.heard(ContactPointChange).get("state")
        if to == ContactState.OPTED_OUT:
            opt_out(point, by=self.user, at=now())
        elif to == ContactState.VALID and point.state == ContactState.OPTED_OUT:
            opt_in(point, by=self.user, at=now())
        elif to:
            mark_number(point, to=to, by=self.user, at=now())
        return self.shown(point)
