"""What `make smoke` says of each thing: there, missing, not to be seen. botocore checks the form of AWS's answers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.commands import smoke_door, smoke_keeping, smoke_messages, smoke_use
from infra.commands.deployed import Deployed
from infra.commands.seal_certificates import Authority
from infra.commands.smoke import CHECKS, as_json, as_text, deployed_place, is_complete
from infra.commands.smoke_findings import (
    Check,
    Fetched,
    FetchError,
    Finding,
    Line,
    Place,
    State,
    Unreachable,
    findings_of,
    good,
    missing,
    run,
)
from infra.stage import Stage
from infra.stage_file import StageError

SESSION = boto3.Session(aws_access_key_id="none", aws_secret_access_key="none", region_name="eu-west-3")
"""One for all: each session reads the models of AWS's services from disk again."""
NOW = datetime.now(UTC).replace(microsecond=0)
LONG_AGO, JUST_NOW = NOW - timedelta(days=300), NOW - timedelta(hours=1)
EXAMPLE = Stage.load("example")
LOCAL = Stage.load("local")
KEY = ec.generate_private_key(ec.SECP256R1())
AUTHORITY = Authority.make("Autorité de test")
OUTPUTS = {
    "ApiUrl": "https://abc.execute-api.eu-west-3.amazonaws.com",
    "BucketName": "files",
    "OperatorsTopicArn": "arn:aws:sns:eu-west-3:111122223333:bureau-ordre-example-alarms",
    "SealKeyNames": "bureau-ordre-example-seal-2026",
    "TableName": "records",
    "UserPoolId": "eu-west-3_Ab12Cd34E",
}

GOOD, MISSING, UNKNOWN, NOTE, NOT_HERE = State.GOOD, State.MISSING, State.UNKNOWN, State.NOTE, State.NOT_HERE


@dataclass(frozen=True)
class Answer:
    """AWS's answer to one call, or its refusal."""

    service: str
    operation: str
    answer: Mapping[str, Any] = field(default_factory=dict)
    refusal: str | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """A check, what AWS answers, and what is to be found."""

    name: str
    look: Callable[[Place], Iterator[Finding]]
    answers: tuple[Answer, ...] = ()
    finds: tuple[tuple[State, str], ...]
    stage: Stage = EXAMPLE
    change: Mapping[str, Any] = field(default_factory=dict)
    fetched: Mapping[str, Fetched | Unreachable] = field(default_factory=dict)


def place(case: Case) -> tuple[Place, list[Stubber]]:
    """The stage of a case, whose clients answer as the case says."""
    clients = {each.service: SESSION.client(each.service) for each in case.answers}  # type: ignore[call-overload]
    stubs = {service: Stubber(client) for service, client in clients.items()}
    for each in case.answers:
        if each.refusal:
            stubs[each.service].add_client_error(each.operation, each.refusal)
        else:
            stubs[each.service].add_response(each.operation, dict(each.answer))
    for stub in stubs.values():
        stub.activate()

    def fetch(url: str) -> Fetched:
        answer = case.fetched[url]
        if isinstance(answer, Unreachable):
            raise FetchError(answer)
        return answer

    made = Place(
        stage=case.stage.model_copy(update=dict(case.change)),
        where=Deployed(session=SESSION, stage=case.stage.name, outputs=OUTPUTS),
        client=lambda service, _region=None: clients[service],
        fetch=fetch,
        address="https://courrier.example.ma",
        now=NOW,
    )
    return made, [*stubs.values()]


def account(**changed: object) -> Answer:
    usual = {
        "ProductionAccessEnabled": True,
        "SendingEnabled": True,
        "EnforcementStatus": "HEALTHY",
        "SendQuota": {"Max24HourSend": 100_000.0, "MaxSendRate": 50.0, "SentLast24Hours": 0.0},
    }
    return Answer("sesv2", "get_account", usual | changed)


def identity(**changed: object) -> Answer:
    usual = {
        "VerifiedForSendingStatus": True,
        "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS", "Tokens": ["aaa", "bbb", "ccc"]},
    }
    return Answer("sesv2", "get_email_identity", usual | changed)


