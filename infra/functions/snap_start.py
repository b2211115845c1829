"""The functions that start from a snapshot (SnapStart), where the stage says so: those that a person waits for.

Lambda keeps a snapshot of each published version for money, as long as the version exists, and takes money for each
restore: 0.0000015046 US$ for a GB-second and 0.0001397998 US$ for a GB, which is 3.90 US$ a month for a version of 1 GB
and 0.14 US$ for a thousand restores of it (https://aws.amazon.com/lambda/pricing/, x86 and arm64, from memory). One
version of each is kept, so that the nine below cost about 38 US$ a month.
"""

SNAP_STARTED = {
    "list_organisms": "the directory is what a sender sees first",
    "start_mail": "a step of the submission",
    "write_letter": "a step of the submission",
    "attach_file": "a step of the submission",
    "identify_sender": "a step of the submission, and the one that loads most: addresses, numbers, names",
    "submit_mail": "the sender waits for the number",
    "render_receipt": "the receipt is to be there at once, and its libraries take a second and a half of a processor",
    "follow_mail": "senders follow their mail days later, when no process is warm",
    "verify_receipt": "people with a receipt in their hand wait for the answer",
}
"""By operation, with the reason.

The others do without: `describe_service` loads no SDK and starts in half the time; agents work in series,
so that their functions are warm; no one waits for schedules, queues and operators' commands.
"""
