"""The forms of a stage's settings, as AWS and the standards document them.

Each type refuses what AWS would refuse hours later, or accept and never serve.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Annotated
from urllib.parse import urlsplit

import idna
from pydantic import AfterValidator, Field, Strict


@cache
def _regions() -> frozenset[str]:
    from botocore.loaders import Loader  # noqa: PLC0415 - slow to load, and read for a region alone

    (partition,) = (each for each in Loader().load_data("partitions")["partitions"] if each["id"] == "aws")
    return frozenset(partition["regions"]) - {"aws-global"}


def _known_region(name: str) -> str:
    if name not in _regions():
        raise ValueError(f"AWS has no region of this name; it has {', '.join(sorted(_regions()))}")
    return name


def _bucket_name(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", name):
        raise ValueError(
            "a bucket's name has 3 to 63 lowercase letters, digits and hyphens, and no hyphen at its ends; a dot "
            "breaks TLS on the bucket's own host"
        )
    if name.startswith(("xn--", "sthree-", "amzn-s3-demo-")) or name.endswith(
        ("-s3alias", "--ol-s3", "--x-s3", "--table-s3", "-an")
    ):
        raise ValueError("S3 keeps this beginning or ending of a name for itself")
    if re.search(r"\d{12}", name):
        raise ValueError("every presigned address shows the bucket's name: it must not hold an account's number")
    return name


def _host_name(name: str) -> str:
    if "/" in name or ":" in name:
        raise ValueError(
            "a host name has no scheme, port or path: courrier.exemple.ma, not https://courrier.exemple.ma/"
        )
    try:
        written = idna.encode(name, strict=True, std3_rules=True).decode()
    except idna.IDNAError as error:
        raise ValueError(f"no host name ({error})") from None
    if name != (plain := written.lower().rstrip(".")):
        raise ValueError(f"addresses are printed in lowercase, in ASCII and without a dot at their end: {plain}")
    if "." not in name or name.rpartition(".")[2].isdigit():
        raise ValueError("a host name of the DNS has at least two parts, and is no IP address")
    return name


def _email_address(address: str) -> str:
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - loads a DNS client

    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    if found.ascii_email != address:
        raise ValueError(f"write it as {found.ascii_email}")
    return address


def _served_country(code: str) -> str:
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 - reads the numbering plans

    if not re.fullmatch("[A-Z]{2}", code) or code not in SUPPORTED_REGIONS:
        raise ValueError("countries are two letters (ISO 3166-1: MA). Satellites and premium numbers have none")
    return code


def _web_origin(origin: str) -> str:
    if origin == "*":
        return origin
    place = urlsplit(origin)
    if place.scheme not in {"https", "http"} or not place.hostname or f"{place.scheme}://{place.netloc}" != origin:
        raise ValueError("an origin is a scheme and a host, without a path or a slash at its end: https://host.example")
    if place.username is not None or place.netloc != place.netloc.lower():
        raise ValueError("an origin has no user, and browsers send it in lowercase")
    if place.scheme == "http" and place.hostname not in {"localhost", "127.0.0.1"}:
        raise ValueError("an origin other than this machine is reached over HTTPS")
    return origin


def _time_stamp_address(address: str) -> str:
    place = urlsplit(address)
    if place.scheme != "https" and (place.scheme, place.hostname) != ("http", "127.0.0.1"):
        raise ValueError("a time stamp authority is asked over HTTPS: https://…")
    if not place.hostname or place.username is not None or place.fragment or re.search(r"\s", address):
        raise ValueError("it is a host and a path, without a password or a fragment")
    return address


def _distinct[T](values: Sequence[T]) -> Sequence[T]:
    if len(set(values)) != len(values):
        raise ValueError("each value stands there once")
    return values


def _written(pattern: str, expected: str) -> AfterValidator:
    """A check that the whole text has this form."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(expected)
        return text

    return AfterValidator(check)


type Count = Annotated[int, Field(ge=1)]
type StageName = Annotated[
    str, _written("[a-z][a-z0-9]{1,11}", "a stage's name is 2 to 12 lowercase letters and digits, a letter first")
]
"""Part of each physical name, and of no other stage's: without a hyphen, `pre` and `pre-prod` cannot clash."""
type Account = Annotated[str, _written("[0-9]{12}", "an account of AWS is 12 digits, in quotes")]
type Region = Annotated[str, AfterValidator(_known_region)]
type HostName = Annotated[str, AfterValidator(_host_name)]
type Certificate = Annotated[
    str,
    _written(
        "arn:aws:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "CloudFront takes a certificate of us-east-1 alone: arn:aws:acm:us-east-1:<account>:certificate/<id>",
    ),
]
type Role = Annotated[
    str,
    _written(
        r"arn:aws:iam::[0-9]{12}:role/([\w+=,.@-]+/)*[\w+=,.@-]{1,64}",
        "a role is named by its ARN, one role and no pattern: arn:aws:iam::<account>:role/<name>",
    ),
]
type BucketName = Annotated[str, AfterValidator(_bucket_name)]
type TableName = Annotated[
    str, _written("[a-zA-Z0-9_.-]{3,255}", "a table's name is 3 to 255 letters, digits, dots, hyphens and underscores")
]
type KeyName = Annotated[
    str, _written("[a-zA-Z0-9][a-zA-Z0-9-]{0,31}", "a key's name is up to 32 letters, digits and hyphens")
]
type EmailAddress = Annotated[str, AfterValidator(_email_address)]
type SmsSender = Annotated[
    str,
    _written("(?=.*[A-Za-z])[A-Za-z0-9]{1,11}", "a sender of SMS is 1 to 11 letters and digits, one letter at least"),
]
type Country = Annotated[str, AfterValidator(_served_country)]
type Origin = Annotated[str, AfterValidator(_web_origin)]
type TimeStampAddress = Annotated[str, AfterValidator(_time_stamp_address)]
type OrganismId = Annotated[
    str,
    _written("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?", "an organism's id is lowercase letters, digits and hyphens: anam"),
]
type Distinct[T] = Annotated[tuple[T, ...], Strict(strict=False), AfterValidator(_distinct)]
"""A list of the file, without repetitions."""
