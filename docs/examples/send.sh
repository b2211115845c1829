#!/usr/bin/env bash
# Mail to a public body in four steps, its receipt, its follow-up, and the check that anyone can make.
# Beside `make run`, in the project's folder: `bash docs/examples/send.sh`. Each part between two `# %%` stands on the
# page for developers, which is built from this file.
set -euo pipefail

# %% connect
field() { # one value of a JSON document, as jq has it; an object as lines of "name: value"
  python3 -c '
import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1].split("."):
    value = value[int(name) if name.isdigit() else name]
print("\n".join(map(": ".join, value.items())) if isinstance(value, dict) else value)' "$1"
}
STAGE=.local/stack.json # what `make run` wrote
SERVICE=$(field site_url < $STAGE)
CURL_CA_BUNDLE=$(field ca_file < $STAGE)
export CURL_CA_BUNDLE
MADE=$(mktemp -d)

# %% desks
curl -sS --fail-with-body --get --data-urlencode "q=assurance maladie" "$SERVICE/v1/organisms" > "$MADE/found.json"
ORGANISM=$(field items.0.organism_id < "$MADE/found.json")
curl -sS --fail-with-body "$SERVICE/v1/organisms/$ORGANISM" > "$MADE/organism.json"
field name.fr < "$MADE/organism.json"

# %% begin
curl -sS --fail-with-body --json "{\"organism_id\": \"$ORGANISM\", \"language\": \"fr\"}" \
  "$SERVICE/v1/mails" > "$MADE/draft.json"
MAIL="$SERVICE/v1/mails/$(field mail_id < "$MADE/draft.json")"
BEARER="Authorization: Bearer $(field access_token < "$MADE/draft.json")"

# %% letter
curl -sS --fail-with-body -X PUT -H "$BEARER" "$MAIL/letter" --json '{
  "kind": "request",
  "subject": "طلب شهادة — Demande d’attestation",
  "body": "Madame, Monsieur,\n\nJe vous prie de bien vouloir m’adresser une attestation.",
  "reference": "DOSSIER-2026/15"
}'

# %% file
printf 'pièce;date\nattestation;2026-11-20\n' > "$MADE/pieces.csv"
curl -sS --fail-with-body -H "$BEARER" "$MAIL/attachments" --json "{
  \"file_name\": \"pièces.csv\",
  \"media_type\": \"text/csv\",
  \"size\": $(wc -c < "$MADE/pieces.csv"),
  \"sha256\": \"$(openssl dgst -sha256 -r "$MADE/pieces.csv" | cut -c 1-64)\"
}" > "$MADE/announced.json"
field upload.headers < "$MADE/announced.json" > "$MADE/headers.txt"
curl -sS --fail-with-body --header "@$MADE/headers.txt" --upload-file "$MADE/pieces.csv" \
  "$(field upload.url < "$MADE/announced.json")"

# %% sender
curl -sS --fail-with-body -X PUT -H "$BEARER" "$MAIL/sender" --json "{
  \"kind\": \"citizen\",
  \"first_name\": \"Amina\",
  \"last_name\": \"Alaoui\",
  \"email\": \"amina.alaoui@usager.example\",
  \"privacy_notice_version\": \"$(field privacy_notice.version < "$MADE/organism.json")\"
}"

# %% submission
curl -sS --fail-with-body -X POST -H "$BEARER" "$MAIL/submission" > "$MADE/sent.json"
cat "$MADE/sent.json"

# %% receipt
curl -sS --fail-with-body -H "$BEARER" "$MAIL/receipt" > "$MADE/receipt.json"
while [ "$(field status < "$MADE/receipt.json")" = pending ]; do
  sleep 1
  curl -sS --fail-with-body -H "$BEARER" "$MAIL/receipt" > "$MADE/receipt.json"
done
curl -sS --fail-with-body "$(field url < "$MADE/receipt.json")" > "$MADE/receipt.pdf"
DIGEST=$(openssl dgst -sha256 -r "$MADE/receipt.pdf" | cut -c 1-64)
test "$DIGEST" = "$(field sha256 < "$MADE/receipt.json")"

# %% follow
curl -sS --fail-with-body "$SERVICE/v1/follow-up" --json "{
  \"number\": \"$(field number < "$MADE/sent.json")\",
  \"follow_up_code\": \"$(field follow_up_code < "$MADE/sent.json")\"
}" > "$MADE/back.json"
BEARER="Authorization: Bearer $(field access_token < "$MADE/back.json")"
curl -sS --fail-with-body -H "$BEARER" "$SERVICE/v1/mails/$(field mail_id < "$MADE/back.json")"

# %% verify
CODE=$(field verification_code < "$MADE/sent.json")
curl -sS --fail-with-body "$SERVICE/v1/receipts/$CODE" > "$MADE/statement.json"
field number < "$MADE/statement.json"
grep "$DIGEST" "$MADE/statement.json"
