"""For how long receipts can be sealed with the certificates that are installed."""

from datetime import datetime, timedelta

from cryptography import x509

_DAY = timedelta(days=1)


def days_left(chain: bytes | None, now: datetime) -> int:
    """Whole days until the first of these certificates (PEM) ends; 0 where none are installed or they cannot be read.

    A certificate of an authority that ends first counts: a seal made after its end would not be believed.
    """
    try:
        certificates = x509.load_pem_x509_certificates(chain or b"")
    except ValueError:
        return 0
    return max(0, (min(each.not_valid_after_utc for each in certificates) - now) // _DAY)
