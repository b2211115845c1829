"""The bucket as browsers meet it: presigned addresses on an origin of its own, with the checks that S3 makes.

moto checks neither the signature nor the length, the digest or the time of a presigned request; this does. It follows
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import boto3
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.support.in_process.service import BUCKET, REGION, base64_sha256

AWS_HOST: Final = f"{BUCKET}.s3.{REGION}.amazonaws.com"
"""The host that presigned addresses name, and whose name they sign."""
KEY_ID, KEY = "testing", "testing"
MAX_AGE: Final = 3600
"""Seconds that a browser may keep the answer to a preflight."""
EXPOSED: Final = "ETag"


@dataclass(frozen=True)
class Stored:
    """S3's answer."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    cookies: tuple[str, ...] = ()
    """What `Set-Cookie` says, each."""


@dataclass(frozen=True)
class Storage:
    """Answers requests for presigned addresses; `origins` may put and read files, as the bucket's CORS rules say."""

    origins: frozenset[str]
    now: Callable[[], datetime]

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Stored:
        """Answer one request; the names of `headers` are in small letters."""
        if method == "OPTIONS":
            return self._preflight(headers)
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        refusal = self._refusal(method, target, headers, query)
        if refusal is not None:
            answer = refusal
        elif method == "PUT":
            answer = _put(unquote(parts.path).removeprefix("/"), headers, body)
        elif method == "GET":
            answer = _get(unquote(parts.path).removeprefix("/"), query)
        else:
            answer = _error(405, "MethodNotAllowed")
        return Stored(answer.status, answer.headers | self.cors(method, headers), answer.body)

    def cors(self, method: str, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers by which a page of the site may read the answer, also of a refusal."""
        origin = headers.get("origin")
        if method not in {"PUT", "GET"} or origin not in self.origins:
            return {}
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": method,
            "Access-Control-Expose-Headers": EXPOSED,
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Max-Age": str(MAX_AGE),
            "Vary": "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
        }

    def _preflight(self, headers: Mapping[str, str]) -> Stored:
        allowed = self.cors(headers.get("access-control-request-method", ""), headers)
        if not allowed:
            return _error(403, "AccessForbidden")
        return Stored(
            200, allowed | {"Access-Control-Allow-Headers": headers.get("access-control-request-headers", "")}
        )

    def _refusal(self, method: str, target: str, headers: Mapping[str, str], query: Mapping[str, str]) -> Stored | None:
        if "X-Amz-Signature" not in query:
            return _error(403, "AccessDenied")
        if not hmac.compare_digest(_signature(method, target, headers, query), query["X-Amz-Signature"]):
            return _error(403, "SignatureDoesNotMatch")
        signed = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if self.now() > signed + timedelta(seconds=int(query["X-Amz-Expires"])):
            return _error(403, "AccessDenied")
        return None


def _signature(method: str, target: str, headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    """The signature that the request should have, over the headers that its address names, as they came."""
    path, _, pairs = target.partition("?")
    unsigned = "&".join(pair for pair in pairs.split("&") if not pair.startswith("X-Amz-Signature="))
    named = set(query["X-Amz-SignedHeaders"].split(";")) - {"host"}
    sent = {name: headers[name] for name in named if name in headers}
    request = AWSRequest(method, f"https://{AWS_HOST}{path}?{unsigned}", headers=sent)
    request.context["timestamp"] = query["X-Amz-Date"]
    auth: Any = S3SigV4QueryAuth(Credentials(KEY_ID, KEY), "s3", REGION)
    signature: str = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    return signature


def _put(key: str, headers: Mapping[str, str], body: bytes) -> Stored:
    if headers["x-amz-checksum-sha256"] != base64_sha256(body):
        return _error(400, "BadDigest")
    s3 = boto3.client("s3", REGION)
    if headers.get("if-none-match") == "*" and _holds(s3, key):
        return _error(412, "PreconditionFailed")
    done = s3.put_object(
        Bucket=BUCKET,
        Key=key,
        Body=body,
        ContentType=headers["content-type"],
        ContentDisposition=headers["content-disposition"],
        ChecksumAlgorithm="SHA256",
        ChecksumSHA256=headers["x-amz-checksum-sha256"],
        Tagging=headers["x-amz-tagging"],
    )
    return Stored(200, {"ETag": done["ETag"], "x-amz-version-id": done["VersionId"]})


def _holds(s3: Any, key: str) -> bool:  # noqa: ANN401 - boto3's client
    try:
        s3.head_object(Bucket=BUCKET, Key=key)
    except ClientError:
        return False
    return True


def _get(key: str, query: Mapping[str, str]) -> Stored:
    version = {"VersionId": query["versionId"]} if "versionId" in query else {}
    try:
        found: Any = boto3.client("s3", REGION).get_object(Bucket=BUCKET, Key=key, **version)  # type: ignore[arg-type]
    except ClientError:
        return _error(404, "NoSuchKey")
    headers = {"Content-Type": found["ContentType"], "ETag": found["ETag"]}
    if "ContentDisposition" in found:
        headers["Content-Disposition"] = found["ContentDisposition"]
    asked = {
        name.removeprefix("response-").title(): value for name, value in query.items() if name.startswith("response-")
    }
    return Stored(200, headers | asked, found["Body"].read())


def _error(status: int, code: str) -> Stored:
    return Stored(status, {"Content-Type": "application/xml"}, f"<Error><Code>{code}</Code></Error>".encode())
