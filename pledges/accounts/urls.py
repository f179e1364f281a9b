"""Login and the person's own account: the pages of django-allauth that the desk needs, and a few of our own.

Sign-up and several e-mail addresses for one account are left out.
"""

from allauth.account import views as allauth_views
from allauth.usersessions.views import list_usersessions
from django.urls import include, path, re_path

from pledges.accounts import views as account_views

urlpatterns = [
    path("", account_views.home, name="account_home"),
    path("login/", allauth_views.login, name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/set/", allauth_views.password_set, name="account_set_password"),
    path("password/reset/", account_views.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", list_usersessions, name="usersessions_list"),
    path("sessions/<int:pk>/end/", account_views.end_session, name="account_end_session"),
]
