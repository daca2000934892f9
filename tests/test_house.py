"""House rules that no single module's tests can hold: they read the whole source."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.urls import URLPattern

from msgconsole.admin_base.action_admin import ActionModelAdmin
from msgconsole.admin_base.record_admin import RecordAdmin, RecordInline
from msgconsole.console import urls as console_urls

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("msgconsole", "services", "senders")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def sources(*packages: str) -> Iterator[tuple[Path, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


# Record screens write by actions alone

SCREENS = [pytest.param(screen, id=model._meta.label) for model, screen in admin.site._registry.items()]
# Models that are shown within another's screen, or have a screen for each kind.
WITHOUT_SCREEN = {"senders.Sender", "senders.PoolAreaCode", "webhooks.WebhookAttempt"}
# What a person could call to write around the actions.
AROUND = {"save", "delete", "update", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def test_every_model_has_a_record_screen() -> None:
    registered = {model._meta.label for model in admin.site._registry}
    ours = {model._meta.label for model in apps.get_models() if model.__module__.startswith(PACKAGES)}
    assert registered == ours - WITHOUT_SCREEN


@pytest.mark.parametrize("screen", SCREENS)
def test_a_record_screen_writes_by_declared_actions_or_not_at_all(screen: ModelAdmin, rf) -> None:
    assert isinstance(screen, RecordAdmin)
    if isinstance(screen, ActionModelAdmin):
        assert any(screen.offers(verb) for verb in ("create", "update", "delete")), "it writes nothing: RecordAdmin"
    # Nobody has weakened the base: what routes a form to an action is the base's own.
    for name in ("save_model", "delete_model", "delete_queryset", "changeform_view", "delete_view", "changelist_view"):
        expected = getattr(ActionModelAdmin if isinstance(screen, ActionModelAdmin) else RecordAdmin, name)
        assert getattr(type(screen), name) is expected, f"{type(screen).__name__} overrides {name}"
    assert not screen.list_editable
    assert all(issubclass(inline, RecordInline) for inline in screen.inlines), "inlines are for looking at"


@pytest.mark.parametrize("screen", SCREENS)
def test_what_a_record_screen_declares_calls_an_action(screen: ModelAdmin) -> None:
    module = inspect.getmodule(type(screen))
    assert module is not None
    names = (
        [f"{verb}_action" for verb in ("create", "update", "delete")] if isinstance(screen, ActionModelAdmin) else []
    )
    for name in [*names, *(action for action in screen.actions or () if isinstance(action, str))]:
        method = getattr(type(screen), name)
        if method is getattr(ActionModelAdmin, name, None):
            continue
        tree = ast.parse(textwrap.dedent(inspect.getsource(method)))
        assert calls_an_action(tree, inspect.getmodule(method)), f"{type(screen).__name__}.{name} calls no action"
        written = [call.func.attr for call in ast.walk(tree) if writes_around(call)]
        assert not written, f"{type(screen).__name__}.{name} writes by itself: {written}"


def calls_an_action(tree: ast.AST, module: object) -> bool:
    """Is there a call of ``actions.x`` — or of a function of the same file that calls one?"""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        match call.func:
            case ast.Attribute(value=ast.Name(id="actions")):
                return True
            case ast.Name(id=name) if inspect.isfunction(helper := getattr(module, name, None)):
                if calls_an_action(ast.parse(textwrap.dedent(inspect.getsource(helper))), module):
                    return True
    return False


def writes_around(node: ast.AST) -> bool:
    """A method call that writes a row, and is no action's."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="actions" | "values" | "known"))):
            return False
        case ast.Call(func=ast.Attribute(attr=attr)):
            return attr in AROUND
    return False


# One writer of a message's status

NEW_ROWS = {"submit_message", "_store_bare"}  # what they set is the first status of a row that is then inserted


