"""What a function loads before its first request is what its callers wait for."""

import subprocess
import sys

import pytest

from tests.support.in_process.service import ROOT

_PATH = f"{ROOT / 'functions'}:{ROOT / 'layers' / 'mailroom' / 'src'}"


@pytest.mark.parametrize(("operation", "asks_aws"), [("open_page", 0), ("describe_service", 0), ("start_mail", 1)])
def test_only_who_asks_aws_loads_boto3(operation: str, asks_aws: int) -> None:
    """It is half of what there is to load; the pages and the contract are there without it."""
    script = f"import sys, {operation}.handler; sys.exit('boto3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], check=False, env={"PYTHONPATH": _PATH})
    assert done.returncode == asks_aws
