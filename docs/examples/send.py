"""Mail to a public body in four steps, its receipt, its follow-up, and the check that anyone can make.

Beside `make run`, in the project's folder: `.venv/bin/python docs/examples/send.py`. Each part between two `# %%`
stands on the page for developers, which is built from this file.
"""

# %% connect
import hashlib
import json
import ssl
import time
from functools import partial
from pathlib import Path

import httpx

stage = json.loads(Path(".local/stack.json").read_text())  # what `make run` wrote
client = partial(
    httpx.Client,
    verify=ssl.create_default_context(cafile=stage["ca_file"]),
    event_hooks={"response": [httpx.Response.raise_for_status]},  # every refusal is an exception
    timeout=30,  # seconds; the service answers within 29
)
service = client(base_url=stage["site_url"], headers={"Accept-Language": "en"})
storage = client()

# %% desks
found = service.get("/v1/organisms", params={"q": "assurance maladie"}).json()
organism_id = found["items"][0]["organism_id"]
organism = service.get(f"/v1/organisms/{organism_id}").json()
print(organism["name"]["fr"], organism["accepts"])

# %% begin
draft = service.post("/v1/mails", json={"organism_id": organism_id, "language": "fr"}).json()
mail = f"/v1/mails/{draft['mail_id']}"
bearer = {"Authorization": f"Bearer {draft['access_token']}"}

# %% letter
letter = {
    "kind": "request",
    "subject": "طلب شهادة — Demande d'attestation",
    "body": "Madame, Monsieur,\n\nJe vous prie de bien vouloir m'adresser une attestation.",
    "reference": "DOSSIER-2026/15",
}
service.put(f"{mail}/letter", json=letter, headers=bearer)

# %% file
content = "pièce;date\nattestation;2026-11-20\n".encode()
announced = service.post(
    f"{mail}/attachments",
    json={
        "file_name": "pièces.csv",
        "media_type": "text/csv",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    },
    headers=bearer,
).json()
upload = announced["upload"]
storage.request(upload["method"], upload["url"], headers=upload["headers"], content=content)

# %% sender
sender = {
    "kind": "citizen",
    "first_name": "Amina",
    "last_name": "Alaoui",
    "email": "amina.alaoui@usager.example",
    "privacy_notice_version": organism["privacy_notice"]["version"],
}
understood = service.put(f"{mail}/sender", json=sender, headers=bearer).json()["sender"]
print(understood)

# %% submission
sent = service.post(f"{mail}/submission", headers=bearer).json()
print(sent["number"], sent["follow_up_code"], sent["verification_code"])

# %% receipt
while (answer := service.get(f"{mail}/receipt", headers=bearer)).status_code == httpx.codes.ACCEPTED:
    time.sleep(int(answer.headers["Retry-After"]))
receipt = answer.json()
pdf = storage.get(receipt["url"]).content
if hashlib.sha256(pdf).hexdigest() != receipt["sha256"]:
    raise SystemExit("The receipt changed on its way.")
Path(".local/my-receipt.pdf").write_bytes(pdf)

# %% follow
paper = {"number": sent["number"], "follow_up_code": sent["follow_up_code"]}
back = service.post("/v1/follow-up", json=paper).json()
bearer = {"Authorization": f"Bearer {back['access_token']}"}
followed = service.get(f"/v1/mails/{back['mail_id']}", headers=bearer).json()
print(followed["status"], [entry["event"] for entry in followed["history"]])

# %% verify
statement = service.get(f"/v1/receipts/{sent['verification_code']}").json()
digests = [statement["receipt_sha256"], *statement["versions"]]
print(statement["number"], hashlib.sha256(pdf).hexdigest() in digests)
