#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every module linked into the binary and every package shipped in the pages must carry a licence we accept.
set -euo pipefail
cd "$(dirname "$0")/.."
accepted='MIT|BSD|Apache|Mozilla Public License|ISC|Permission is hereby granted|Redistribution and use|Permission to use, copy, modify|Unlicense|public domain|SIL OPEN FONT'
status=0
while read -r path dir; do
  [ -n "$dir" ] || continue
  file=$(find "$dir" -maxdepth 1 -iname 'licen[sc]e*' -o -maxdepth 1 -iname 'copying*' -o -maxdepth 1 -iname 'unlicense*' | head -1)
  if [ -z "$file" ] && [[ "$path" == github.com/duckdb/duckdb-go-bindings/* ]]; then continue; fi
  if [ -z "$file" ] || ! grep -qiE "$accepted" "$file"; then
    echo "module $path: no accepted licence found in $dir"; status=1
  fi
done < <(go list -deps -f '{{with .Module}}{{.Path}} {{.Dir}}{{end}}' ./cmd/dangol | sort -u | grep -v '^dangol ')
node - <<'JS' || status=1
const fs = require('fs'), path = 'ui/package-lock.json';
if (!fs.existsSync(path)) process.exit(0);
const ok = /^(MIT|MIT-0|0BSD|ISC|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|OFL-1\.1|Unlicense|CC0-1\.0|BlueOak-1\.0\.0|Python-2\.0|MPL-2\.0|CC-BY-4\.0)$/;
let bad = 0;
for (const [name, p] of Object.entries(JSON.parse(fs.readFileSync(path)).packages)) {
  if (!name || !p.license) continue;
  const any = p.license.replace(/[()]/g, '').split(/ OR | AND /).some((l) => ok.test(l.trim()));
  if (!any) { console.log(`package ${name}: licence ${p.license}`); bad = 1; }
}
process.exit(bad);
JS
exit $status
