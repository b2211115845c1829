"""Agents and operators sign in on the pages: password, first password, second factor, and the session's cookies.

The page never holds a token. The ID token is in a cookie that the door sends on as `Authorization`; what renews it is
in another, enciphered, with the moment until which it may: a copy of the cookies is worth a quarter of an hour.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import Final, Literal, cast

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from mailroom.api import resolver
from mailroom.api.request import header
from mailroom.api.session_views import (
    ChallengeAnswer,
    Credentials,
    Forgotten,
    Reset,
    Setup,
    SetupStep,
    SignedIn,
    Step,
)
from mailroom.domain import clock
from mailroom.domain.refusals import (
    OF_A_BODY,
    CodeWrong,
    FieldError,
    FieldsWrong,
    NotYourOrganism,
    SessionEnded,
    SignInEnded,
    SignInRefused,
    TooManyTries,
)
from mailroom.fields.password import weaknesses
from mailroom.organisms.callers import OPERATORS, groups_in, organism_ids_in
from mailroom.organisms.directory import Directory
from mailroom.process import WithTable
from open_session import cookies
from open_session.cipher import Cipher
from open_session.pace import Pace, address_of, unhurried
from open_session.user_accounts import (
    CODE,
    NEW_PASSWORD,
    SET_UP,
    Asked,
    Browser,
    Tokens,
    UserAccounts,
    authenticator_uri,
)

IDLE: Final = timedelta(minutes=15)
"""How long a session lasts without use, and a sign-in from one step to the next; the pool has the same two times."""


class Process(WithTable):
    """Asks Cognito, counts tries, and reads the person's organism."""

    user_pool_id: str
    user_pool_client_id: str
    session_key: str
    """The key of KMS that enciphers cookies."""

    @cached_property
    def people(self) -> UserAccounts:
        """The accounts of agents and operators."""
        return UserAccounts(client=self.cognito, pool_id=self.user_pool_id, client_id=self.user_pool_client_id)

    @cached_property
    def cipher(self) -> Cipher:
        """Enciphers cookies."""
        return Cipher(kms=self.kms, key=self.session_key)

    @cached_property
    def pace(self) -> Pace:
        """Counts tries."""
        return Pace(table=self.table)


process = Process.current
app = resolver.Api()


@app.post(
    "/v1/session",
    operation_id="open_session",
    summary="Sign in on the pages",
    responses={
        200: {"description": "The person is signed in, or the next step"},
        **resolver.problem_responses(*OF_A_BODY, SignInRefused, NotYourOrganism, TooManyTries),
    },
)
def sign_in(credentials: Credentials) -> Response[SignedIn | Step | SetupStep]:
    """Wrong names and wrong passwords get the same answer after the same time.

    The tokens are set as cookies (`__Host-`, HttpOnly, SameSite=Strict) and never are in the answer.
    """
    browser, now = _browser(), clock.now()
    process().pace.count(credentials.username, browser.address, now)
    with unhurried():
        result = process().people.sign_in(credentials.username, credentials.password, browser)
    return _next(result, credentials.username, now)


@app.post(
    "/v1/session/challenge",
    operation_id="open_session.answer",
    summary="Answer a step of the sign-in",
    responses={
        200: {"description": "The person is signed in, or the next step"},
        **resolver.problem_responses(*OF_A_BODY, CodeWrong, SignInEnded, NotYourOrganism, TooManyTries),
    },
)
def answer(given: ChallengeAnswer) -> Response[SignedIn | Step | SetupStep]:
    """`new_password` where the first password is to be replaced, else `code`. A wrong code may be corrected."""
    asked, browser, now = _asked(given.challenge), _browser(), clock.now()
    process().pace.count(asked.username, browser.address, now)
    people = process().people
    if asked.step == NEW_PASSWORD:
        if given.new_password is None:
            raise FieldsWrong(FieldError("new_password", "missing"))
        _require_strong(given.new_password)
        result = people.choose_password(asked, given.new_password, browser)
    else:
        if given.code is None:
            raise FieldsWrong(FieldError("code", "missing"))
        result = people.give_code(asked, given.code, browser)
    return _next(result, asked.username, now)


@app.get(
    "/v1/session",
    operation_id="open_session.renew",
    summary="Who is signed in, and renew the session",
    responses={
        200: {"description": "The person who is signed in"},
        **resolver.problem_responses(SessionEnded, NotYourOrganism),
    },
)
def renew() -> Response[SignedIn]:
    """The session lasts another quarter of an hour from now, at most for a working day (12 hours)."""
    now = clock.now()
    kept = process().cipher.deciphered("session", _sent(cookies.RENEWAL))
    if kept is None or kept["until"] <= clock.iso(now):
        raise SessionEnded
    return _signed_in(process().people.renew(kept["token"], _browser()), now)


@app.delete(
    "/v1/session",
    operation_id="open_session.end",
    summary="Sign out",
    status_code=204,
    responses={
        204: {"description": "The cookies are gone, and the tokens revoked", "content": {}},
        **resolver.problem_responses(),
    },
)
def end() -> Response[None]:
    """Other sessions of the person go on. Said without a session: the same answer."""
    if kept := process().cipher.deciphered("session", _sent(cookies.RENEWAL)):
        process().people.sign_out(kept["token"])
    every = (cookies.ID_TOKEN, cookies.RENEWAL, cookies.CHALLENGE)
    return Response(HTTPStatus.NO_CONTENT.value, cookies=[cookies.gone(name) for name in every])


