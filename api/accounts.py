"""Signing in with a token, and what a signed-in person is and sees."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from knox.models import AuthToken
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actions import choose_language, renew_calendar
from accounts.links import calendar_token, subscription
from accounts.models import User
from accounts.rules import Can
from accounts.states import Language
from api.authentication import TokenInHeader
from api.base import AbleView
from api.fields import Moment, Named, visible
from api.permissions import Anyone
from common.events import record
from common.phones import parse_phone
from programs.models import Program
from villages.models import Region, Village

WAIT = 300  # seconds, the window in which attempts are counted


class SignInIn(serializers.Serializer[Any]):
    """What opens the door."""

    login = serializers.CharField(max_length=254, help_text="E-mail address or mobile number, however it is written.")
    password = serializers.CharField(max_length=512, trim_whitespace=False, write_only=True)


class NamedPlace(serializers.ModelSerializer[Village]):
    """A village in a nested place, told apart from its namesakes."""

    class Meta:
        model = Village
        fields = ["id", "name", "place"]


class UserOut(serializers.ModelSerializer[User]):
    """A member of staff, to themself."""

    class Meta:
        model = User
        fields = ["id", "name", "email", "phone", "role", "language"]
        read_only_fields = ["id", "name", "email", "phone", "role"]


class TokenOut(serializers.Serializer[Any]):
    """The token, told once; only its digest is kept."""

    token = serializers.CharField()
    expiry = Moment()
    user = UserOut()


class MeOut(UserOut):
    """Who I am, and what lies in my scope."""

    programs = serializers.SerializerMethodField()
    villages = serializers.SerializerMethodField()
    regions = serializers.SerializerMethodField()

    class Meta(UserOut.Meta):
        fields = [*UserOut.Meta.fields, "programs", "villages", "regions"]

    @extend_schema_field(serializers.ListField(child=Named()))
    def get_programs(self, user: User) -> list[dict[str, object]]:
        """List the programs I see."""
        return [{"id": row.pk, "name": row.name} for row in visible(Program, user).order_by("name", "pk")[:200]]

    @extend_schema_field(NamedPlace(many=True))
    def get_villages(self, user: User) -> Any:
        """List the villages I see."""
        rows = visible(Village, user).select_related("region__parent__parent").order_by("name", "pk")[:200]
        return NamedPlace(rows, many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_regions(self, user: User) -> list[str]:
        """List the codes of the regions I observe."""
        return list(Region._default_manager.filter(observers=user).order_by("code").values_list("code", flat=True))


class MeIn(serializers.Serializer[Any]):
    """What I may change about myself here."""

    language = serializers.ChoiceField(choices=Language.choices)


class Login(APIView):
    """Give a token for a login and a password. Attempts are counted in the database, per account and per address."""

    authentication_classes: list[type[BaseAuthentication]] = []
    permission_classes = [Anyone]

    @extend_schema(request=SignInIn, responses=TokenOut, auth=[])
    def post(self, request: Request) -> Response:
        """Answer an unknown account, a wrong password and a closed account in the same words and time."""
        given = SignInIn(data=request.data)
        given.is_valid(raise_exception=True)
        user = _authenticated(request, **given.validated_data)
        opened, token = AuthToken._default_manager.create(user=user)
        record(user, verb="token_opened", by=user, at=now())
        body = TokenOut({"token": token, "expiry": opened.expiry, "user": user}).data
        return Response(body, headers={"Cache-Control": "no-store"})

    def get_authenticate_header(self, request: Request) -> str:
        """Say how to sign in, so that a refusal is a 401."""
        return TokenInHeader().authenticate_header(request)  # type: ignore[no-any-return]


def _authenticated(request: Request, *, login: str, password: str) -> User:
    """Ask the same doors as the sign-in page, with the same counters."""
    adapter = get_adapter(request)
    try:
        user = adapter.authenticate(request, password=password, **_way_in(login))
    except ValidationError as refused:  # the adapter's only word for too many attempts
        raise Throttled(WAIT, detail=refused.messages[0]) from None
    if not isinstance(user, User) or not user.is_active:
        raise AuthenticationFailed(_("The e-mail or phone number and the password do not belong together."))
    return user


def _way_in(login: str) -> dict[str, str]:
    """Read a mobile number as one; whatever else it is may be an address."""
    if "@" not in login:
        try:
            return {"phone": parse_phone(login)}
        except ValidationError:
            pass
    return {"email": login.lower()}


class Logout(AbleView):
    """Withdraw the token that came with the request."""

    authentication_classes = [TokenInHeader]
    abilities = {"post": Can.USE_OWN_ACCOUNT}

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Refuse this token from now on."""
        request.auth.delete()
        record(self.user, verb="token_closed", by=self.user, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class Me(AbleView):
    """The signed-in person."""

    abilities = {"get": Can.USE_OWN_ACCOUNT, "patch": Can.USE_OWN_ACCOUNT}

    @extend_schema(responses=MeOut)
    def get(self, _request: Request) -> Response:
        """Show who I am and my scope."""
        return Response(MeOut(self.user).data)

    @extend_schema(request=MeIn, responses=MeOut)
    def patch(self, request: Request) -> Response:
        """Choose my language."""
        given = MeIn(data=request.data)
        given.is_valid(raise_exception=True)
        choose_language(self.user, language=given.validated_data["language"], by=self.user, at=now())
        return Response(MeOut(self.user).data)


class CalendarOut(serializers.Serializer[Any]):
    """The address of a calendar that follows every change; whoever has it can read it."""

    address = serializers.URLField()


class MyCalendar(AbleView):
    """The sessions that I see, for my own calendar."""

    abilities = {"get": Can.USE_OWN_ACCOUNT, "post": Can.USE_OWN_ACCOUNT}

    @extend_schema(responses=CalendarOut)
    def get(self, _request: Request) -> Response:
        """Give the address."""
        return Response({"address": subscription(calendar_token(self.user)).address})

    @extend_schema(request=None, responses=CalendarOut)
    def post(self, request: Request) -> Response:
        """End the old address and open a new one."""
        renew_calendar(self.user, by=self.user, at=now())
        return self.get(request)
