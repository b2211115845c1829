"""What cdk-nag's packs ask of functions in general, and what is not for these."""

from constructs import Construct

from infra.constructs.acknowledgements import acknowledge


def acknowledge_findings(function: Construct, *, has_queue_for_failures: bool) -> None:
    """Accept these findings on a function, each with its reason."""
    acknowledge(function, "AwsSolutions-L1", "All is locked and tested for this Python.")
    acknowledge(
        function,
        "NIST.800.53.R5-LambdaInsideVPC",
        "It calls AWS over TLS by its own role, and a few addresses of others; nothing that it needs stands in a VPC.",
    )
    acknowledge(
        function,
        "NIST.800.53.R5-LambdaConcurrency",
        "What one function reserves is taken from all: submission, receipt and the flood of files have a share, where "
        "the account's quota allows one.",
    )
    acknowledge(
        function,
        "NIST.800.53.R5-LambdaDLQ",
        "Events that failed go to a queue by EventInvokeConfig, which says why they failed; the rule does not read it."
        if has_queue_for_failures
        else "No event is held by it alone: a caller waits for the answer, a queue keeps its message, and the next run "
        "of a schedule finds what is undone.",
    )
