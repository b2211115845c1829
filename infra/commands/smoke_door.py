"""Whether people reach the service at its public address, and at no other."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from infra.commands.smoke_findings import Fetched, FetchError, Finding, Place, Unreachable, good, missing, not_here

_HEALTH = "/v1/health"
_PAGE = "/fr/"
_OF_CLOUDFRONT = "x-amz-cf-id"
"""A header that CloudFront adds to each answer."""
_CERTIFICATES = "us-east-1"
"""Where CloudFront reads certificates."""
_RENEWED_BY_ACM_DAYS = 45
"""ACM renews 60 days before the end: two weeks later something stands in its way."""
_CLOSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


def certificate(place: Place) -> Iterator[Finding]:
    """Whether the certificate of the public name is issued, for this name, and not about to end.

    https://docs.aws.amazon.com/acm/latest/APIReference/API_DescribeCertificate.html
    """
    stage = place.stage
    if stage.domain is None or stage.certificate is None:
        yield not_here("The stage has no address of its own (`domain`).")
        return
    acm = place.client("acm", _CERTIFICATES)
    found: dict[str, Any] = acm.describe_certificate(CertificateArn=stage.certificate)["Certificate"]
    if found["Status"] == "PENDING_VALIDATION":
        records = "; ".join(
            f"{record['Name']} {record['Type']} {record['Value']}"
            for option in found.get("DomainValidationOptions", [])
            if (record := option.get("ResourceRecord"))
        )
        yield missing("The certificate waits for a proof that the name is yours.", do=f"Publish in the DNS: {records}")
        return
    if found["Status"] != "ISSUED":
        yield missing(
            f"The certificate is {found['Status']}.",
            do="Ask ACM for another one in us-east-1, and name it in the file.",
        )
        return
    names = {found["DomainName"], *found.get("SubjectAlternativeNames", [])}
    if not any(covers(name, stage.domain) for name in names):
        yield missing(
            f"The certificate is for {', '.join(sorted(names))}, and not for {stage.domain}.",
            do="Name the right certificate in the stage's file (`certificate`).",
        )
        return
    left = (found["NotAfter"] - place.now).days
    if left < _RENEWED_BY_ACM_DAYS:
        yield missing(
            f"The certificate of {stage.domain} ends in {left} days, and ACM has not renewed it.",
            do="Its record of validation must still be in the DNS; an imported certificate is imported again.",
        )
    else:
        yield good(f"The certificate is for {stage.domain} and ends in {left} days.")


def covers(name: str, domain: str) -> bool:
    """Whether a certificate's name is the domain's, or a wildcard for it: a star stands for one part (RFC 6125)."""
    return name == domain or (name.startswith("*.") and domain.partition(".")[2] == name.removeprefix("*."))


def distribution(place: Place) -> Iterator[Finding]:
    """Whether CloudFront serves the public name, behind its firewall."""
    if place.stage.domain is None:
        yield not_here("The stage has no address of its own (`domain`): no distribution stands before the API.")
        return
    found = _distribution(place)
    if found is None:
        yield missing(f"No distribution serves {place.stage.domain}.", do="Deploy the stage: its edge stack makes it.")
        return
    if not found["Enabled"]:
        yield missing("The distribution is switched off.", do="Deploy again.")
    elif found["Status"] != "Deployed":
        yield missing("The distribution is still on its way around the world.", do="Wait some minutes, run it again.")
    else:
        yield good(f"A distribution serves {place.stage.domain}.")
    if place.stage.web_acl and not found.get("WebACLId"):
        yield missing("No firewall stands before the distribution.", do="Deploy again.")


def _distribution(place: Place) -> dict[str, Any] | None:
    pages = place.client("cloudfront").get_paginator("list_distributions").paginate()
    for page in pages:
        for each in page["DistributionList"].get("Items", []):
            if place.stage.domain in each["Aliases"].get("Items", []):
                item: dict[str, Any] = each
                return item
    return None


def public_address(place: Place) -> Iterator[Finding]:
    """Whether the service answers at its public address, over TLS and through the distribution."""
    try:
        answer = place.fetch(f"{place.address}{_HEALTH}")
    except FetchError as error:
        yield missing(f"{place.address} does not answer: {error.reason}.", do=_remedy(place, error.reason))
        return
    if answer.status != HTTPStatus.OK:
        yield missing(
            f"{place.address}{_HEALTH} answers {answer.status}.", do="The log of `describe_service` says why."
        )
    elif place.stage.domain and _OF_CLOUDFRONT not in answer.headers:
        yield missing(
            f"{place.stage.domain} answers, but not through the distribution.",
            do=_remedy(place, Unreachable.NO_ADDRESS),
        )
    else:
        yield good(f"{place.address} answers over TLS.")


def _remedy(place: Place, reason: Unreachable) -> str:
    match reason:
        case Unreachable.NO_ADDRESS:
            found = _distribution(place)
            target = found["DomainName"] if found else "the distribution's own name"
            return f"Publish in the DNS: {place.stage.domain or place.address} CNAME {target}"
        case Unreachable.NO_TRUST:
            return "The name must lead to the distribution, and its certificate be for this name."
        case Unreachable.NO_ANSWER:
            return "Run it again from another network; then look at the distribution in CloudFront's console."


def pages(place: Place) -> Iterator[Finding]:
    """Whether the pages are published: the distribution answers for the API without them."""
    if place.stage.domain is None:
        yield not_here("The stage has no pages (`domain` is not set).")
        return
    try:
        answer = place.fetch(f"{place.address}{_PAGE}")
    except FetchError as error:
        yield missing(f"{place.address}{_PAGE} does not answer: {error.reason}.", do=_remedy(place, error.reason))
        return
    if answer.status == HTTPStatus.OK and answer.headers.get("content-type", "").startswith("text/html"):
        yield good("The pages are published.")
    else:
        yield missing(f"{_PAGE} answers {answer.status}.", do=f"Publish the pages: make pages STAGE={place.stage.name}")


def gateway_is_closed(place: Place) -> Iterator[Finding]:
    """Whether the gateway's own address refuses callers who go round the distribution and its firewall."""
    if place.stage.domain is None:
        yield not_here("The gateway's own address is the public one (`domain` is not set).")
        return
    answer = _direct(place)
    if answer is None or answer.status in _CLOSED:
        yield good("The gateway's own address is closed: everything comes through the distribution.")
    else:
        yield missing(
            f"The gateway's own address answers {answer.status}: callers can go round the firewall.", do="Deploy again."
        )


def _direct(place: Place) -> Fetched | None:
    try:
        return place.fetch(f"{place.where.outputs['ApiUrl'].rstrip('/')}{_HEALTH}")
    except FetchError:
        return None
