"""An address that strangers chose leads to the public internet or nowhere."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.fields.web_address import NotReachableError, Place, is_public, place_of, reachable

_INSIDE_V4 = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/29",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
]
"""IANA's special-purpose registry, multicast, and what is reserved."""

_INSIDE_V6 = [
    "::/8",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
]

_inside_v4 = st.sampled_from(_INSIDE_V4).flatmap(lambda network: st.ip_addresses(network=network))
_inside_v6 = st.sampled_from(_INSIDE_V6).flatmap(lambda network: st.ip_addresses(network=network))


@given(_inside_v4 | _inside_v6)
def test_no_address_with_a_special_purpose_is_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_in_the_disguise_of_an_ipv6_one_is_public(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for disguised in (number, 0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80):
        assert not is_public(ipaddress.IPv6Address(disguised))


@pytest.mark.parametrize("address", ["8.8.8.8", "41.77.112.10", "2606:4700::1111", "2a00:1450:4007:80e::200e"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://a.example", Place("a.example", 443, "/")),
        ("https://a.example/", Place("a.example", 443, "/")),
        ("https://a.example:443/x", Place("a.example", 443, "/x")),
        ("https://a-b.c1.example:8443/x/y?z=1&w=%20", Place("a-b.c1.example", 8443, "/x/y?z=1&w=%20")),
        ("https://xn--mgbc0a9azcg.example/", Place("xn--mgbc0a9azcg.example", 443, "/")),
        ("https://localhost:1024/", Place("localhost", 1024, "/")),
        ("https://a.example:65535/", Place("a.example", 65535, "/")),
    ],
)
def test_an_address_comes_apart_in_host_port_and_target(url: str, place: Place) -> None:
    assert place_of(url) == place


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "https:///x",
        "http://a.example/",
        "HTTPS://a.example/",
        "https:a.example",
        "//a.example/",
        "https://a.example:0/",
        "https://a.example:22/",
        "https://a.example:1023/",
        "https://a.example:65536/",
        "https://a.example:0443/",
        "https://a.example:/",
        "https://user@a.example/",
        "https://user:pass@a.example/",
        "https://a.example@10.0.0.1/",
        "https://a.example\\@10.0.0.1/",
        "https://a.example#@10.0.0.1/",
        "https://a.example?x",
        "https://a.example/#x",
        "https://a.example/ x",
        "https://a.example/x\r\nHost: b",
        "https://a.example/x\n",
        "https://A.example/",
        "https://a..example/",
        "https://.example/",
        "https://a.example./",
        "https://-a.example/",
        "https://a_b.example/",
        "https://é.example/",
        "https://a。example/",
        "https://10.0.0.1/",
        "https://10.1/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[fe80::1%25eth0]/",
        "https://" + "a" * 64 + ".example/",
        "https://" + ".".join(["a" * 60] * 5) + ".example/",
    ],
)
def test_any_other_text_is_no_address(url: str) -> None:
    assert place_of(url) is None


def test_an_address_is_reached_under_the_numbers_that_were_looked_at_ipv4_first() -> None:
    place, addresses = reachable(
        "https://a.example:8443/x", loopback=False, look_up=lambda _host, _port: ["2606:4700::1", "8.8.8.8", "8.8.8.8"]
    )
    assert (place.port, addresses) == (8443, ["8.8.8.8", "2606:4700::1"])


@given(public=st.lists(st.just("8.8.8.8"), max_size=3), inside=_inside_v4 | _inside_v6, loopback=st.booleans())
def test_one_number_inside_makes_all_of_them_wrong(
    public: list[str], inside: ipaddress.IPv4Address | ipaddress.IPv6Address, *, loopback: bool
) -> None:
    numbers = [*public, str(inside)]
    if loopback and inside.is_loopback:
        assert str(inside) in reachable("https://a.example/", loopback=True, look_up=lambda *_: numbers)[1]
    else:
        with pytest.raises(NotReachableError):
            reachable("https://a.example/", loopback=loopback, look_up=lambda *_: numbers)


def test_a_name_without_a_number_is_not_reachable() -> None:
    with pytest.raises(NotReachableError):
        reachable("https://a.example/", loopback=True, look_up=lambda *_: [])
