"""The error of a mail's item that no program can have written. Logging it needs none of boto3, slow to load."""


class CorruptMailError(Exception):
    """A mail's item does not fit its status: operators must look at it. The text holds ids and names of attributes.

    No program writes such an item: each change of status is one conditional write.
    """

    def __init__(self, mail_id: str, fault: str) -> None:
        super().__init__(f"item of mail {mail_id}: {fault}")
        self.mail_id = mail_id
        self.fault = fault
