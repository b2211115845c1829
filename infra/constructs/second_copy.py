"""The second copy of a stage: where it is, and the names by which the two sides know each other.

The copy is deployed before the data, because S3 looks for a replication's destination, and it may lie in another
account: neither side can refer to the other's resources, so both go by names.
"""

from dataclasses import dataclass
from typing import Self

from aws_cdk import Aws

from infra.stage import Stage


@dataclass(frozen=True, kw_only=True)
class SecondCopy:
    """Bucket, key and vault in the second region, and the roles of the first that write there."""

    region: str
    account: str
    """The account that owns the copy."""
    is_elsewhere: bool
    """Whether that is another account than the stage's own."""
    bucket_name: str
    key_alias: str
    vault_name: str
    replication_role: str
    """The name of the role by which S3 writes to the bucket."""
    backup_role: str
    """The name of the role by which AWS Backup writes to the vault."""

    @classmethod
    def of(cls, stage: Stage) -> Self | None:
        """The stage's second copy; None where it has none."""
        if stage.second_region is None:
            return None
        return cls(
            region=stage.second_region,
            account=stage.second_account or Aws.ACCOUNT_ID,
            is_elsewhere=stage.second_account is not None,
            bucket_name=stage.copy_bucket,
            key_alias=f"alias/{stage.name_of('copy')}",
            vault_name=stage.name_of("copy"),
            replication_role=stage.name_of("replication"),
            backup_role=stage.name_of("backup"),
        )

    @property
    def bucket_arn(self) -> str:
        """The bucket's ARN."""
        return f"arn:{Aws.PARTITION}:s3:::{self.bucket_name}"

    @property
    def key_arn(self) -> str:
        """The ARN of the key's alias, by which S3 and Secrets Manager take a key."""
        return f"arn:{Aws.PARTITION}:kms:{self.region}:{self.account}:{self.key_alias}"

    @property
    def keys_arn(self) -> str:
        """The ARN of all keys there: policies name a key by its id, which is not known; a condition adds the alias."""
        return f"arn:{Aws.PARTITION}:kms:{self.region}:{self.account}:key/*"

    @property
    def vault_arn(self) -> str:
        """The vault's ARN."""
        return f"arn:{Aws.PARTITION}:backup:{self.region}:{self.account}:backup-vault:{self.vault_name}"
