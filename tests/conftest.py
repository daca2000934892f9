"""What every test may use, and what must be there for it to count."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NODE_CLIENT = Path(__file__).parent / "contract" / "node" / "node_modules" / "twilio"
# CI names the parts that may not be missing: "browser,postgres,brokers". Elsewhere a missing part skips its tests.
REQUIRED = {part for part in os.environ.get("MSGCONSOLE_TEST_REQUIRE", "").split(",") if part}


def database_name() -> str:
    return "PostgreSQL" if "postgresql" in settings.DATABASES["default"]["ENGINE"] else "SQLite"


def missing_parts() -> dict[str, str]:
    """Marker → why its tests cannot run here."""
    missing = {}
    if not CHROMIUM:
        missing["browser"] = "no Chromium found (Debian: apt-get install chromium)"
    if database_name() != "PostgreSQL":
        missing["postgres"] = "DATABASE_URL names no PostgreSQL"
    if not os.environ.get("MSGCONSOLE_TEST_BROKERS"):
        missing["broker"] = "MSGCONSOLE_TEST_BROKERS names no brokers"
    if not os.environ.get("MSGCONSOLE_TEST_FUZZ"):
        missing["fuzz"] = "make fuzz runs it"
    if not shutil.which("node") or not NODE_CLIENT.is_dir():
        missing["node"] = "the Node client is not installed (make node)"
    return missing


def pytest_configure(config: pytest.Config) -> None:
    absent = {"browser": "browser", "postgres": "postgres", "brokers": "broker", "node": "node"}
    for part in REQUIRED:
        if part not in absent:
            raise pytest.UsageError(f"MSGCONSOLE_TEST_REQUIRE names {part!r}; known: {', '.join(absent)}")
        why = missing_parts().get(absent[part])
        if why:
            raise pytest.UsageError(f"{part} is required here, but {why}")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-with-database",
        action="store_true",
        help="Leave out tests that ask no database: on another one they would show the same again.",
    )


def asks_the_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    marked = any(item.get_closest_marker(name) for name in ("django_db", "postgres", "broker"))
    return marked or not {"db", "transactional_db"}.isdisjoint(fixtures)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--only-with-database"):
        config.hook.pytest_deselected(items=[item for item in items if not asks_the_database(item)])
        items[:] = [item for item in items if asks_the_database(item)]
    # The longest files first: with two workers, the last file is what one of them waits for.
    items.sort(key=lambda item: not (item.get_closest_marker("browser") or item.get_closest_marker("load")))
    for marker, why in missing_parts().items():
        for item in items:
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=why))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "summary":  # what a test found and a person should read
                terminalreporter.write_line(value)
    passed, failed = (len(terminalreporter.stats.get(kind, [])) for kind in ("passed", "failed"))
    terminalreporter.write_line(f"{passed + failed} tests ran on {database_name()}")


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """Configuration is cached by service id and version; ids start anew with each test's database."""
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()
