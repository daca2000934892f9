"""Where each declared operation is for a caller: its address with the SIDs of things that exist."""

import re
from collections.abc import Callable

from msgconsole.api.operations import Declared, shape_of
from tests.contract.resources import RESOURCES, World
from tests.contract.singles import SINGLES

ITEMS: dict[str, Callable[[World], str]] = {
    **{shape_of(resource.item): resource.make for resource in RESOURCES if resource.item},
    **{shape_of(single.template): single.make for single in SINGLES if "{sid}" in single.template},
}


def address_of(world: World, declared: Declared) -> dict[str, str]:
    """SIDs for each variable part of the address. What the last part names is made anew, where there can be several."""
    found = {}
    make = ITEMS.get(shape_of(declared.path))
    names = list(declared.path_params)
    for name, schema in declared.path_params.items():
        prefix = str(schema["pattern"])[2:4]
        if make and name == names[-1]:
            found[name] = _item(world, make, prefix)
        else:
            found[name] = _parent(world, prefix)
    return found


def _item(world: World, make: Callable[[World], str], prefix: str) -> str:
    return world.account.sid if prefix == "AC" else make(world)


def _parent(world: World, prefix: str) -> str:
    known: dict[str, Callable[[], str]] = {
        "AC": lambda: world.account.sid,
        "MG": lambda: world.service.sid,
        "SM": lambda: world.message.sid,
        "BN": lambda: world.brand.sid,
        "DN": lambda: world.domain.sid,
    }
    if prefix in ("MG", "DN"):
        world.domain  # noqa: B018 - made when first asked for: the Service uses it
    return known[prefix]()


def path_of(world: World, declared: Declared, **other: str) -> str:
    """The address; ``other`` replaces a SID by its name."""
    parts = address_of(world, declared) | other
    return re.sub(r"{(\w+)}", lambda match: parts[match[1]], declared.template)
