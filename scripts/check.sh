#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Format, linters, types, architecture, generated files, licences. Prints what is wrong and how to mend it.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
say() { printf '%-34s' "$1"; }
ok() { echo ok; }
bad() { echo FAILED; failed=1; }

say "go format (gofumpt)"
unformatted=$(go tool gofumpt -l architecture bench cmd e2e internal ui/*.go 2>&1)
if [ -z "$unformatted" ]; then ok; else bad; echo "$unformatted"; echo "  run: make fmt"; fi

say "go vet"
if out=$(go vet ./... 2>&1); then ok; else bad; echo "$out"; fi

say "staticcheck"
if out=$(go tool staticcheck ./... 2>&1); then ok; else bad; echo "$out"; fi

say "go.mod tidy"
cp go.mod /tmp/dangol-go.mod.$$ && cp go.sum /tmp/dangol-go.sum.$$
if out=$(go mod tidy 2>&1) && cmp -s go.mod /tmp/dangol-go.mod.$$ && cmp -s go.sum /tmp/dangol-go.sum.$$; then ok; else
  bad; echo "$out" | tail -5; echo "  run: go mod tidy, and commit go.mod and go.sum"
fi
mv /tmp/dangol-go.mod.$$ go.mod; mv /tmp/dangol-go.sum.$$ go.sum

say "architecture"
if out=$(go test -count=1 ./architecture 2>&1); then ok; else bad; echo "$out"; fi

say "pages: types, lint, format"
if out=$(cd ui && npm run --silent check 2>&1); then ok; else bad; echo "$out" | tail -40; fi

say "licences of libraries"
if out=$(scripts/licences.sh 2>&1); then ok; else bad; echo "$out"; fi

say "no registry hosts, no machine paths"
hits=$(git grep -nIE 'proxy\.golang\.org|registry\.npmjs\.org|deb\.debian\.org|pypi\.org|repo1\.maven|/work/(main|shared)|/root/' -- . ':!scripts/check.sh' | head)
if [ -z "$hits" ]; then ok; else bad; echo "$hits"; fi

exit $failed
