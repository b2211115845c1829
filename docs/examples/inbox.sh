#!/usr/bin/env bash
# What a program of a public body does with its mail: fetch a token, read, take over, answer.
# Beside `make run`, in the project's folder: `bash docs/examples/inbox.sh`. Each part between two `# %%` stands on the
# page for developers, which is built from this file.
set -euo pipefail

# %% token
field() { # one value of a JSON document, as jq has it; an object as lines of "name: value"
  python3 -c '
import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1].split("."):
    value = value[int(name) if name.isdigit() else name]
print("\n".join(map(": ".join, value.items())) if isinstance(value, dict) else value)' "$1"
}
STAGE=.local/stack.json # what `make run` wrote
CURL_CA_BUNDLE=$(field ca_file < $STAGE)
export CURL_CA_BUNDLE
MADE=$(mktemp -d)
curl -sS --fail-with-body --data grant_type=client_credentials \
  --user "$(field machine.client_id < $STAGE):$(field machine.client_secret < $STAGE)" \
  --data-urlencode "scope=mailroom/inbox.read mailroom/inbox.write" \
  "$(field machine.token_url < $STAGE)" > "$MADE/token.json"
BEARER="Authorization: Bearer $(field access_token < "$MADE/token.json")"
INBOX="$(field site_url < $STAGE)/v1/inbox"

# %% inbox
curl -sS --fail-with-body -H "$BEARER" "$INBOX?status=submitted&limit=10" > "$MADE/waiting.json"
NUMBER=$(field items.0.number < "$MADE/waiting.json")

# %% open
curl -sS --fail-with-body -H "$BEARER" "$INBOX/$NUMBER" > "$MADE/mail.json"
FILE=$(field attachments.0.attachment_id < "$MADE/mail.json")
curl -sS --fail-with-body -H "$BEARER" "$INBOX/$NUMBER/attachments/$FILE" > "$MADE/download.json"
curl -sS --fail-with-body "$(field url < "$MADE/download.json")" > "$MADE/file"
test "$(openssl dgst -sha256 -r "$MADE/file" | cut -c 1-64)" = "$(field sha256 < "$MADE/download.json")"

# %% collection
curl -sS --fail-with-body -X POST -H "$BEARER" "$INBOX/$NUMBER/collection"

# %% outcome
curl -sS --fail-with-body -H "$BEARER" "$INBOX/$NUMBER/outcome" --json '{
  "outcome": "answered",
  "message": "Votre attestation est prête.\n\nشهادتكم جاهزة."
}'
