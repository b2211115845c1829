"""The whole service in one process behind its site: pages, API, storage, receipts and messages.

The handlers are the real ones, on moto's AWS; the proxy is the one of `make run`, which plays the distribution; the
bucket is another origin, as in AWS. One process cannot run a handler twice at once (Powertools keeps the request in the
resolver's class), so that requests take turns.

Pages sign in on moto's user pool, with the accounts of `tests.support.in_process.user_pool`: `AGENT`, `SECOND_AGENT`,
`OTHER_AGENT` and `OPERATOR` by password alone; `WITH_FACTOR` is asked for a code (`code_now()`); `FIRST_TIME` is
asked for a new password and sets an authenticator up. An account that a test spoils for others it makes by `invite`.
"""

import importlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock
from typing import Any, Final

import pytest
from botocore.client import BaseClient
from moto import mock_aws

from infra.local.certificate import ensure_certificate
from infra.local.place import HOST
from infra.local.site_proxy import Site, serving_site
from infra.paths import ROOT
from mailroom.domain import clock
from mailroom.settings import Settings
from tests.support.house.authorizer import Unauthorized, claims_of
from tests.support.house.chain import AS_FOUND, Chain, Message, Outbox
from tests.support.house.faults import Fault, Faults
from tests.support.house.organisms import DIRECTORY, SPECIAL
from tests.support.house.pages import built_pages
from tests.support.house.serving import Asked, Origin, bound, serving_origins
from tests.support.house.storage import AWS_HOST, KEY, KEY_ID, Storage, Stored
from tests.support.house.tables import Tables, reading_directory_once
from tests.support.in_process.agents import Agent
from tests.support.in_process.clients import share_clients
from tests.support.in_process.service import REGION, Answer, Service
from tests.support.in_process.signing import sign_digests_as_such
from tests.support.in_process.stores import create_stores
from tests.support.in_process.transactions import copy_less
from tests.support.in_process.user_pool import admit_everyone, as_cognito_does, create_user_pool

_MANY: Final = {"each": 10**9, "guarded": 10**9, "session": 10**9, "drafts": 10**9}
_NO_CAPS: Final = {
    name: (10**6 if name == "sms_month" else {"hour": 10**6, "day": 10**6})
    for name in ("sms_number", "sms_desk", "sms_organism", "sms_month", "email_address", "email_organism")
}
"""Tests send many messages to the same few addresses within a minute."""


class TurnTaking(Service):
    """The service whose handlers run one after the other, whoever calls them."""

    def __init__(self, turn: Any) -> None:  # noqa: ANN401 - a lock
        self._turn = turn

    def call(self, method: str, path: str, body: object = None, **more: Any) -> Answer:  # noqa: ANN401 - as of `Service`
        with self._turn:
            return super().call(method, path, body, **more)


@dataclass
class House:
    """The service as browsers meet it at `url`, and what tests may do inside."""

    url: str
    """The site's origin."""
    storage_url: str
    """The bucket's origin."""
    tls: Path
    """The folder of the certificate and of `ca.pem`, which signed it."""
    turn: Any
    """The lock in which handlers run."""
    service: TurnTaking
    chain: Chain
    outbox: Outbox = field(default_factory=Outbox)
    faults: Faults = field(default_factory=Faults)
    tables: Tables = field(default_factory=Tables.now)
    """The tables as each test finds them."""
    _messages: tuple[Message, ...] = ()
    requests: list[Asked] = field(default_factory=list)
    """What reached the API or storage, in order."""
    ahead: timedelta = timedelta()
    """How far the service's clock is ahead of this machine's."""

    def now(self) -> datetime:
        """The service's time."""
        return datetime.now(UTC) + self.ahead

    @property
    def messages(self) -> list[Message]:
        """The e-mails and SMS that left since `begin_again`."""
        return self.outbox.messages

    def begin_again(self) -> None:
        """Forget what a test ordered and did: the tables are as `keeping` found them, or as at the start."""
        self.faults.forget()
        self.chain.let_receipts_go()
        self.chain.settle()
        self.chain.scans = AS_FOUND
        self.chain.failures.clear()
        self.requests.clear()
        self.outbox.messages[:] = self._messages
        self.ahead = timedelta()
        with self.turn:
            self.tables.bring_back()

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Let mails, organisms and messages that stand now be found by each test within."""
        self.chain.settle()
        before = self.tables, self._messages
        with self.turn:
            self.tables, self._messages = Tables.now(), tuple(self.messages)
        yield
        self.tables, self._messages = before

    def fail_next(  # noqa: PLR0913 - the parts of a fault, all by keyword
        self,
        place: str,
        *,
        status: int = 503,
        retry_after: int | None = None,
        after: bool = False,
        dropped: bool = False,
        foreign: bool = False,
        times: int = 1,
    ) -> None:
        """Let the next requests of a place fail; `tests/support/house/faults.py` says what each word means."""
        fault = Fault(
            place=place, status=status, retry_after=retry_after, after=after, dropped=dropped, foreign=foreign
        )
        self.faults.order(fault, times)

    def delay_next(self, place: str, seconds: float, *, times: int = 1) -> None:
        """Let the next requests of a place wait before they are served."""
        self.faults.order(Fault(place=place, status=None, seconds=seconds), times)

    def agent(self, organism_id: str = "anam", name: str = "nadia") -> Agent:
        """An agent of an organism."""
        return Agent(self.service, organism_id, name)

    def desks(self) -> list[dict[str, Any]]:
        """The desks that take mail, as the API lists them."""
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = self.service.call("GET", f"/v1/organisms?limit=100&cursor={cursor}").json
            found += page["items"]
            cursor = page["next_cursor"]
        return found

    def settle(self) -> None:
        """Wait until scans, receipts and messages under way are done."""
        self.chain.settle()

    def answer(self, asked: Asked) -> Stored:
        """The API's answer, as API Gateway gives it."""
        try:
            body: str | bytes | None = asked.body.decode() or None
        except UnicodeDecodeError:
            body = asked.body
        try:
            claims = claims_of(asked, self.now())
        except Unauthorized:
            return Stored(401, {"Content-Type": "application/json"}, b'{"message":"Unauthorized"}')
        answer = self.service.call(asked.method, asked.target, raw=body, headers=asked.headers, claims=claims)
        _, _, path = asked.place.partition(" ")
        if path.endswith("/submission") and answer.status == 201:
            self.chain.submitted(path.split("/")[3])
        # moto's addresses lead to AWS
        text = answer.body.replace(f"https://{AWS_HOST}", self.storage_url)
        return Stored(answer.status, dict(answer.headers), text.encode(), answer.cookies)

    def store(self, storage: Storage, asked: Asked) -> Stored:
        """Storage's answer."""
        with self.turn:
            answer = storage.answer(asked.method, asked.target, asked.headers, asked.body)
        if asked.method == "PUT" and answer.status == 200:
            self.chain.uploaded(asked.place.partition(" ")[2].removeprefix("/"))
        return answer


