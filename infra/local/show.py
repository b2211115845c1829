"""The main job, done once and shown step by step."""

from infra.local.local_stack import LocalStack
from infra.local.mail_catcher import Email, Sms
from infra.local.progress import Progress
from infra.local.samples import a_jpeg, a_pdf
from infra.local.sender_client import JobError, SenderClient, Sent, until
from infra.paths import LOCAL

RECEIPT = LOCAL / "receipt.pdf"
SLIP = LOCAL / "slip.pdf"
"""The page beside the receipt that bears the code which opens the mail."""


def do_and_show(stack: LocalStack, progress: Progress) -> Sent:
    """Send a mail to ANAM through the four steps, and show its receipt and its messages. Raises JobError."""
    progress.heading("One mail, over HTTP")
    with stack.client() as client, stack.storage() as storage:
        sender = SenderClient(client, storage)
        sent = _send(sender, progress)
        with progress.step("Receipt"):
            RECEIPT.write_bytes(sender.receipt(sent))
            SLIP.write_bytes(sender.slip(sent))
        with progress.step("Follow-up with number and code; the organism and the sender get messages"):
            mail = sender.follow(sent)
        with progress.step("Anyone can verify the receipt"):
            verified = sender.verify(sent)
        with progress.step("E-mails and SMS"):
            emails, sms = _messages(stack, sent)
    progress.heading(f"{sent.number} · {verified['organism']['name']['fr']}")
    progress.table(
        {
            "Submitted": sent.submitted_at,
            "Receipt": str(RECEIPT),
            "Slip": str(SLIP),
            "SHA-256": verified["receipt_sha256"],
            "Status": mail["status"],
            "History": " → ".join(entry["event"] for entry in mail["history"]),
            "Follow-up code": sent.follow_up_code,
            "Verification": f"{stack.site_url}/v1/receipts/{sent.verification_code}",
        }
    )
    show_messages(emails, sms, progress)
    return sent


def show_messages(emails: list[Email], sms: list[Sms], progress: Progress) -> None:
    """Show messages that were sent."""
    for email in emails:
        progress.letter(f"E-mail to {', '.join(email.to)} · {email.subject}", email.text)
    for one in sms:
        progress.letter(f"SMS to {one.to}", one.text)


def _send(sender: SenderClient, progress: Progress) -> Sent:
    with progress.step("1 Choose the organism's desk"):
        if not sender.ask("GET", "/organisms?q=anam")["items"]:
            raise JobError("ANAM is not among the organisms.")
        started = sender.start()
    with progress.step("2 Write the mail, in Arabic and French"):
        sender.write(started)
    for file in (a_pdf(), a_jpeg()):
        with progress.step(f"2 Attach {file.name} ({len(file.content)} bytes), straight to S3"):
            sender.attach(started, file)
    with progress.step("3 Contact details"):
        sender.identify(started)
    with progress.step("4 Send it"):
        return sender.submit(started)


def _messages(stack: LocalStack, sent: Sent) -> tuple[list[Email], list[Sms]]:
    """Wait for this mail's messages to the organism and to the sender, by e-mail and by SMS."""

    def emails() -> list[Email] | None:
        found = [one for one in stack.emails() if sent.number in one.subject + one.text]
        return found if len({one.to for one in found}) > 1 else None

    def sms() -> list[Sms] | None:
        found = [one for one in stack.sms() if sent.number in one.text]
        return found if len({one.to for one in found}) > 1 else None

    return until(emails, "e-mails to the organism and the sender"), until(sms, "their SMS")
