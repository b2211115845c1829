"""Webhooks that lead inside: looked at when they are enrolled, and again at each call."""

import socket
import time
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from tests.support.in_process import receiver as program
from tests.support.in_process.refused import wrong_fields
from tests.support.in_process.service import NEW_ORGANISM, Service
from tests.support.in_process.webhook_calls import Programs, called, joined, told


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
    """An operator's stolen session wants the service to call machines inside: AWS's metadata, a database, itself."""
    monkeypatch.setenv("WEBHOOKS_ALLOW_LOOPBACK", "false")
    names["hooks.example"] = [numbers]
    answer = service.put_organism("cndp", NEW_ORGANISM | {"webhook": {"url": "https://hooks.example/"}})
    assert wrong_fields(answer) == ["webhook.url"]
    assert "cndp" not in {item["sk"] for item in service.items("ORGANISM")}


def test_loopback_alone_is_let_through_where_the_local_stage_says_so(
    service: Service, names: dict[str, list[list[str]]]
) -> None:
    """A program on the local stage's own machine wants the other networks of that machine called too."""
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
    """A stolen session wants an address that is read in one way when checked and in another when called."""
    answer = service.put_organism("cndp", NEW_ORGANISM | {"webhook": {"url": url}})
    assert wrong_fields(answer) == ["webhook.url"]


def test_an_unknown_name_is_refused_at_enrolment(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stolen session wants a name enrolled that means nothing yet, to say later what it means."""

    def unknown(*_arguments: object, **_more: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    answer = service.put_organism("cndp", NEW_ORGANISM | {"webhook": {"url": "https://hooks.example/"}})
    assert wrong_fields(answer) == ["webhook.url"]


def test_a_name_that_turned_private_since_its_enrolment_is_not_called(
    service: Service, programs: Programs, names: dict[str, list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever owns a webhook's name wants it to mean a machine inside once it was enrolled."""
    monkeypatch.setenv("WEBHOOKS_ALLOW_LOOPBACK", "false")
    with programs(name="hooks.example") as organism:
        names["hooks.example"] = [["93.184.215.14"], ["127.0.0.1"]]
        joined(service, f"https://hooks.example:{organism.port}/")
        assert len(called(told(service))) == 1
    assert organism.connections == 0


def test_a_name_that_turns_private_between_look_and_call_is_called_where_it_was_looked_at(
    service: Service, programs: Programs, names: dict[str, list[list[str]]]
) -> None:
    """Whoever owns a webhook's name wants it to turn private between the look at it and the call (DNS rebinding)."""
    with programs(name="hooks.example") as organism:
        names["hooks.example"] = [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]]
        joined(service, f"https://hooks.example:{organism.port}/")
        assert called(told(service)) == []
    assert [request.headers["host"] for request in organism.received] == [f"hooks.example:{organism.port}"]
    assert names["hooks.example"] == [["10.0.0.1"]]


def listening_at(number: str, folder: Path) -> AbstractContextManager[program.Receiver]:
    """A program at another number of this machine, with a port of its own and the certificate of the one that runs."""
    return program.listening(folder / "certificate.pem", host=number)


@pytest.mark.parametrize(
    "numbers",
    [
        ["127.0.0.1"],
        ["127.0.0.1", "::1"],
        ["::1", "127.0.0.1"],  # IPv4 is tried first, whatever DNS says first
    ],
)
def test_a_program_is_told_once_whichever_of_its_numbers_answers(
    service: Service, programs: Programs, names: dict[str, list[list[str]]], numbers: list[str]
) -> None:
    """Whoever owns a name wants one notice delivered several times by giving the name several numbers."""
    with programs(name="hooks.example") as organism:
        names["hooks.example"] = [numbers]
        joined(service, f"https://hooks.example:{organism.port}/")
        assert called(told(service)) == []
    assert len(organism.received) == 1


def test_a_number_where_nobody_listens_is_passed_over(
    service: Service, names: dict[str, list[list[str]]], tmp_path: Path, programs: Programs
) -> None:
    """Bad luck, or whoever broke one of two machines, wants an organism left without its notices."""
    with programs(name="hooks.example") as organism, listening_at("127.0.0.9", tmp_path) as second:
        names["hooks.example"] = [["127.0.0.3", "127.0.0.4", "127.0.0.9"]]
        joined(service, f"https://hooks.example:{second.port}/")
        assert called(told(service)) == []
    assert len(second.received) == 1
    assert organism.connections == 0


def test_a_number_that_takes_connections_and_says_nothing_is_passed_over_in_time(
    service: Service, names: dict[str, list[list[str]]], tmp_path: Path, programs: Programs
) -> None:
    """A machine that says nothing wants to hold the call until no time is left for the next one."""
    with programs(name="hooks.example"), listening_at("127.0.0.9", tmp_path) as second:
        with socket.create_server(("127.0.0.3", second.port)):
            names["hooks.example"] = [["127.0.0.3", "127.0.0.9"]]
            joined(service, f"https://hooks.example:{second.port}/")
            began = time.monotonic()
            assert called(told(service)) == []
        assert time.monotonic() - began < 3
    assert len(second.received) == 1


def test_what_was_sent_to_one_number_is_sent_to_no_other(
    service: Service, names: dict[str, list[list[str]]], tmp_path: Path, programs: Programs
) -> None:
    """It may have been taken, whatever is answered: the next attempt is made later, under the same id."""
    with programs(program.closes, name="hooks.example") as organism:
        certificate = tmp_path / "certificate.pem"
        with program.listening(certificate, host="127.0.0.9", port=organism.port) as second:
            names["hooks.example"] = [["127.0.0.1", "127.0.0.9"]]
            joined(service, f"https://hooks.example:{organism.port}/")
            assert len(called(told(service))) == 1
    assert len(organism.received) == 1
    assert second.connections == 0


def test_many_dead_numbers_end_in_time(service: Service, names: dict[str, list[list[str]]], programs: Programs) -> None:
    """Whoever owns a name wants a function held for minutes by as many dead numbers as a name can have."""
    with programs(name="hooks.example") as organism, ExitStack() as silent:
        numbers = [f"127.0.1.{last}" for last in range(1, 30)]
        for number in numbers:
            silent.enter_context(socket.create_server((number, organism.port)))
        names["hooks.example"] = [numbers]
        joined(service, f"https://hooks.example:{organism.port}/")
        began = time.monotonic()
        assert len(called(told(service))) == 1
        assert time.monotonic() - began < 3
    assert organism.connections == 0


@pytest.mark.parametrize("private", ["10.0.0.1", "169.254.169.254", "fd00:ec2::254", "::ffff:10.0.0.1"])
@pytest.mark.parametrize("first", [True, False])
def test_one_private_number_among_good_ones_makes_all_of_them_wrong(
    service: Service, programs: Programs, names: dict[str, list[list[str]]], private: str, *, first: bool
) -> None:
    """The first may be dead on purpose, so that the call moves on to the other."""
    with programs(name="hooks.example") as organism:
        names["hooks.example"] = [["127.0.0.1"], [private, "127.0.0.1"] if first else ["127.0.0.1", private]]
        joined(service, f"https://hooks.example:{organism.port}/")
        assert len(called(told(service))) == 1
    assert organism.connections == 0
