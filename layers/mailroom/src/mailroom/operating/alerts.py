"""Word to the people who run the service: plain sentences, ids and numbers of registers, never what people wrote."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

_LONGEST_SUBJECT = 99
"""Characters that SNS takes as the subject of an e-mail; ASCII alone."""


class Operators:
    """The topic that operators listen to."""

    def __init__(self, sns: "SNSClient", topic_arn: str) -> None:
        self._sns = sns
        self._topic_arn = topic_arn

    def tell(self, subject: str, lines: list[str]) -> None:
        """Tell them something that one of them must see to; `subject` in plain ASCII."""
        self._sns.publish(TopicArn=self._topic_arn, Subject=subject[:_LONGEST_SUBJECT], Message="\n".join(lines))
