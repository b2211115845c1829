"""The caps on messages that tests run with: production's, as `tests/infra/test_stages.py` holds them to be."""

from typing import Any

CAPS: dict[str, Any] = {
    "sms_number": {"hour": 5, "day": 10},
    "sms_desk": {"hour": 60, "day": 300},
    "sms_organism": {"hour": 500, "day": 3_000},
    "sms_month": 50_000,
    "email_address": {"hour": 20, "day": 100},
    "email_organism": {"hour": 10_000, "day": 100_000},
}