def pool(sender: str) -> Answer:
    return Answer(
        "cognito-idp", "describe_user_pool", {"UserPool": {"EmailConfiguration": {"EmailSendingAccount": sender}}}
    )


MESSAGES = [
    Case(
        name="an account that sends",
        look=smoke_messages.email_account,
        answers=(account(),),
        finds=((GOOD, "100000 e-mails a day"), (GOOD, "50 e-mails a second")),
    ),
    Case(
        name="an account without a limit",
        look=smoke_messages.email_account,
        answers=(account(SendQuota={"Max24HourSend": -1.0, "MaxSendRate": 500.0}),),
        finds=((GOOD, "a day"), (GOOD, "a second")),
    ),
    Case(
        name="a new account",
        look=smoke_messages.email_account,
        answers=(account(ProductionAccessEnabled=False, SendQuota={"Max24HourSend": 200.0, "MaxSendRate": 1.0}),),
        finds=((MISSING, "sandbox"), (MISSING, "200 e-mails a day"), (MISSING, "1 e-mails a second")),
    ),
    Case(
        name="an account whose sending is paused",
        look=smoke_messages.email_account,
        answers=(account(SendingEnabled=False),),
        finds=((MISSING, "switched sending off"), (GOOD, ""), (GOOD, "")),
    ),
    Case(
        name="an account that is shut down",
        look=smoke_messages.email_account,
        answers=(account(EnforcementStatus="SHUTDOWN"),),
        finds=((MISSING, "switched sending off"), (GOOD, ""), (GOOD, "")),
    ),
    Case(
        name="an account under review",
        look=smoke_messages.email_account,
        answers=(account(EnforcementStatus="PROBATION"),),
        finds=((MISSING, "under review"), (GOOD, ""), (GOOD, "")),
    ),
    Case(
        name="the local cloud's account",
        look=smoke_messages.email_account,
        stage=LOCAL,
        finds=((NOT_HERE, "local cloud"),),
    ),
    Case(
        name="a sender that is verified",
        look=smoke_messages.email_sender,
        answers=(identity(), pool("DEVELOPER")),
        finds=((GOOD, "courrier.example.ma is yours"), (GOOD, "Invitations")),
    ),
    Case(
        name="a sender whose records are not published",
        look=smoke_messages.email_sender,
        answers=(identity(VerifiedForSendingStatus=False),),
        finds=((MISSING, "aaa._domainkey.courrier.example.ma CNAME aaa.dkim.amazonses.com"),),
    ),
    Case(
        name="a sender whose signature lapsed",
        look=smoke_messages.email_sender,
        answers=(
            identity(DkimAttributes={"SigningEnabled": True, "Status": "FAILED", "Tokens": []}),
            pool("DEVELOPER"),
        ),
        finds=((GOOD, ""), (MISSING, "not signed (DKIM: FAILED)"), (GOOD, "")),
    ),
    Case(
        name="a return address whose records are wrong",
        look=smoke_messages.email_sender,
        answers=(
            identity(
                MailFromAttributes={
                    "MailFromDomain": "retour.courrier.example.ma",
                    "MailFromDomainStatus": "FAILED",
                    "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
                }
            ),
            pool("DEVELOPER"),
        ),
        finds=((GOOD, ""), (MISSING, "retour.courrier.example.ma"), (GOOD, "")),
    ),
    Case(
        name="invitations by Cognito's own sender",
        look=smoke_messages.email_sender,
        answers=(identity(), pool("COGNITO_DEFAULT")),
        finds=((GOOD, ""), (MISSING, "sender_verified = true")),
    ),
    Case(
        name="the local cloud's sender",
        look=smoke_messages.email_sender,
        stage=LOCAL,
        answers=(identity(DkimAttributes={"SigningEnabled": False, "Status": "NOT_STARTED"}), pool("DEVELOPER")),
        finds=((GOOD, ""), (NOT_HERE, "does not sign"), (GOOD, "")),
    ),
    Case(
        name="a sender that was never made",
        look=smoke_messages.email_sender,
        answers=(Answer("sesv2", "get_email_identity", refusal="NotFoundException"),),
        finds=((MISSING, "does not know courrier.example.ma"),),
    ),
    Case(
        name="a sender that cannot be looked up",
        look=smoke_messages.email_sender,
        answers=(Answer("sesv2", "get_email_identity", refusal="TooManyRequestsException"),),
        finds=((UNKNOWN, "TooManyRequestsException"),),
    ),
    Case(
        name="SMS for everybody",
        look=smoke_messages.sms,
        answers=(
            Answer("sns", "get_sms_sandbox_account_status", {"IsInSandbox": False}),
            Answer("sns", "get_sms_attributes", {"attributes": {"MonthlySpendLimit": "5000"}}),
        ),
        finds=((GOOD, "5000 US$"), (NOTE, "BureauOrdre")),
    ),
    Case(
        name="SMS of a new account",
        look=smoke_messages.sms,
        answers=(
            Answer("sns", "get_sms_sandbox_account_status", {"IsInSandbox": True}),
            Answer("sns", "get_sms_attributes", {"attributes": {}}),
        ),
        finds=((MISSING, "SMS sandbox"), (MISSING, "stops SMS at 1 US$"), (NOTE, "")),
    ),
    Case(name="no SMS", look=smoke_messages.sms, change={"sms": False}, finds=((NOT_HERE, "`sms = false`"),)),
    Case(name="SMS of the local cloud", look=smoke_messages.sms, stage=LOCAL, finds=((NOT_HERE, "local cloud"),)),
]


