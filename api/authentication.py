"""Tokens of programs, found by their digest in one query."""

from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import User


class TokenInHeader(TokenAuthentication):
    """`Authorization: Token ...`; the token itself is never stored."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        """Find whose token this is; a wrong, expired or withdrawn one is refused in the same words."""
        digest = hash_token(token.decode("latin-1"))
        tokens = AuthToken._default_manager.select_related("user")
        found = tokens.filter(digest=digest, expiry__gt=now(), user__is_active=True).first()
        if found is None:
            raise AuthenticationFailed(_("This token is not valid. Sign in again."))
        return found.user, found


class TokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]
    """Describes the header in the schema."""

    target_class = "api.authentication.TokenInHeader"
    name = "token"
