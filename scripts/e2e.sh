#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the browser journeys against a server of their own with a small demo company.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v chromium >/dev/null; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null
fi
work=$(mktemp -d)
port=$(node -e 's=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
bin/dangol serve --demo --demo-customers "${DANGOL_E2E_CUSTOMERS:-2000}" --data "$work/data" --listen "127.0.0.1:$port" >"$work/server.log" 2>&1 &
server=$!
cleanup() { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
for _ in $(seq 1 240); do
  if curl -fsS "http://127.0.0.1:$port/readyz" >/dev/null 2>&1; then break; fi
  if ! kill -0 "$server" 2>/dev/null; then echo "the server stopped:"; tail -40 "$work/server.log"; exit 1; fi
  sleep 0.5
done
status=0
(cd e2e && DANGOL_E2E_URL="http://127.0.0.1:$port" DANGOL_E2E_DATA="$work/data" node_modules/.bin/playwright test "$@") || status=$?
if [ $status -ne 0 ]; then echo "server log:"; tail -60 "$work/server.log"; fi
exit $status