def subscriptions(**arns: str) -> Answer:
    listed = [
        {"Endpoint": f"{name}@courrier.example.ma", "Protocol": "email", "SubscriptionArn": arn, "TopicArn": "t"}
        for name, arn in arns.items()
    ]
    return Answer("sns", "list_subscriptions_by_topic", {"Subscriptions": listed})


ALARMS = [
    Case(
        name="alarm addresses that confirmed",
        look=smoke_messages.alarm_addresses,
        answers=(subscriptions(exploitation="arn:aws:sns:1", astreinte="arn:aws:sns:2"),),
        finds=((GOOD, "all 2"),),
    ),
    Case(
        name="an alarm address that did not confirm",
        look=smoke_messages.alarm_addresses,
        answers=(subscriptions(exploitation="arn:aws:sns:1", astreinte="PendingConfirmation"),),
        finds=((MISSING, "not confirmed, and get no alarm: 1 of 2"),),
    ),
    Case(
        name="an alarm address whose subscription is gone",
        look=smoke_messages.alarm_addresses,
        answers=(subscriptions(astreinte="PendingConfirmation"),),
        finds=((MISSING, "not subscribed: 1 of 2"), (MISSING, "1 of 2")),
    ),
    Case(
        name="no alarm address",
        look=smoke_messages.alarm_addresses,
        change={"alarm_emails": ()},
        finds=((NOT_HERE, "alarm_emails"),),
    ),
    Case(
        name="no alarm",
        look=smoke_use.alarms,
        answers=(Answer("cloudwatch", "describe_alarms", {"MetricAlarms": [], "CompositeAlarms": []}),),
        finds=((GOOD, "No alarm"),),
    ),
    Case(
        name="two alarms",
        look=smoke_use.alarms,
        answers=(
            Answer(
                "cloudwatch",
                "describe_alarms",
                {
                    "MetricAlarms": [{"AlarmName": "bureau-ordre-example-heads-late"}],
                    "CompositeAlarms": [{"AlarmName": "bureau-ordre-example-bad"}],
                },
            ),
        ),
        finds=((MISSING, "Alarms that ring: bad, heads-late"),),
    ),
]


def chain(*, key: ec.EllipticCurvePrivateKey = KEY, lasts: int = 365, begins: datetime = LONG_AGO) -> bytes:
    authority = AUTHORITY
    return authority.certify(key.public_key(), "Sceau", begins=begins, lasts=timedelta(days=lasts) + (NOW - begins))