@app.post(
    "/v1/session/forgotten",
    operation_id="open_session.forget",
    summary="Ask for a code that replaces a forgotten password",
    status_code=202,
    responses={
        202: {"description": "A code is on its way by e-mail, if the account exists", "content": {}},
        **resolver.problem_responses(*OF_A_BODY, TooManyTries),
    },
)
def forget(forgotten: Forgotten) -> Response[None]:
    """The answer is the same whether or not there is such an account."""
    process().pace.count(forgotten.username, _browser().address, clock.now())
    with unhurried(every=True):
        process().people.send_code(forgotten.username)
    return Response(HTTPStatus.ACCEPTED.value)


@app.post(
    "/v1/session/reset",
    operation_id="open_session.reset",
    summary="Replace a forgotten password by the code of the e-mail",
    status_code=204,
    responses={
        204: {"description": "The new password holds", "content": {}},
        **resolver.problem_responses(*OF_A_BODY, CodeWrong, TooManyTries),
    },
)
def reset(given: Reset) -> Response[None]:
    """Sign in with the new password then."""
    process().pace.count(given.username, _browser().address, clock.now())
    _require_strong(given.new_password)
    with unhurried():
        process().people.replace_password(given.username, given.code, given.new_password)
    return Response(HTTPStatus.NO_CONTENT.value)


def _next(result: Tokens | Asked, username: str, now: datetime) -> Response[SignedIn | Step | SetupStep]:
    if isinstance(result, Asked):
        return _step(result, now)
    process().pace.forget(username, _browser().address, now)
    return cast("Response[SignedIn | Step | SetupStep]", _signed_in(result, now))  # Powertools' answers are invariant


def _step(asked: Asked, now: datetime) -> Response[SignedIn | Step | SetupStep]:
    """Ask for the next step. Its state goes into a cookie, and the page gets the nonce that names it."""
    nonce, secret = secrets.token_urlsafe(16), ""
    if asked.step == SET_UP:
        asked, secret = process().people.authenticator(asked)
    step: SignedIn | Step | SetupStep
    if asked.step == SET_UP:
        step = SetupStep(challenge=nonce, setup=Setup(secret=secret, uri=authenticator_uri(asked.username, secret)))
    elif asked.step in {NEW_PASSWORD, CODE}:
        step = Step(state="second_factor" if asked.step == CODE else "new_password", challenge=nonce)
    else:
        raise ValueError(f"Cognito asks for {asked.step}, which the pool is not set up for.")
    kept = {"nonce": nonce, "until": clock.iso(now + IDLE), **vars(asked)}
    return _answered(step, (cookies.CHALLENGE, process().cipher.enciphered("challenge", kept)))


def _asked(challenge: str) -> Asked:
    """The step that a challenge names. Raises SignInEnded."""
    kept = process().cipher.deciphered("challenge", _sent(cookies.CHALLENGE))
    if (
        kept is None
        or kept["until"] <= clock.iso(clock.now())
        or not hmac.compare_digest(kept["nonce"].encode(), challenge.encode(errors="replace"))
    ):
        raise SignInEnded
    return Asked(step=kept["step"], username=kept["username"], session=kept["session"])


def _signed_in(tokens: Tokens, now: datetime) -> Response[SignedIn]:
    """The session's cookies. Raises NotYourOrganism, and ends the session, for an account that may open nothing."""
    claims = tokens.claims
    groups = groups_in(claims)
    organism_ids = organism_ids_in(groups)
    role: Literal["agent", "operator"] = "operator" if OPERATORS in groups else "agent"
    if role == "agent" and len(organism_ids) != 1:
        process().people.sign_out(tokens.refresh_token)
        raise NotYourOrganism
    until = clock.iso(now + IDLE)
    organism = None
    if len(organism_ids) == 1:
        organism = Directory(process().table).organism(organism_ids[0]).summary
    person = SignedIn(role=role, name=claims["cognito:username"], organism=organism, expires_at=until)
    renewal = process().cipher.enciphered("session", {"token": tokens.refresh_token, "until": until})
    return _answered(person, (cookies.ID_TOKEN, tokens.id_token), (cookies.RENEWAL, renewal), (cookies.CHALLENGE, ""))


def _answered[Model: BaseModel](body: Model, *kept: tuple[str, str]) -> Response[Model]:
    seconds = int(IDLE.total_seconds())
    made = [cookies.cookie(name, value, seconds) if value else cookies.gone(name) for name, value in kept]
    return Response(HTTPStatus.OK.value, content_type=resolver.JSON, body=body, cookies=made)


def _require_strong(password: str) -> None:
    if found := weaknesses(password):
        raise FieldsWrong(*(FieldError("new_password", kind) for kind in found))


def _sent(name: str) -> str:
    return cookies.sent(app.current_event.raw_event).get(name, "")


def _browser() -> Browser:
    event = app.current_event.raw_event
    named = {name: header(event, name)[:512] for name in ("user-agent", "accept-language")}
    return Browser(address=address_of(event), headers={name: value for name, value in named.items() if value})


handler = resolver.entry(app)
