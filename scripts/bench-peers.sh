#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Dangol and its rivals in turns on one machine; a part runs alone as `scripts/bench-peers.sh boost`.
# Rivals come from PyPI into a virtual environment of their own (DANGOL_PEERS_PYTHON names another python):
#   python3 -m venv .peers && .peers/bin/pip install scikit-learn xgboost lifetimes mlxtend pyfim statsforecast pyarrow
# Part match wants Splink: .peers/bin/pip install splink==5.0.0 duckdb==2.0.1 sqlglot==30.30.0 pyarrow==26.0.1; its size is
# DANGOL_PEERS_RECORDS (1000000), the thresholds tried for Splink's best F1 are DANGOL_PEERS_THRESHOLDS ("0.99 0.999 …").
# The data are those of the tests (DANGOL_PEERS_DATA, ../shared/data).
set -euo pipefail
cd "$(dirname "$0")/.."
python=${DANGOL_PEERS_PYTHON:-.peers/bin/python}
data=$(cd "${DANGOL_PEERS_DATA:-../shared/data}" && pwd)
work=${DANGOL_BENCH_DIR:-$(mktemp -d)}
mkdir -p "$work"
trap '[ -n "${DANGOL_BENCH_DIR:-}" ] || rm -rf "$work"' EXIT
parts=${*:-value itemsets boost logistic forest kmeans forecast score match}
command -v "$python" >/dev/null || { echo "no python at $python; see the head of $0"; exit 2; }

mining() { # the models of internal/mining against their rivals
  for package in predict cluster association value forecast; do
    [ -x "$work/$package.test" ] || go test -c -o "$work/$package.test" "./internal/mining/$package"
  done
  "$python" -W ignore bench/peers/mining.py "$1" --data "$data" --tests "$work" --source "$PWD/internal/mining" --work "$work" --turns "${DANGOL_PEERS_TURNS:-2}"
}

matching() { # zero configuration against Splink on DuckDB, on one generated file of people
  [ -x bin/dangol ] || { mkdir -p bin && go build -o bin/dangol ./cmd/dangol; }
  go build -o "$work/bench" ./bench
  "$work/bench" people --n "${DANGOL_PEERS_RECORDS:-1000000}" --duplicates 0.1 --seed 1 --out "$work/people.csv"
  # shellcheck disable=SC2086
  "$python" -W ignore bench/peers/matching.py --csv "$work/people.csv" --work "$work" --further ${DANGOL_PEERS_THRESHOLDS:-}
}

for part in $parts; do
  echo; echo "== $part"
  case $part in
  value | itemsets | boost | logistic | forest | kmeans | forecast | score) mining "$part" ;;
  match) matching ;;
  *) echo "no part named $part"; exit 2 ;;
  esac
done