def installed(pem: bytes) -> Answer:
    return Answer("s3", "get_object", {"Body": StreamingBody(BytesIO(pem), len(pem))})


PUBLIC = Answer(
    "kms",
    "get_public_key",
    {"PublicKey": KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)},
)


def table(made: datetime = LONG_AGO) -> Answer:
    described = {"CreationDateTime": made, "TableArn": "arn:table", "SSEDescription": {"KMSMasterKeyArn": "key"}}
    return Answer("dynamodb", "describe_table", {"Table": described})


def recovery(status: str) -> Answer:
    description = {
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": status},
    }
    return Answer("dynamodb", "describe_continuous_backups", {"ContinuousBackupsDescription": description})


def backed_up(*points: tuple[datetime, str]) -> Answer:
    listed = [{"RecoveryPointArn": "arn", "CreationDate": at, "Status": status} for at, status in points]
    return Answer("backup", "list_recovery_points_by_resource", {"RecoveryPoints": listed})


def plan(status: str, bucket: str = "files") -> tuple[Answer, ...]:
    return (
        Answer(
            "guardduty", "list_malware_protection_plans", {"MalwareProtectionPlans": [{"MalwareProtectionPlanId": "p"}]}
        ),
        Answer(
            "guardduty",
            "get_malware_protection_plan",
            {
                "ProtectedResource": {"S3Bucket": {"BucketName": bucket}},
                "Status": status,
                "StatusReasons": [{"Code": "ROLE", "Message": "the role may not tag"}],
            },
        ),
    )


