"""What a program of a public body does with its mail: fetch a token, read, take over, answer.

Beside `make run`, in the project's folder: `.venv/bin/python docs/examples/inbox.py`. Each part between two `# %%`
stands on the page for developers, which is built from this file.
"""

# %% token
import hashlib
import json
import ssl
from functools import partial
from pathlib import Path

import httpx

stage = json.loads(Path(".local/stack.json").read_text())  # what `make run` wrote
program = stage["machine"]  # what the operators hand out, once
client = partial(
    httpx.Client,
    verify=ssl.create_default_context(cafile=stage["ca_file"]),
    event_hooks={"response": [httpx.Response.raise_for_status]},  # every refusal is an exception
    timeout=30,  # seconds; the service answers within 29
)
web = client()
token = web.post(
    program["token_url"],
    auth=(program["client_id"], program["client_secret"]),
    data={"grant_type": "client_credentials", "scope": "mailroom/inbox.read mailroom/inbox.write"},
).json()["access_token"]
desk = client(
    base_url=stage["site_url"],
    headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"},
)

# %% inbox
waiting = desk.get("/v1/inbox", params={"status": "submitted", "limit": 10}).json()
for item in waiting["items"]:
    print(item["number"], item["subject"], item["attachments"])

# %% open
number = waiting["items"][0]["number"]
mail = desk.get(f"/v1/inbox/{number}").json()
for file in mail["attachments"]:
    if file["check"] == "clean":
        download = desk.get(f"/v1/inbox/{number}/attachments/{file['attachment_id']}").json()
        content = web.get(download["url"]).content
        print(file["file_name"], hashlib.sha256(content).hexdigest() == download["sha256"])

# %% collection
collected = desk.post(f"/v1/inbox/{number}/collection").json()["collected"]
print(collected["by"], collected["at"])

# %% outcome
outcome = {"outcome": "answered", "message": "Votre attestation est prête.\n\nشهادتكم جاهزة."}
closed = desk.post(f"/v1/inbox/{number}/outcome", json=outcome).json()
print(closed["status"])
