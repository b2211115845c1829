"""The bucket of the public pages, which the distribution alone reads."""

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge
from infra.constructs.retention import removal_policy
from infra.stage import Stage


class PagesBucket(Construct):
    """The pages, in all their versions. CloudFormation names the bucket: no address shows it.

    `make pages` fills it: CDK's own way brings a function that may write to the bucket, and its command line.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            versioned=True,
            encryption=s3.BucketEncryption.S3_MANAGED,  # what anyone may read needs no key of ours
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            lifecycle_rules=[
                s3.LifecycleRule(id="replaced-pages", noncurrent_version_expiration=Duration.days(90)),
                s3.LifecycleRule(id="unfinished", abort_incomplete_multipart_upload_after=Duration.days(1)),
            ],
            removal_policy=removal_policy(stage),
        )
        for finding in ("AwsSolutions-S1", "NIST.800.53.R5-S3BucketLoggingEnabled"):
            acknowledge(self.bucket, finding, "Access logs would keep visitors' addresses; the pages are public.")
        again = "The pages are made from the code, and `make pages` puts them back."
        acknowledge(self.bucket, "NIST.800.53.R5-S3BucketReplicationEnabled", again)
        public = "What anyone may read needs no key of ours; S3 encrypts it with its own."
        acknowledge(self.bucket, "NIST.800.53.R5-S3DefaultEncryptionKMS", public)
