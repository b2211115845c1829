"""What functions measured: metrics are lines of their logs (CloudWatch's embedded metric format)."""

import json


def metric(output: str, name: str) -> list[float]:
    """The values of a metric among the lines that were logged."""
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return [line[name][0] for line in lines if name in line]
