#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Unpacks Debian's ClickHouse server into a cache, without installing it, and runs a command with
# DANGOL_TEST_CLICKHOUSE set to the folder; tests start servers of their own from there.
#   scripts/clickhouse-for-tests.sh run -- go test ./internal/platform/warehouse/clickhouse/ ./internal/cube/
#   scripts/clickhouse-for-tests.sh run            (prints the folder)
# Needs apt-get and root to fetch the package the first time; without them the tests skip by name.
set -eu

[ "${1:-}" = run ] || { sed -n '3,8p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 2; }
shift
[ "${1:-}" = -- ] && shift

cache="${XDG_CACHE_HOME:-$HOME/.cache}/dangol/clickhouse"
fetch() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    rm -rf "$cache/new" "$cache/debs" && mkdir -p "$cache/debs/partial" "$cache/new" || return 1
    apt-get update -qq >&2 || return 1
    apt-get install -y -qq --no-install-recommends --download-only -o Dir::Cache::archives="$cache/debs" clickhouse-server >&2 || return 1
    for package in "$cache"/debs/*.deb; do
        dpkg-deb -x "$package" "$cache/new" || return 1
    done
    rm -rf "$cache/tree" "$cache/debs" && mv "$cache/new" "$cache/tree"
}

if [ ! -x "$cache/tree/usr/sbin/clickhouse-server" ] && ! fetch; then
    echo "clickhouse-for-tests: the package cannot be had here (apt-get, root and a package source are needed); tests of ClickHouse are skipped" >&2
    [ $# -eq 0 ] && exit 1
    exec "$@"
fi

DANGOL_TEST_CLICKHOUSE="$cache/tree"
export DANGOL_TEST_CLICKHOUSE
if [ $# -eq 0 ]; then
    echo "$DANGOL_TEST_CLICKHOUSE"
    exit
fi
"$@"
