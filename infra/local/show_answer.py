"""An agent's work on a mail, done once and shown step by step."""

from typing import Any

from infra.local.agent_client import AgentClient
from infra.local.local_stack import LocalStack
from infra.local.mail_catcher import Email, Sms
from infra.local.progress import Progress
from infra.local.samples import ORGANISM, SENDER, a_pdf
from infra.local.sender_client import SenderClient, Sent, until
from infra.local.show import show_messages

_EMAILS = 3
"""To the sender: the receipt, the news that the organism collected the mail, the answer."""
_SMS = 2
"""To the sender: the receipt and the answer."""


def answer_and_show(stack: LocalStack, sent: Sent, progress: Progress) -> None:
    """Open, download, collect and answer a mail, and show the messages to its sender. Raises JobError."""
    agent = stack.people.agents[ORGANISM]
    progress.heading(f"The organism's desk · {agent.username}")
    with stack.client() as client, stack.storage() as storage:
        sender = SenderClient(client, storage)
        with progress.step("Sign in"):
            inbox = AgentClient(sender, storage, stack.sign_in(agent).id_token)
        with progress.step("The newest mails of the inbox"):
            inbox.find(sent)
        with progress.step("Open it; each file was scanned"):
            opened = inbox.open(sent)
        with progress.step("Download its files, each the very one that was sent"):
            for file in opened["attachments"]:
                inbox.download(sent.number, file)
        with progress.step("Collect it"):
            inbox.collect(sent.number)
        with progress.step("Answer, with a file"):
            inbox.enclose(sent.number, a_pdf())
            inbox.close(sent.number, "answered")
        with progress.step("The sender gets an e-mail and an SMS"):
            emails, sms = _news(stack, sent)
        with progress.step("… and finds the answer in the follow-up, with its file"):
            mail = _answered(sender, sent)
        accesses = inbox.open(sent)["accesses"]
    progress.table(
        {
            "Status": mail["status"],
            "History": " → ".join(entry["event"] for entry in mail["history"]),
            "Audit trail": " → ".join(one["action"] for one in accesses),
        }
    )
    show_messages(emails, sms, progress)


def _answered(sender: SenderClient, sent: Sent) -> dict[str, Any]:
    """Follow the mail as its sender until the answer's file can be downloaded."""

    def downloadable() -> dict[str, Any] | None:
        mail: dict[str, Any] = sender.ask("GET", f"/mails/{sent.mail_id}", token=sent.access_token)
        files = mail["outcome"]["attachments"]
        return mail if files and all(file["url"] for file in files) else None

    return until(downloadable, "the answer's file")


def _news(stack: LocalStack, sent: Sent) -> tuple[list[Email], list[Sms]]:
    """Wait for the messages to the sender after the receipt's."""

    def emails() -> list[Email] | None:
        found = [one for one in stack.emails() if sent.number in one.subject + one.text and SENDER["email"] in one.to]
        return found[: _EMAILS - 1] if len(found) >= _EMAILS else None

    def sms() -> list[Sms] | None:
        found = [one for one in stack.sms() if sent.number in one.text and one.to == SENDER["phone"]]
        return found[1:] if len(found) >= _SMS else None

    return until(emails, "the sender's e-mails"), until(sms, "the sender's SMS")