KEEPING = [
    Case(
        name="a seal that lasts",
        look=smoke_keeping.seal,
        answers=(installed(chain()), PUBLIC),
        finds=((GOOD, "ends in 365 days"),),
    ),
    Case(
        name="a seal that ends soon",
        look=smoke_keeping.seal,
        answers=(installed(chain(lasts=29)), PUBLIC),
        finds=((MISSING, "ends in 29 days"),),
    ),
    Case(
        name="a seal that has ended",
        look=smoke_keeping.seal,
        answers=(installed(chain(lasts=-1)), PUBLIC),
        finds=((MISSING, "and not now"),),
    ),
    Case(
        name="a seal of another key",
        look=smoke_keeping.seal,
        answers=(installed(chain(key=ec.generate_private_key(ec.SECP256R1()))), PUBLIC),
        finds=((MISSING, "not of this stage's key"),),
    ),
    Case(
        name="a seal that is no certificate",
        look=smoke_keeping.seal,
        answers=(installed(b"hello"), PUBLIC),
        finds=((MISSING, "no certificate in PEM"),),
    ),
    Case(
        name="no seal",
        look=smoke_keeping.seal,
        answers=(Answer("s3", "get_object", refusal="NoSuchKey"),),
        finds=((MISSING, "no receipt is issued"),),
    ),
    Case(
        name="a head of today",
        look=smoke_keeping.register_heads,
        answers=(
            Answer("s3", "list_objects_v2", {"Contents": [{"Key": "heads/today.jose", "LastModified": JUST_NOW}]}),
        ),
        finds=((GOOD, "published"),),
    ),
    Case(
        name="no head on the first day",
        look=smoke_keeping.register_heads,
        answers=(Answer("s3", "list_objects_v2"), table(JUST_NOW)),
        finds=((NOTE, "comes tonight"),),
    ),
    Case(
        name="a head that is late",
        look=smoke_keeping.register_heads,
        answers=(
            Answer(
                "s3",
                "list_objects_v2",
                {"Contents": [{"Key": "heads/earlier.jose", "LastModified": NOW - timedelta(hours=27)}]},
            ),
            table(),
        ),
        finds=((MISSING, "bureau-ordre-example-publish-heads"),),
    ),
    *(
        Case(
            name=f"a data key that is {state}",
            look=smoke_keeping.data_key,
            answers=(table(), Answer("kms", "describe_key", {"KeyMetadata": {"KeyId": "key", "KeyState": state}})),
            finds=((found, said),),
        )
        for state, found, said in (
            ("Enabled", GOOD, "in use"),
            ("PendingDeletion", MISSING, "cancel-key-deletion"),
            ("Disabled", MISSING, "is Disabled"),
        )
    ),
    Case(
        name="a backup of tonight",
        look=smoke_keeping.backups,
        answers=(recovery("ENABLED"), table(), backed_up((JUST_NOW, "COMPLETED"))),
        finds=((GOOD, "any second"), (GOOD, f"{JUST_NOW:%Y-%m-%d}")),
    ),
    Case(
        name="an old backup, and one that failed since",
        look=smoke_keeping.backups,
        answers=(
            recovery("DISABLED"),
            table(),
            backed_up((NOW - timedelta(days=5), "COMPLETED"), (JUST_NOW, "PARTIAL")),
        ),
        finds=((MISSING, "earlier second"), (MISSING, f"{NOW - timedelta(days=5):%Y-%m-%d}")),
    ),
    Case(
        name="no backup on the first day",
        look=smoke_keeping.backups,
        answers=(recovery("ENABLED"), table(JUST_NOW), backed_up(), table(JUST_NOW)),
        finds=((GOOD, ""), (NOTE, "first night")),
    ),
    Case(
        name="no backup",
        look=smoke_keeping.backups,
        answers=(recovery("ENABLED"), table(), backed_up(), table()),
        finds=((GOOD, ""), (MISSING, "does not exist")),
    ),
    Case(
        name="a stage without a second region",
        look=smoke_keeping.backups,
        change={"second_region": None, "second_account": None},
        answers=(recovery("ENABLED"),),
        finds=((GOOD, ""), (NOT_HERE, "second_region")),
    ),
    Case(
        name="files that are copied",
        look=smoke_keeping.replication,
        answers=(
            Answer(
                "s3",
                "get_bucket_replication",
                {
                    "ReplicationConfiguration": {
                        "Role": "arn",
                        "Rules": [{"Status": "Enabled", "Destination": {"Bucket": "arn:copy"}}],
                    }
                },
            ),
        ),
        finds=((GOOD, "eu-central-1"),),
    ),
    Case(
        name="files that are not copied",
        look=smoke_keeping.replication,
        answers=(Answer("s3", "get_bucket_replication", refusal="ReplicationConfigurationNotFoundError"),),
        finds=((MISSING, "eu-central-1"),),
    ),
    Case(
        name="a scan that is active", look=smoke_keeping.malware_scan, answers=plan("ACTIVE"), finds=((GOOD, "scans"),)
    ),
    Case(
        name="a scan that lacks a permission",
        look=smoke_keeping.malware_scan,
        answers=plan("WARNING"),
        finds=((MISSING, "WARNING: the role may not tag"),),
    ),
    Case(
        name="a scan of another bucket",
        look=smoke_keeping.malware_scan,
        answers=plan("ACTIVE", bucket="another"),
        finds=((MISSING, "does not scan the bucket"),),
    ),
    Case(
        name="a stage without GuardDuty",
        look=smoke_keeping.malware_scan,
        change={"malware_protection": False},
        finds=((NOT_HERE, "malware_protection = false"),),
    ),
    *(
        Case(
            name=f"trails that log: {logging}",
            look=smoke_keeping.trail,
            answers=(
                Answer(
                    "cloudtrail", "describe_trails", {"trailList": [{"TrailARN": f"arn:{each}"} for each in logging]}
                ),
                *(Answer("cloudtrail", "get_trail_status", {"IsLogging": each}) for each in logging),
            ),
            finds=((found, ""),),
        )
        for logging, found in (((), MISSING), ((False,), MISSING), ((False, True), GOOD))
    ),
]


def issued(**changed: object) -> Answer:
    usual = {
        "Status": "ISSUED",
        "DomainName": "courrier.example.ma",
        "SubjectAlternativeNames": ["courrier.example.ma"],
        "NotAfter": NOW + timedelta(days=200),
    }
    return Answer("acm", "describe_certificate", {"Certificate": usual | changed})


