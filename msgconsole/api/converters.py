"""SIDs in paths. What does not look like one is no address at all: 404 before any query."""

from django.urls import register_converter


class SidConverter:
    regex = "[A-Z]{2}[0-9a-fA-F]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SidConverter, "sid")
