#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The figures of docs/benchmarks.md. Sizes by DANGOL_BENCH_CUSTOMERS and DANGOL_BENCH_LINES;
# `scripts/bench.sh import` runs one part: import pages people cube image engine start mail.
set -euo pipefail
cd "$(dirname "$0")/.."
customers=${DANGOL_BENCH_CUSTOMERS:-1000000}
lines=${DANGOL_BENCH_LINES:-10000000}
work=${DANGOL_BENCH_DIR:-$(mktemp -d)}
mkdir -p "$work" bin
go build -o bin/bench ./bench
parts=${*:-import pages people cube image engine start mail}
server=
cleanup() { [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }; [ -n "${DANGOL_BENCH_DIR:-}" ] || rm -rf "$work"; }
trap cleanup EXIT
timed() { local out=$1; shift; python3 - "$out" "$@" <<'PY'
import resource, subprocess, sys, time
out, command = sys.argv[1], sys.argv[2:]
started = time.time()
code = subprocess.call(command)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"wall {time.time()-started:.1f} s, cpu {used.ru_utime+used.ru_stime:.1f} s, peak {used.ru_maxrss/1024:.0f} MiB", file=open(out, "w"))
sys.exit(code)
PY
}
freeport() { node -e 's=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }
start() { # data directory
  port=$(freeport)
  bin/dangol serve --data "$1" --listen "127.0.0.1:$port" >"$work/server.log" 2>&1 &
  server=$!
  for _ in $(seq 1 600); do curl -fsS "http://127.0.0.1:$port/readyz" >/dev/null 2>&1 && return; sleep 0.1; done
  echo "the server did not start"; tail "$work/server.log"; exit 1
}
stop() { kill "$server"; wait "$server" 2>/dev/null || true; server=; }
password="bench-Only-$RANDOM$RANDOM"
account() { echo "$password" | bin/dangol user add bench@example.org --name Bench --role administrator --password-stdin --data "$1" >/dev/null; }

for part in $parts; do
  echo; echo "== $part"
  case $part in
  import)
    [ -f "$work/customers.csv" ] || bin/bench customers --n "$customers" --out "$work/customers.csv"
    rm -rf "$work/data"
    timed "$work/import.txt" bin/dangol import "$work/customers.csv" --source members --key 고객번호 --json --data "$work/data"
    cat "$work/import.txt"; du -sh "$work/data" | sed 's/\t/ in /' ;;
  pages)
    [ -f "$work/customers.csv" ] || bin/bench customers --n "$customers" --out "$work/customers.csv"
    [ -d "$work/data" ] || bin/dangol import "$work/customers.csv" --source members --key 고객번호 --json --data "$work/data"
    [ -f "$work/orders.csv" ] || bin/bench orders --customers "$work/customers.csv" --lines "$lines" --out "$work/orders.csv"
    timed "$work/orders.txt" bin/dangol import "$work/orders.csv" --source shop --kind transactions --key 고객번호 --json --data "$work/data"
    echo "order lines: $(cat "$work/orders.txt")"
    account "$work/data"; start "$work/data"; sleep "${DANGOL_BENCH_SETTLE:-60}" # the warehouse takes in the orders
    bin/bench pages --url "http://127.0.0.1:$port" --email bench@example.org --password "$password" --clients 8 --for 20s
    stop ;;
  people) # the import of part "import" into a directory where 8 people work all the time
    [ -f "$work/customers.csv" ] || bin/bench customers --n "$customers" --out "$work/customers.csv"
    rm -rf "$work/shared"; bin/bench customers --n 20000 --seed 9 --out "$work/few.csv"
    bin/dangol import "$work/few.csv" --source staffed --key 고객번호 --json --data "$work/shared"
    account "$work/shared"; start "$work/shared"; sleep 5
    bin/bench pages --url "http://127.0.0.1:$port" --email bench@example.org --password "$password" --clients 8 --pause "${DANGOL_BENCH_PAUSE:-100ms}" --for "${DANGOL_BENCH_PEOPLE:-120s}" --writes &
    people=$!
    timed "$work/shared.txt" bin/dangol import "$work/customers.csv" --source members --key 고객번호 --json --data "$work/shared"
    cat "$work/shared.txt"; wait $people; stop ;;
  cube)
    DANGOL_BENCH_SCALE=$customers go test -run XXX -bench . -benchtime 3x -timeout 60m ./internal/cube ./internal/mining ./internal/segment ;;
  image)
    DANGOL_BENCH_SCALE=$customers go test -run XXX -bench . -benchtime 3x -timeout 60m ./bench/image ;;
  engine)
    go test -run XXX -bench . -benchtime 2s -timeout 30m ./internal/platform/database ./internal/dataquality ./internal/intake/reader ./internal/match/compare ;;
  start)
    rm -rf "$work/demo"; bin/dangol demo --customers 20000 --seed 1 --out "$work/demo-files" --load --data "$work/demo" --json
    began=$(date +%s%N); port=$(freeport)
    bin/dangol serve --data "$work/demo" --listen "127.0.0.1:$port" >"$work/server.log" 2>&1 & server=$!
    until curl -fsS -o /dev/null "http://127.0.0.1:$port/" 2>/dev/null; do sleep 0.01; done
    echo "first page after $(( ($(date +%s%N) - began) / 1000000 )) ms"
    sleep 20; awk '/VmRSS/ {printf "idle %.0f MiB resident\n", $2/1024}' "/proc/$server/status"; stop ;;
  mail) # hand-over to smtp-sink of Debian's postfix when DANGOL_SMTP_SINK names the program, else to our own sink
    go test -c -o bin/campaign.test ./internal/campaign
    address=
    if [ -n "${DANGOL_SMTP_SINK:-}" ]; then
      port=$(freeport); [ "$(id -u)" = 0 ] && user="-u nobody" || user=
      # shellcheck disable=SC2086
      "$DANGOL_SMTP_SINK" $user -m 400 "127.0.0.1:$port" 1000 & server=$!
      address="127.0.0.1:$port"; sleep 1
    fi
    DANGOL_BENCH_SINK=$address DANGOL_BENCH=${DANGOL_BENCH_MAILS:-100000} bin/campaign.test -test.run TestSendingSpeed -test.timeout 30m
    [ -z "$server" ] || stop
    DANGOL_BENCH_PLAN=1 DANGOL_BENCH=${DANGOL_BENCH_PLANNED:-1000000} bin/campaign.test -test.run TestSendingSpeed -test.timeout 30m ;;
  *) echo "no part named $part"; exit 2 ;;
  esac
done
