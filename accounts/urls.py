"""Addresses of accounts: only the doors of allauth that are open here."""

from allauth.account import views as entrance
from django.urls import URLPattern, URLResolver, include, path, re_path

from accounts import views

doors = [
    path("login/", entrance.login, name="account_login"),
    path("logout/", entrance.logout, name="account_logout"),
    path("inactive/", entrance.account_inactive, name="account_inactive"),
    path("signup/", entrance.signup, name="account_signup"),
    path("login/code/", views.CodeRequest.as_view(), name="account_request_login_code"),
    path("login/code/confirm/", views.CodeConfirm.as_view(), name="account_confirm_login_code"),
    path("password/change/", entrance.password_change, name="account_change_password"),
    path("password/set/", entrance.password_set, name="account_set_password"),
    path("password/reset/", entrance.password_reset, name="account_reset_password"),
    path("password/reset/done/", entrance.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        entrance.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/", entrance.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include(doors)),
    path("language/", views.LanguageChange.as_view(), name="language-change"),
    path("help/", views.Help.as_view(), name="help"),
    path("account/", views.MyAccount.as_view(), name="my-account"),
    path("account/calendar/renew/", views.CalendarRenew.as_view(), name="calendar-renew"),
]
