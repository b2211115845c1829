#!/usr/bin/env bash
# The check of a call to an organism's program. It takes the headers webhook-id, webhook-timestamp and
# webhook-signature as ID, TIMESTAMP and SIGNATURE, the operators' SECRET, and the body as it came in the file $BODY.
set -euo pipefail

# %% webhook
KEY=$(printf %s "${SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
EXPECTED=$({ printf '%s.%s.' "$ID" "$TIMESTAMP"; cat "$BODY"; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | openssl base64 -A)
[[ " $SIGNATURE " == *" v1,$EXPECTED "* ]]
(( $(date +%s) - TIMESTAMP < 300 && TIMESTAMP - $(date +%s) < 300 ))
