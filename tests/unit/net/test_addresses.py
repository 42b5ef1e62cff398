"""G10, webhooks: which addresses are refused, in all the ways in which they can be written."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.shared.net import Allowed, RefusedAddressError, parse_target, target_of
from backend.shared.net.addresses import Resolver, is_public

NONE = Allowed()
PRIVATE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "192.0.2.1", "203.0.113.7",
    "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
    "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::", "2001:db8::1",
    "2001:0:7f00:1::",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


def answering(*addresses: str) -> Resolver:
    return lambda host, port: addresses


@pytest.mark.parametrize("address", PRIVATE)
def test_it_sends_nothing_to_what_is_not_public(address: str) -> None:
    with pytest.raises(RefusedAddressError) as refused:
        target_of("https://hooks.example.org/x", NONE, answering(address))
    assert refused.value.reason == "private"
    assert address not in str(refused.value), "that would map the inside"


@pytest.mark.parametrize("address", PUBLIC)
def test_it_sends_to_what_is_public(address: str) -> None:
    assert target_of("https://hooks.example.org/x", NONE, answering(address)).address == str(ip_address(address))


def test_it_refuses_a_name_of_which_one_address_is_inside() -> None:
    with pytest.raises(RefusedAddressError):
        target_of("https://hooks.example.org/", NONE, answering("1.1.1.1", "10.0.0.1"))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.1/", "http://0x7f000001/", "http://2130706433/", "http://017700000001/", "http://[::1]/",
        "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://localhost/", "http://127.0.0.1./", "http://0/",
    ],
)  # fmt: skip
def test_it_asks_the_system_what_an_odd_name_means_and_judges_that(url: str) -> None:
    with pytest.raises(RefusedAddressError) as refused:
        target_of(url, NONE)
    assert refused.value.reason in {"private", "unknown_name"}


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/_x", "javascript:alert(1)", "//example.org/",
        "http://user@example.org/", "http://example.org@10.0.0.1/", "http://example.org#@10.0.0.1/",
        "http://example.org\\@10.0.0.1/", "http://exa mple.org/", "http://example.org/\r\nHost: x", "http://",
        "http://example.org:0/", "http://example.org:99999/", "http://[::1/", "http://example.org/<x>",
        "http://exam\u2028ple.org/", "http://example.org/#", "http://ex*mple.org/", "x" * 3000,
    ],
)  # fmt: skip
def test_it_refuses_what_could_be_read_in_two_ways(url: str) -> None:
    with pytest.raises(RefusedAddressError):
        parse_target(url)


def test_it_lets_through_what_an_administrator_allowed_and_nothing_else() -> None:
    allowed = Allowed.of("10.1.0.0/16, hooks.internal, fd00::/8")
    assert target_of("http://any.example/", allowed, answering("10.1.2.3")).address == "10.1.2.3"
    assert target_of("http://any.example/", allowed, answering("::ffff:10.1.2.3")).address == "::ffff:a01:203"
    assert target_of("http://hooks.internal/", allowed, answering("192.168.0.9")).address == "192.168.0.9"
    for host, address in (("any.example", "10.2.0.1"), ("x.hooks.internal", "192.168.0.9"), ("any.example", "::1")):
        with pytest.raises(RefusedAddressError):
            target_of(f"http://{host}/", allowed, answering(address))


def test_it_asks_for_a_name_only_once() -> None:
    asked: list[tuple[str, int]] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["1.1.1.1"] if len(asked) == 1 else ["127.0.0.1"]

    target = target_of("http://hooks.example.org:8080/a?b=c", NONE, resolver)
    assert (target.address, target.authority, target.path) == ("1.1.1.1", "hooks.example.org:8080", "/a?b=c")
    assert asked == [("hooks.example.org", 8080)]


def test_it_says_that_nobody_knows_the_name() -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    with pytest.raises(RefusedAddressError) as refused:
        target_of("http://nowhere.example/", NONE, resolver)
    assert refused.value.reason == "unknown_name"


@given(st.ip_addresses(v=4))
def test_it_judges_a_mapped_address_as_the_one_it_carries(address: IPv4Address) -> None:
    assert is_public(IPv6Address(f"::ffff:{address}")) == is_public(address)
    assert is_public(IPv6Address(int(IPv6Address("64:ff9b::")) | int(address))) == is_public(address)


@given(st.text(max_size=60) | st.from_regex(r"https?://[^/]*(/.*)?", fullmatch=True))
def test_it_never_fails_otherwise_than_by_refusing(url: str) -> None:
    try:
        target = parse_target(url)
    except RefusedAddressError:
        return
    assert target.scheme in {"http", "https"}
    assert target.host
    assert "\r" not in target.path + target.host
    assert "\n" not in target.path + target.host


def test_it_knows_every_listed_address_as_one() -> None:
    assert not [each for each in PRIVATE if is_public(ip_address(each))]
