"""A webhook leads to the public internet: looked at when it is enrolled, and again at each call."""

import socket

import pytest

from tests.integration.refused import wrong_fields
from tests.integration.service import NEW_ORGANISM, Service
from tests.integration.webhook_calls import Programs, called, joined, told


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """What names mean: for each host its numbers, look-up by look-up; the last ones stay."""
    known: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *arguments: object, **more: object) -> object:
        if host not in known:
            return real(host, port, *arguments, **more)  # type: ignore[arg-type]  # as the caller gave them
        found = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return [(socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize(
    "numbers",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["172.16.0.1"],
        ["192.168.1.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["0.0.0.0"],  # noqa: S104 - an address that must be refused
        ["224.0.0.1"],
        ["::1"],
        ["fd00:ec2::254"],
        ["fe80::1%eth0"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::a9fe:a9fe"],
        ["2002:7f00:1::"],
        ["93.184.215.14", "10.0.0.1"],
    ],
)
def test_an_address_that_is_not_public_is_refused_at_enrolment(
    service: Service, names: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch, numbers: list[str]
) -> None:
    monkeypatch.setenv("WEBHOOKS_ALLOW_LOOPBACK", "false")
    names["hooks.example"] = [numbers]
    answer = service.put_organism("cndp", NEW_ORGANISM | {"webhook": {"url": "https://hooks.example/"}})
    assert wrong_fields(answer) == ["webhook.url"]
    assert "cndp" not in {item["sk"] for item in service.items("ORGANISM")}


def test_loopback_alone_is_let_through_where_the_local_stage_says_so(
    service: Service, names: dict[str, list[list[str]]]
) -> None:
    names["hooks.example"] = [["127.0.0.1"], ["10.0.0.1"]]
    webhook = {"webhook": {"url": "https://hooks.example/"}}
    assert service.put_organism("cndp", NEW_ORGANISM | webhook).status == 201
    assert wrong_fields(service.put_organism("other", NEW_ORGANISM | webhook)) == ["webhook.url"]


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/",
        "https://user:password@hooks.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://hooks.example:22/",
        "https://hooks.example/#fragment",
        "https://hooks.example\\@10.0.0.1/",
        "ftp://hooks.example/",
        "hooks.example",
    ],
)
def test_an_address_of_another_form_is_refused_at_enrolment(service: Service, url: str) -> None:
    answer = service.put_organism("cndp", NEW_ORGANISM | {"webhook": {"url": url}})
    assert wrong_fields(answer) == ["webhook.url"]


def test_an_unknown_name_is_refused_at_enrolment(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_arguments: object, **_more: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    answer = service.put_organism("cndp", NEW_ORGANISM | {"webhook": {"url": "https://hooks.example/"}})
    assert wrong_fields(answer) == ["webhook.url"]


def test_a_name_that_turned_private_since_its_enrolment_is_not_called(
    service: Service, programs: Programs, names: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOKS_ALLOW_LOOPBACK", "false")
    with programs(name="hooks.example") as organism:
        names["hooks.example"] = [["93.184.215.14"], ["127.0.0.1"]]
        joined(service, f"https://hooks.example:{organism.port}/")
        assert len(called(told(service))) == 1
    assert organism.connections == 0


def test_a_name_that_turns_private_between_look_and_call_is_called_where_it_was_looked_at(
    service: Service, programs: Programs, names: dict[str, list[list[str]]]
) -> None:
    """DNS rebinding: the name is asked for once for each call, and the certificate is the name's all the same."""
    with programs(name="hooks.example") as organism:
        names["hooks.example"] = [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]]
        joined(service, f"https://hooks.example:{organism.port}/")
        assert called(told(service)) == []
    assert [request.headers["host"] for request in organism.received] == [f"hooks.example:{organism.port}"]
    assert names["hooks.example"] == [["10.0.0.1"]]
