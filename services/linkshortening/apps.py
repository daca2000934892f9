from django.apps import AppConfig


class LinkShorteningConfig(AppConfig):
    name = "services.linkshortening"
    label = "linkshortening"
    verbose_name = "Link shortening"
