"""SnapStart: the processes of a function begin as copies of one, which was initialised when the version was published.

The copies begin days later and at once. They must not share random numbers, and must not use clients, connections,
credentials, secrets or times of that moment. Lambda calls `prepare` before it takes the snapshot and `renew` in each
copy before its first request, as `mailroom.process` registers them; without SnapStart it calls neither. No request
comes before the snapshot, so that what requests alone fill (caches of answers, of the directory, of the DNS) is empty.

https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html
"""

import os
import random
import ssl

import boto3
import botocore.session
import uuid_utils
from botocore.loaders import Loader

from mailroom.settings import Settings

_SEED_BYTES = 48
_DESCRIPTIONS = Loader()
"""botocore's descriptions of services: they are the slow part of making a client, and hold nothing of the moment."""


def prepare() -> None:
    """Read the descriptions of the services that first requests call: it would take each copy a tenth of a second."""
    _begin_session()
    boto3.client("dynamodb")
    boto3.client("kms")
    boto3.client("s3")
    boto3.client("secretsmanager")


def renew() -> None:
    """Drop clients with their connections and credentials, secrets and settings; seed every random generator."""
    Settings.reset()
    _begin_session()
    random.seed()
    uuid_utils.reseed_rng()
    ssl.RAND_add(os.urandom(_SEED_BYTES), _SEED_BYTES)


def _begin_session() -> None:
    session = botocore.session.Session()
    session.register_component("data_loader", _DESCRIPTIONS)
    boto3.setup_default_session(botocore_session=session)
