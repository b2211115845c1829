"""A deployed stack on a local cloud, as demonstrations and tests see it."""

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import boto3
import httpx

from infra.commands.local_run import session_to
from infra.local.cloud import Cloud
from infra.local.mail_catcher import Email, MailCatcher, Sms
from infra.local.people import People, Person
from infra.names import READ_SCOPE, WRITE_SCOPE


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """The two tokens of a user who signed in; the API takes the identity token."""

    access_token: str
    id_token: str


@dataclass(frozen=True, kw_only=True)
class LocalStack:
    """The addresses of a deployed stack, and the clients that reach it."""

    api_url: str
    """The address of the project's own API, without `/v1`."""
    site_url: str
    """The address of the pages, and of the same API."""
    endpoint_url: str
    """The address of every AWS API."""
    ca_file: Path
    seal_ca_file: Path
    """The authority that is trusted when receipts are checked."""
    sealer_file: Path
    """The certificate that a check expects."""
    region: str
    outputs: Mapping[str, str]
    """The stacks' outputs, under the names of `infra/stacks` and `infra/resources.py`."""
    emails_url: str
    sms_url: str
    mail_catcher: MailCatcher = field(repr=False)
    people: People = field(repr=False)
    """The users."""

    def page(self, name: str) -> str:
        """The address of a page that people sign in on."""
        return f"{self.site_url.rstrip('/')}/fr/{name}/"

    def session(self) -> boto3.Session:
        """Return a session whose clients reach the local cloud, and nothing else."""
        return session_for(self.mail_catcher.cloud)

    def tls(self) -> ssl.SSLContext:
        """Return a context that trusts the local cloud alone."""
        return ssl.create_default_context(cafile=str(self.ca_file))

    def client(self) -> httpx.Client:
        """Return an HTTP client for the API."""
        return httpx.Client(base_url=self.api_url, verify=self.tls(), trust_env=False, timeout=httpx.Timeout(30))

    def visitor(self) -> httpx.Client:
        """Return an HTTP client for the site."""
        return httpx.Client(base_url=self.site_url, verify=self.tls(), trust_env=False, timeout=httpx.Timeout(30))

    def storage(self) -> httpx.Client:
        """Return an HTTP client for presigned addresses."""
        return httpx.Client(verify=self.tls(), trust_env=False, timeout=httpx.Timeout(30))

    def sign_in(self, person: Person) -> SignedIn:
        """Sign a user in with a password alone, as the local stage allows. Raises ClientError."""
        answer = (
            self.session()
            .client("cognito-idp")
            .initiate_auth(
                ClientId=self.outputs["UserPoolClientId"],
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": person.username, "PASSWORD": person.password},
            )["AuthenticationResult"]
        )
        return SignedIn(access_token=answer["AccessToken"], id_token=answer["IdToken"])

    def machine_token(self, scope: str = f"{READ_SCOPE} {WRITE_SCOPE}") -> str:
        """Fetch the program's access token by its client credentials. Raises HTTPStatusError."""
        machine = self.people.machine
        with self.storage() as client:
            answer = client.post(
                machine.token_url,
                auth=(machine.client_id, machine.client_secret),
                data={"grant_type": "client_credentials", "scope": scope},
            )
        token: str = answer.raise_for_status().json()["access_token"]
        return token

    def emails(self) -> list[Email]:
        """Every e-mail that was sent, newest first."""
        return self.mail_catcher.emails()

    def sms(self) -> list[Sms]:
        """Every SMS that was sent."""
        return self.mail_catcher.sms()

    def write(self, path: Path, sample: Mapping[str, str] | None) -> None:
        """Write the description that other programs read, as JSON."""
        described = {
            "api_url": self.api_url,
            "site_url": self.site_url,
            "desk_url": self.page("desk"),
            "operations_url": self.page("operations"),
            "endpoint_url": self.endpoint_url,
            "ca_file": str(self.ca_file),
            "seal_ca_file": str(self.seal_ca_file),
            "sealer_file": str(self.sealer_file),
            "region": self.region,
            "emails_url": self.emails_url,
            "sms_url": self.sms_url,
            "sample": sample,
            "user_pool": {"id": self.outputs["UserPoolId"], "client_id": self.outputs["UserPoolClientId"]},
            **self.people.as_described(),
        }
        part = path.with_suffix(".part")
        part.touch(mode=0o600)  # it holds passwords
        part.write_text(json.dumps(described, indent=2) + "\n")
        part.replace(path)


def session_for(cloud: Cloud) -> boto3.Session:
    """Return a session whose clients reach this cloud alone."""
    return session_to(endpoint_url=cloud.endpoint_url, region=cloud.region, ca_file=cloud.place.ca_file)
