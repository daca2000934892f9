"""What the pipeline reads of the install's settings."""

from django.conf import settings


def base_url() -> str:
    """Where links in texts lead: this install, as the outside knows it; without a trailing slash."""
    url: str = settings.MSGCONSOLE_PUBLIC_URL
    return url or f"http://127.0.0.1:{settings.PORT}"