@contextmanager
def open_house(*, pages: Path | None = None, port: int | None = None) -> Iterator[House]:
    """The house while it stands: `pages` is a folder of pages, where they are not to be built; `port` the site's."""
    with ExitStack() as stack:
        tls = Path(stack.enter_context(TemporaryDirectory()))
        ensure_certificate(tls)
        # bound at once: until the house stands, another process might take a port that is only free
        held = [stack.enter_context(bound()) for _ in range(3)]
        ports = [each.getsockname()[1] for each in held]
        url = f"https://localhost:{port or ports[0]}"
        stack.enter_context(mock_aws())
        copy_less()
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        turn = RLock()
        service = TurnTaking(turn)
        house = House(url, f"https://{HOST}:{ports[1]}", tls, turn, service, Chain(service))
        _furnish(house, patch)
        for handler in (ROOT / "functions").glob("*/handler.py"):
            importlib.import_module(f"{handler.parent.name}.handler")  # or each first request takes its time
        stack.callback(house.chain.run(turn))
        storage = Storage(frozenset({url}), house.now)
        note = house.requests.append
        api = Origin(answers=house.answer, note=note, faults=house.faults)
        bucket = Origin(answers=partial(house.store, storage), note=note, faults=house.faults, storage=storage)
        stack.enter_context(serving_origins(api, held[2], bucket, held[1], tls))
        site = Site(
            port=port or ports[0],
            held=None if port else held[0],
            api_url=f"http://{HOST}:{ports[2]}",
            storage=house.storage_url,
            tls=tls,
            limits=_MANY,
            pages=pages or built_pages(house.desks()),
        )
        stack.enter_context(serving_site(site))
        with house.keeping():
            yield house


def _furnish(house: House, patch: pytest.MonkeyPatch) -> None:
    """Give the house its AWS, its clock and its organisms."""
    share_clients(patch)
    sign_digests_as_such(patch)
    for name, value in {
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_DEFAULT_REGION": REGION,
        # read when a handler is imported, which is done after this
        "POWERTOOLS_LOG_LEVEL": "ERROR",
        "POWERTOOLS_METRICS_NAMESPACE": "BureauOrdre",
        "POWERTOOLS_SERVICE_NAME": "house",
    }.items():
        patch.setenv(name, value)
    made = create_stores() | create_user_pool()
    as_cognito_does(patch)
    admit_everyone(made)
    for name, value in (made | {"PUBLIC_URL": house.url, "MESSAGE_CAPS": json.dumps(_NO_CAPS)}).items():
        patch.setenv(name, value)
    watched = house.outbox.watch(BaseClient._make_api_call)  # type: ignore[attr-defined]
    patch.setattr(BaseClient, "_make_api_call", reading_directory_once(watched))
    patch.setattr(clock, "now", lambda: house.now().replace(microsecond=house.now().microsecond // 1000 * 1000))
    Settings.reset()
    enrolled = house.service.enrol(DIRECTORY)
    assert enrolled["errors"] == [], enrolled
    for organism_id, body in SPECIAL.items():
        answer = house.service.put_organism(organism_id, body)
        assert answer.status in {200, 201}, answer.body
