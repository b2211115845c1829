"""The refusals of AWS that pass: the same request may be sent again. Naming them needs none of boto3, slow to load."""

from botocore.exceptions import ClientError


class TransactionBusyError(Exception):
    """Another transaction had its hands on the same items. Nothing was written."""


def is_throttling(error: ClientError) -> bool:
    """Whether AWS said "not now" rather than "no": the same request may be sent again."""
    return error.response.get("Error", {}).get("Code") in _THROTTLING


_THROTTLING = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "Throttling",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "BandwidthLimitExceeded",
        "PriorRequestNotComplete",
        "KMSThrottlingException",
        "KMS.ThrottlingException",
        "KmsThrottled",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "TransactionInProgressException",
        "LimitExceededException",
        "InternalServerError",
        "InternalFailure",
        "ServiceUnavailable",
        "DependencyTimeoutException",
        "KMSInternalException",
        "SlowDown",
        "503",
    }
)
