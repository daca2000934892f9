"""Pages of the account itself: its keys, people, log and credentials. Part of ``console.urls``."""

from django.urls import path

from msgconsole.console.views import account, audit, developers, keys, password, try_it, users

urlpatterns = [
    path("account", account.overview, name="account"),
    path("account/name", account.rename, name="account_rename"),
    path("account/countries", account.countries_allowed, name="account_countries"),
    path("account/token", account.show_token, name="account_token"),
    path("account/token/rotate", account.rotate_token, name="account_token_rotate"),
    path("account/new", account.create, name="account_create"),
    path("keys", keys.listing, name="keys"),
    path("keys/new", keys.create, name="key_create"),
    path("keys/<str:sid>/revoke", keys.revoke, name="key_revoke"),
    path("users", users.listing, name="users"),
    path("users/new", users.invite, name="user_invite"),
    path("users/<str:username>/role", users.change_role, name="user_role"),
    path("users/<str:username>/remove", users.remove, name="user_remove"),
    path("password", password.change, name="password"),
    path("audit", audit.listing, name="audit"),
    path("audit.csv", audit.export, name="audit_export"),
    path("developers", developers.page, name="developers"),
    path("developers/api", try_it.page, name="developers_api"),
]
