#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Starts a throw-away PostgreSQL on a free loopback port, runs a command with DANGOL_TEST_POSTGRES set
# to its address, stops it and removes it.
#   scripts/postgres-for-tests.sh run -- go test ./internal/platform/...
#   scripts/postgres-for-tests.sh run            (prints the address and waits for Ctrl-C)
# Needs the PostgreSQL server programs; installs them with apt-get when absent and allowed.
set -eu

[ "${1:-}" = run ] || { sed -n '3,8p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 2; }
shift
[ "${1:-}" = -- ] && shift

find_programs() {
    ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -V | tail -1
}
bin=$(find_programs)
if [ -z "$bin" ] && command -v initdb >/dev/null; then
    bin=$(dirname "$(command -v initdb)")
fi
if [ -z "$bin" ]; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "postgres-for-tests: install the PostgreSQL 15+ server first" >&2
        exit 1
    fi
    apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >&2
    bin=$(find_programs)
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/dangol-postgres-XXXXXX")
as=""
if [ "$(id -u)" = 0 ]; then # the server refuses root
    user=postgres
    id postgres >/dev/null 2>&1 || user=nobody
    chown "$user" "$dir"
    as="setpriv --reuid=$user --regid=$(id -g "$user") --clear-groups"
fi
stop() {
    $as "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM

cd "$dir" # the server's user may not read the caller's folder
$as "$bin/initdb" -D "$dir/data" -U dangol -A trust --encoding=UTF8 --lc-collate=C --lc-ctype=C.UTF-8 \
    --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 400
shared_buffers = 128MB
CONF
tries=0
while :; do
    port=$(awk 'BEGIN { srand(); print 20000 + int((rand() * 997 + '"$$"' + '"$tries"' * 7919) % 40000) }')
    if $as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/server.log" -o "-p $port" start >/dev/null 2>&1; then
        break
    fi
    tries=$((tries + 1))
    [ "$tries" -lt 10 ] || { cat "$dir/server.log" >&2; exit 1; }
done
cd "$OLDPWD"

DANGOL_TEST_POSTGRES="postgres://dangol@127.0.0.1:$port/postgres?sslmode=disable"
export DANGOL_TEST_POSTGRES
if [ $# -eq 0 ]; then
    echo "$DANGOL_TEST_POSTGRES"
    while :; do sleep 3600 & wait $!; done
fi
"$@"
