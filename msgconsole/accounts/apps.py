from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "msgconsole.accounts"
    label = "accounts"
    verbose_name = "Accounts"
