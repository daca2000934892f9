"""The address guard: no webhook reaches inside the network unless it was allowed to."""

import ipaddress
import socket
from typing import Any

import pytest

from msgconsole.webhooks import guard

LOOPBACK = ("127.0.0.0/8", "::1/128")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.5.5",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
    ],
)
def test_special_addresses_are_refused(address: str) -> None:
    assert not guard.is_allowed(ipaddress.ip_address(address), ())


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_public_addresses_pass(address: str) -> None:
    assert guard.is_allowed(ipaddress.ip_address(address), ())


def test_allowed_networks_pass_and_nothing_else_does() -> None:
    assert guard.is_allowed(ipaddress.ip_address("127.0.0.1"), LOOPBACK)
    assert guard.is_allowed(ipaddress.ip_address("::1"), LOOPBACK)
    assert not guard.is_allowed(ipaddress.ip_address("10.0.0.1"), LOOPBACK)


def test_a_host_is_taken_at_its_first_permitted_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, 1, 6, "", (a, port)) for a in ("10.0.0.1", "93.184.216.34")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert guard.resolve("example.com", 80, ()) == "93.184.216.34"


def test_a_name_for_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda h, p, **_: [(2, 1, 6, "", ("10.0.0.1", p))])
    with pytest.raises(guard.NotAllowed):
        guard.resolve("innocent.example", 80, LOOPBACK)


def test_numbers_in_disguise_are_judged_as_addresses() -> None:
    for host in ("2130706433", "0x7f.1", "127.1"):
        with pytest.raises((guard.NotAllowed, guard.NotFound)):
            guard.resolve(host, 80, ())
