"""The layers of ARCHITECTURE.md: each module may import only from layers below its own. Pure means pure."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# The most specific prefix wins. A layer may import from itself only inside the same package (below).
LAYERS = {
    "msgconsole.settings": 6,
    "msgconsole.urls": 6,
    "msgconsole.wsgi": 6,
    "msgconsole.console": 5,
    "msgconsole.messaging": 4,
    "senders": 3,
    "services": 2,
    "msgconsole.accounts": 1,
    "msgconsole.api": 1,
    "msgconsole.admin_base": 1,
    "msgconsole.form_errors": 1,
    "msgconsole.outbox": 1,
    "msgconsole.webhooks": 1,
    "msgconsole.carriers": 1,
    "msgconsole.celery": 1,
    "msgconsole.checks": 1,
    "msgconsole.health": 1,
    "senders.selection": 0,
    "services.optout": 0,
    "services.compliance.review": 0,
    "services.compliance.usecases": 0,
    "services.compliance.tollfree_answers": 0,
    "msgconsole.numbering": 0,
    "msgconsole.encoding": 0,
    "msgconsole.explain": 0,
    "msgconsole.sids": 0,
    "msgconsole.error_causes": 0,
    "msgconsole.error_codes": 0,
    "msgconsole.messaging.lifecycle": 0,
    "msgconsole.carriers.contract": 0,
    "msgconsole.webhooks.signature": 0,
}
OURS = ("msgconsole", "services", "senders")
PURE = sorted(name for name, layer in LAYERS.items() if layer == 0)
# Layers whose parts may use each other: the platform's pieces and the pure packages build on one another.
OPEN = {0, 1, 2, 6}


def modules() -> list[tuple[str, Path]]:
    found = []
    for package in OURS:
        for path in sorted((ROOT / package).rglob("*.py")):
            relative = path.relative_to(ROOT)
            if "migrations" not in relative.parts:
                found.append((".".join(relative.with_suffix("").parts).removesuffix(".__init__"), path))
    return found


def layer_of(module: str) -> int | None:
    best = max((name for name in LAYERS if module == name or module.startswith(f"{name}.")), key=len, default=None)
    return LAYERS[best] if best else None


def package_of(module: str) -> str:
    return max((name for name in LAYERS if module == name or module.startswith(f"{name}.")), key=len)


def imports(path: Path, module: str) -> set[str]:
    """Dotted names a file imports, at its top or within functions."""
    names: set[str] = set()
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parts, base]).rstrip(".")
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize(("module", "path"), [pytest.param(m, p, id=m) for m, p in modules()])
def test_a_module_imports_only_from_below(module: str, path: Path) -> None:
    own = layer_of(module)
    if own is None:
        assert module in OURS, f"{module} belongs to no layer: add it to the table"
        return
    for name in imports(path, module):
        if not name.startswith(tuple(f"{o}." for o in OURS)) and name not in OURS:
            continue
        other = layer_of(name)
        if other is None:
            continue
        same_place = package_of(name) == package_of(module)
        allowed = other < own or same_place or (other == own and own in OPEN)
        assert allowed, f"{module} (layer {own}) imports {name} (layer {other})"


@pytest.mark.parametrize("package", PURE)
def test_a_pure_package_imports_where_django_is_blocked(package: str) -> None:
    program = f"""
import sys, importlib, pkgutil
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("django", "celery", "rest_framework", "redis", "psycopg"):
            raise ImportError(f"{{name}} is blocked for pure packages")
sys.meta_path.insert(0, Block())
module = importlib.import_module({package!r})
for info in pkgutil.walk_packages(getattr(module, "__path__", []), {package!r} + "."):
    importlib.import_module(info.name)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_no_pure_module_asks_the_clock_or_the_dice() -> None:
    forbidden = ("datetime.now", "datetime.utcnow", "time.time(", "random.", "timezone.now", "date.today")
    exempt = {"msgconsole.sids"}  # an identifier is made of the clock and of chance
    for module, path in modules():
        if layer_of(module) == 0 and module not in exempt:
            text = path.read_text(encoding="utf-8")
            assert not [word for word in forbidden if word in text], module


def test_packages_at_the_top_are_only_those_of_the_plan() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert folders - {"__pycache__"} == {"msgconsole", "services", "senders", "templates", "static", "tests"}
