"""Whether e-mail, SMS and alarms reach people."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from infra.commands.smoke_findings import Finding, Place, good, missing, not_here, note

_NEW_ACCOUNT_SMS_USD = 1.0
"""What AWS lets a new account spend on SMS in a month."""
_UNLIMITED = -1


def email_account(place: Place) -> Iterator[Finding]:
    """Whether SES sends to everybody, and as much as the stage counts on.

    https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetAccount.html
    """
    if place.is_local:
        yield not_here("The local cloud sends to anybody, without a limit.")
        return
    account = place.client("sesv2").get_account()
    if not account.get("ProductionAccessEnabled"):
        yield missing(
            "SES still keeps this account in its sandbox: e-mail goes to addresses that were verified one by one.",
            do="In SES's console, “Request production access”; AWS answers within a day or two.",
        )
    standing = account.get("EnforcementStatus")
    if not account.get("SendingEnabled") or standing == "SHUTDOWN":
        yield missing(
            "SES has switched sending off for this account.",
            do="Read what SES wrote to the account's owner, repair the cause, and answer in AWS's support centre.",
        )
    elif standing == "PROBATION":
        yield missing(
            "SES has the account under review: too many e-mails bounced or were reported as spam.",
            do="GET /v1/operations/failures names the addresses; repair them, then answer in AWS's support centre.",
        )
    quota, wanted = account["SendQuota"], place.stage.quotas
    for what, granted, counted_on in (
        ("a day", quota["Max24HourSend"], wanted.emails_per_day),
        ("a second", quota["MaxSendRate"], wanted.emails_per_second),
    ):
        if granted != _UNLIMITED and granted < counted_on:
            yield missing(
                f"SES grants {granted:.0f} e-mails {what}, and the stage counts on {counted_on}.",
                do="Ask for more in Service Quotas, “Amazon Simple Email Service”, or write the lower number into "
                "the stage's file.",
            )
        else:
            yield good(f"SES grants the {counted_on} e-mails {what} that the stage counts on.")


def email_sender(place: Place) -> Iterator[Finding]:
    """Whether SES may send from the stage's address, with signatures that mail programs check.

    https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetEmailIdentity.html
    """
    domain = place.stage.email_from.partition("@")[2]
    try:
        identity = place.client("sesv2").get_email_identity(EmailIdentity=domain)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
        yield missing(
            f"SES does not know {domain}: no e-mail goes out.", do="Deploy again: the stack makes the sender."
        )
        return
    signature = identity.get("DkimAttributes", {})
    if not identity.get("VerifiedForSendingStatus"):
        records = "; ".join(
            f"{token}._domainkey.{domain} CNAME {token}.dkim.amazonses.com" for token in signature.get("Tokens", [])
        )
        yield missing(
            f"SES does not know yet that {domain} is yours: no e-mail goes out.",
            do=f"Publish in its DNS, then wait up to three days: {records}",
        )
        return
    yield good(f"SES knows that {domain} is yours.")
    if place.is_local:
        yield not_here("The local cloud does not sign e-mails.")
    elif not (signature.get("SigningEnabled") and signature.get("Status") == "SUCCESS"):
        yield missing(
            f"E-mails of {domain} are not signed (DKIM: {signature.get('Status', 'unknown')}): spam filters take them.",
            do="Publish the identity's three CNAME records again: SES's console shows them.",
        )
    sent_from = identity.get("MailFromAttributes", {})
    if sent_from.get("MailFromDomain") and sent_from.get("MailFromDomainStatus") != "SUCCESS":
        yield missing(
            f"The records of {sent_from['MailFromDomain']}, where bounces go, are {sent_from['MailFromDomainStatus']}.",
            do="Publish the MX and TXT records that SES's console shows under “Custom MAIL FROM domain”.",
        )
    yield from invitations(place)


def invitations(place: Place) -> Iterator[Finding]:
    """Whether the e-mails of the user pool go out by SES; asked for once the sender is verified."""
    pool = place.client("cognito-idp").describe_user_pool(UserPoolId=place.where.outputs["UserPoolId"])["UserPool"]
    if pool.get("EmailConfiguration", {}).get("EmailSendingAccount") == "DEVELOPER":
        yield good("Invitations and password codes go out from the stage's own address.")
    else:
        yield missing(
            "Invitations and password codes still come from Cognito's own address, about fifty a day.",
            do="Write `sender_verified = true` into the stage's file and deploy.",
        )


def sms(place: Place) -> Iterator[Finding]:
    """Whether SNS sends SMS to everybody, and for as much money as the stage counts on.

    https://docs.aws.amazon.com/sns/latest/api/API_GetSMSSandboxAccountStatus.html
    """
    if not place.stage.sms:
        yield not_here("SMS are switched off (`sms = false`).")
        return
    if place.is_local:
        yield not_here("The local cloud keeps SMS for the outbox, without a limit.")
        return
    sns = place.client("sns")
    if sns.get_sms_sandbox_account_status()["IsInSandbox"]:
        yield missing(
            "SNS still keeps this account in its SMS sandbox: ten telephones that were verified one by one get SMS.",
            do="In SNS's console, “Text messaging (SMS)”, “Exit SMS sandbox”.",
        )
    attributes = sns.get_sms_attributes(attributes=["MonthlySpendLimit"])["attributes"]
    granted = float(attributes.get("MonthlySpendLimit", _NEW_ACCOUNT_SMS_USD))
    wanted = place.stage.quotas.sms_month_usd
    if granted < wanted:
        yield missing(
            f"SNS stops SMS at {granted:.0f} US$ a month, and the stage counts on {wanted}. Past it, no SMS is sent.",
            do="Ask AWS Support for a higher “SMS spending limit”, then set it in SNS's console.",
        )
    else:
        yield good(f"SNS may spend the {wanted} US$ a month on SMS that the stage counts on.")
    countries = ", ".join(place.stage.sms_countries)
    yield note(
        f"Whether networks of {countries} deliver SMS from “{place.stage.sms_sender_id}” cannot be looked up.",
        do="Have the sender registered with each network, and send an SMS to a telephone of each.",
    )


def alarm_addresses(place: Place) -> Iterator[Finding]:
    """Whether those who are woken by alarms have confirmed that they want to be.

    https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
    """
    wanted = place.stage.alarm_emails
    if not wanted:
        yield not_here("The stage's file names no address for alarms (`alarm_emails`).")
        return
    pages = place.client("sns").get_paginator("list_subscriptions_by_topic")
    found = {
        each["Endpoint"]: each["SubscriptionArn"]
        for page in pages.paginate(TopicArn=place.where.outputs["OperatorsTopicArn"])
        for each in page["Subscriptions"]
    }
    unknown = [address for address in wanted if address not in found]
    waiting = [address for address in wanted if found.get(address) == "PendingConfirmation"]
    if unknown:
        yield missing(f"Alarm addresses that are not subscribed: {len(unknown)} of {len(wanted)}.", do="Deploy again.")
    if waiting:
        yield missing(
            f"Alarm addresses that have not confirmed, and get no alarm: {len(waiting)} of {len(wanted)}.",
            do="Open the e-mail “AWS Notification - Subscription Confirmation” there and follow its link. After three "
            "days the link is dead: subscribe again in SNS's console.",
        )
    if not unknown and not waiting:
        yield good(f"Alarm addresses that have confirmed: all {len(wanted)}.")