def distributions(*, acl: str = "arn:acl", status: str = "Deployed", alias: str = "courrier.example.ma") -> Answer:
    empty: dict[str, Any] = {"Quantity": 0, "Items": []}
    item = {
        "Id": "E1",
        "ARN": "arn",
        "Status": status,
        "LastModifiedTime": NOW,
        "DomainName": "d111.cloudfront.net",
        "Aliases": {"Quantity": 1, "Items": [alias]},
        "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "api.example"}]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
        "CacheBehaviors": empty,
        "CustomErrorResponses": empty,
        "Comment": "",
        "PriceClass": "PriceClass_100",
        "Enabled": True,
        "ViewerCertificate": {},
        "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
        "WebACLId": acl,
        "HttpVersion": "http2",
        "IsIPV6Enabled": True,
        "Staging": False,
    }
    listed = {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": 1, "Items": [item]}
    return Answer("cloudfront", "list_distributions", {"DistributionList": listed})


HEALTH, DIRECT = "https://courrier.example.ma/v1/health", f"{OUTPUTS['ApiUrl']}/v1/health"
PAGE = "https://courrier.example.ma/fr/"
THROUGH = Fetched(status=200, headers={"x-amz-cf-id": "abc"})

DOOR = [
    Case(
        name="a certificate that is issued",
        look=smoke_door.certificate,
        answers=(issued(),),
        finds=((GOOD, "ends in 200 days"),),
    ),
    Case(
        name="a wildcard",
        look=smoke_door.certificate,
        answers=(issued(DomainName="*.example.ma", SubjectAlternativeNames=["*.example.ma"]),),
        finds=((GOOD, ""),),
    ),
    *(
        Case(
            name=f"a certificate for {name}",
            look=smoke_door.certificate,
            answers=(issued(DomainName=name, SubjectAlternativeNames=[name]),),
            finds=((MISSING, f"is for {name}"),),
        )
        for name in ("example.ma", "www.example.ma", "*.courrier.example.ma", "*.ma", "*.example.org")
    ),
    Case(
        name="a certificate that waits for its proof",
        look=smoke_door.certificate,
        answers=(
            issued(
                Status="PENDING_VALIDATION",
                DomainValidationOptions=[
                    {
                        "DomainName": "courrier.example.ma",
                        "ResourceRecord": {"Name": "_x.courrier.example.ma.", "Type": "CNAME", "Value": "_y.acm.aws."},
                    }
                ],
            ),
        ),
        finds=((MISSING, "_x.courrier.example.ma. CNAME _y.acm.aws."),),
    ),
    Case(
        name="a certificate that failed",
        look=smoke_door.certificate,
        answers=(issued(Status="FAILED"),),
        finds=((MISSING, "is FAILED"),),
    ),
    Case(
        name="a certificate that was not renewed",
        look=smoke_door.certificate,
        answers=(issued(NotAfter=NOW + timedelta(days=44)),),
        finds=((MISSING, "ends in 44 days"),),
    ),
    *(
        Case(name=f"no domain: {look.__name__}", look=look, change={"domain": None}, finds=((NOT_HERE, "`domain`"),))
        for look in (smoke_door.certificate, smoke_door.distribution, smoke_door.pages, smoke_door.gateway_is_closed)
    ),
    Case(name="a distribution", look=smoke_door.distribution, answers=(distributions(),), finds=((GOOD, "serves"),)),
    Case(
        name="a distribution on its way, without a firewall",
        look=smoke_door.distribution,
        answers=(distributions(acl="", status="InProgress"),),
        finds=((MISSING, "on its way"), (MISSING, "No firewall")),
    ),
    Case(
        name="a distribution of another name",
        look=smoke_door.distribution,
        answers=(distributions(alias="www.example.ma"),),
        finds=((MISSING, "No distribution serves"),),
    ),
    Case(
        name="an address that answers",
        look=smoke_door.public_address,
        fetched={HEALTH: THROUGH},
        finds=((GOOD, "answers over TLS"),),
    ),
    Case(
        name="an address that fails",
        look=smoke_door.public_address,
        fetched={HEALTH: Fetched(status=502, headers={})},
        finds=((MISSING, "answers 502"),),
    ),
    Case(
        name="an address that leads elsewhere",
        look=smoke_door.public_address,
        fetched={HEALTH: Fetched(status=200, headers={})},
        answers=(distributions(),),
        finds=((MISSING, "courrier.example.ma CNAME d111.cloudfront.net"),),
    ),
    Case(
        name="an address that the DNS does not know",
        look=smoke_door.public_address,
        fetched={HEALTH: Unreachable.NO_ADDRESS},
        answers=(distributions(),),
        finds=((MISSING, "courrier.example.ma CNAME d111.cloudfront.net"),),
    ),
    Case(
        name="an address with a wrong certificate",
        look=smoke_door.public_address,
        fetched={HEALTH: Unreachable.NO_TRUST},
        finds=((MISSING, "not trusted"),),
    ),
    Case(
        name="an address where nothing answers",
        look=smoke_door.public_address,
        fetched={HEALTH: Unreachable.NO_ANSWER},
        finds=((MISSING, "nothing answers"),),
    ),
    *(
        Case(name=f"pages that answer {answer}", look=smoke_door.pages, fetched={PAGE: answer}, finds=((found, said),))
        for answer, found, said in (
            (Fetched(status=200, headers={"content-type": "text/html; charset=utf-8"}), GOOD, "are published"),
            (Fetched(status=404, headers={"content-type": "text/html"}), MISSING, "make pages STAGE=example"),
            (Fetched(status=200, headers={"content-type": "application/json"}), MISSING, "make pages"),
            (Unreachable.NO_ANSWER, MISSING, "nothing answers"),
        )
    ),
    *(
        Case(
            name=f"a gateway that answers {answer}",
            look=smoke_door.gateway_is_closed,
            fetched={DIRECT: answer},
            finds=((found, ""),),
        )
        for answer, found in (
            (Fetched(status=403, headers={}), GOOD),
            (Fetched(status=404, headers={}), GOOD),
            (Unreachable.NO_ADDRESS, GOOD),
            (Fetched(status=200, headers={}), MISSING),
            (Fetched(status=500, headers={}), MISSING),
        )
    ),
]


def enrolled(count: int) -> Answer:
    return Answer("dynamodb", "query", {"Count": count, "ScannedCount": count})


USE = [
    Case(
        name="the account",
        look=smoke_use.account,
        answers=(Answer("sts", "get_caller_identity", {"Account": "111122223333"}),),
        finds=((GOOD, "own account"),),
    ),
    Case(
        name="another account",
        look=smoke_use.account,
        answers=(Answer("sts", "get_caller_identity", {"Account": "999999999999"}),),
        finds=((MISSING, "account 999999999999, and the stage is for 111122223333"),),
    ),
    Case(name="no account", look=smoke_use.account, stage=LOCAL, finds=((NOT_HERE, "`account`"),)),
    Case(
        name="organisms",
        look=smoke_use.organisms,
        answers=(enrolled(52), Answer("dynamodb", "get_item", {"Item": {"pk": {"S": "ORGANISM"}}})),
        finds=((GOOD, "enrolled: 52"), (GOOD, "essai")),
    ),
    Case(
        name="no organisms",
        look=smoke_use.organisms,
        answers=(enrolled(0), Answer("dynamodb", "get_item")),
        finds=((MISSING, "make organisms STAGE=example"), (MISSING, "essai")),
    ),
    Case(
        name="no canary",
        look=smoke_use.organisms,
        change={"canary": None},
        answers=(enrolled(52),),
        finds=((GOOD, ""), (NOT_HERE, "canary")),
    ),
    *(
        Case(
            name=f"operators that are enabled: {enabled}",
            look=smoke_use.operators,
            answers=(
                Answer(
                    "cognito-idp",
                    "list_users_in_group",
                    {"Users": [{"Username": f"u{rank}", "Enabled": each} for rank, each in enumerate(enabled)]},
                ),
            ),
            finds=((found, said),),
        )
        for enabled, found, said in (
            ((), MISSING, "make operator STAGE=example"),
            ((False,), MISSING, "No operator"),
            ((True, False), GOOD, "an account: 1"),
        )
    ),
    *(
        Case(
            name=f"{granted} executions at one time",
            look=smoke_use.executions,
            answers=(Answer("lambda", "get_account_settings", {"AccountLimit": {"ConcurrentExecutions": granted}}),),
            finds=((found, said),),
        )
        for granted, found, said in ((10, MISSING, "Lambda runs 10"), (999, MISSING, "999"), (1000, GOOD, "1000"))
    ),
]

CASES = [*MESSAGES, *ALARMS, *KEEPING, *DOOR, *USE]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_thing_is_found_or_said_to_be_missing_with_what_to_do(case: Case) -> None:
    here, stubs = place(case)
    found = findings_of(Check(name="this", look=case.look), here)
    assert [finding.state for finding in found] == [state for state, _ in case.finds]
    for finding, (state, said) in zip(found, case.finds, strict=True):
        assert said in f"{finding.what} {finding.do or ''}"
        assert state not in {MISSING, UNKNOWN} or finding.do, "what is missing says what to do"
    for stub in stubs:
        stub.assert_no_pending_responses()


def test_every_check_was_tried_above() -> None:
    assert {check.look for check in CHECKS} == {case.look for case in CASES}


def test_a_check_that_may_not_look_says_so_and_the_others_go_on() -> None:
    denied = Case(
        name="denied",
        look=smoke_messages.email_account,
        answers=(Answer("sesv2", "get_account", refusal="AccessDeniedException"),),
        finds=(),
    )

    def breaks(_place: Place) -> Iterator[Finding]:
        yield good("so far")
        raise KeyError("Absent")

    checks = [
        Check(name="first", look=smoke_messages.email_account),
        Check(name="second", look=breaks),
        Check(name="third", look=lambda _place: iter([good("fine")])),
    ]
    lines = run(checks, place(denied)[0])
    assert [(line.check, line.finding.state) for line in lines] == [
        ("first", UNKNOWN),
        ("second", GOOD),
        ("second", UNKNOWN),
        ("third", GOOD),
    ]
    assert "may not look it up (GetAccount)" in lines[0].finding.what


FOUND = {
    "all is there": ([good("a")], True),
    "something is missing": ([good("a"), missing("b", do="c")], False),
    "something is unknown": ([Finding(state=UNKNOWN, what="a")], False),
    "something is for a person to see to": ([Finding(state=NOTE, what="a"), Finding(state=NOT_HERE, what="b")], True),
}


@pytest.mark.parametrize(("findings", "complete"), FOUND.values(), ids=FOUND)
def test_it_is_complete_where_nothing_is_missing_or_unknown(findings: list[Finding], complete: bool) -> None:
    lines = [Line(check="check", finding=finding) for finding in findings]
    assert is_complete(lines) is complete
    assert ('"complete": true' in as_json("dev", lines)) is complete
    assert ("Nothing is missing." in as_text(lines)) is complete


def test_a_line_says_what_and_the_next_what_to_do() -> None:
    lines = [
        Line(check="seal", finding=missing("No certificate.", do="Install one.")),
        Line(check="alarms", finding=good("No alarm rings.")),
    ]
    assert as_text(lines).splitlines() == [
        "MISSING   seal    No certificate.",
        "                  → Install one.",
        "ok        alarms  No alarm rings.",
        "",
        "1 to be seen to.",
    ]


@pytest.mark.parametrize(("stage", "said"), [("example", "rehearsal"), ("nowhere", "no infra/stages/nowhere")])
def test_a_stage_that_is_never_deployed_is_refused(stage: str, said: str) -> None:
    with pytest.raises(StageError, match=said):
        deployed_place(stage)