def test_only_transitions_write_a_messages_status() -> None:
    found = []
    for path, tree in sources(*PACKAGES):
        if path.name == "transitions.py":
            continue
        for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
            for node in ast.walk(function):
                if not assigns_status(node, inside="messaging" in path.parts):
                    continue
                if path.name == "actions.py" and function.name in NEW_ROWS and inserts(function):
                    continue
                found.append(f"{path}:{node.lineno} in {function.name}")
    assert not found


def assigns_status(node: ast.AST, *, inside: bool) -> bool:
    """``message.status = …``, ``setattr(message, "status", …)``, or an update of messages that names the status."""
    match node:
        case ast.Assign(targets=targets):
            return any(
                isinstance(target, ast.Attribute)
                and target.attr == "status"
                and (inside or (isinstance(target.value, ast.Name) and "message" in target.value.id))
                for target in targets
            )
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="status"), *_]):
            return inside
        case ast.Call(func=ast.Attribute(attr="update" | "update_or_create" | "bulk_update" as verb) as func):
            text = ast.unparse(node)
            named = any(keyword.arg == "status" for keyword in node.keywords) or (
                verb == "bulk_update" and "'status'" in text
            )
            return named and ast.unparse(func).startswith(("Message.", "messages.", "account.messages"))
        case ast.Call(func=ast.Attribute(attr="save"), keywords=keywords):
            return inside and any("'status'" in ast.unparse(keyword.value) for keyword in keywords)
    return False


def inserts(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_insert"
        for node in ast.walk(function)
    )


def test_the_search_for_writers_of_a_status_finds_them() -> None:
    """A test of the test above: it must not be blind."""
    for line in (
        "message.status = 'sent'",
        "setattr(message, 'status', 'sent')",
        "Message.objects.filter(pk=1).update(status='sent')",
        "message.save(update_fields=['status'])",
        "Message.objects.bulk_update(rows, ['status'])",
    ):
        assert any(assigns_status(node, inside=True) for node in ast.walk(ast.parse(line))), line


# Commands

COMMANDS = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("management/commands/*.py")
    if path.stem != "__init__"
)


@pytest.mark.parametrize("command", [pytest.param(path, id=path.stem) for path in COMMANDS])
def test_every_management_command_is_called_by_a_test(command: Path) -> None:
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path.name != Path(__file__).name]
    assert any(command.stem in path.read_text(encoding="utf-8") for path in tests), f"no test runs {command.stem}"


# Templates


class Inline(HTMLParser):
    """Collects what a strict content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            handler = name.startswith("hx-on") or (name.startswith("on") and name.isalpha())
            if name == "style" or handler or (value or "").startswith("javascript:"):
                self.found.append(f"{name} on <{tag}>")


def inline_parts(html: str) -> list[str]:
    parser = Inline()
    parser.feed(html)
    return parser.found


@pytest.mark.parametrize("template", [pytest.param(t, id=str(t.relative_to(ROOT / "templates"))) for t in TEMPLATES])
def test_no_template_has_inline_script_or_style(template: Path) -> None:
    assert inline_parts(template.read_text(encoding="utf-8")) == []


def test_the_search_for_inline_parts_finds_them() -> None:
    for html in ('<p style="x">', "<style>", "<script>1</script>", '<a onclick="x">', '<a href="javascript:1">'):
        assert inline_parts(html), html
    assert inline_parts('<script src="x.js" type="module"></script>') == []


# Console views

# View → why it asks for no role in an account.
WITHOUT_ROLE = {
    "account_switch": "login alone: it only chooses among one's own accounts",
    "theme": "for strangers too: the login page has a theme",
    "password": "login alone: one's own password, with or without an account",
    "styleguide": "for developers, in debug alone",
    "favicon": "public: browsers ask for it before anybody logs in",
    "error_codes": "public: error bodies lead there",
    "error_code": "public: error bodies lead there",
}


@pytest.mark.parametrize("pattern", [pytest.param(p, id=str(p.name)) for p in console_urls.urlpatterns])
def test_every_console_view_asks_for_a_role_or_is_open_on_purpose(pattern: URLPattern) -> None:
    guarded = hasattr(pattern.callback, "needed_role")
    assert guarded != (pattern.name in WITHOUT_ROLE)
