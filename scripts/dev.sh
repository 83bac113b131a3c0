#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The server on :8080 and vite with reload on :5173, which passes /api on to it.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p ui/dist bin
go build -o bin/dangol ./cmd/dangol
bin/dangol serve --demo --data "${DATA:-data}" --listen 127.0.0.1:8080 &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
cd ui && npm run dev
