#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Dangol and its rivals in turns on one machine; a part runs alone as `scripts/bench-peers.sh boost`.
# Rivals come from PyPI into a virtual environment of their own (DANGOL_PEERS_PYTHON names another python):
#   python3 -m venv .peers && .peers/bin/pip install scikit-learn xgboost lifetimes mlxtend pyfim statsforecast pyarrow
# The data are those of the tests (DANGOL_PEERS_DATA, ../shared/data).
set -euo pipefail
cd "$(dirname "$0")/.."
python=${DANGOL_PEERS_PYTHON:-.peers/bin/python}
data=$(cd "${DANGOL_PEERS_DATA:-../shared/data}" && pwd)
work=${DANGOL_BENCH_DIR:-$(mktemp -d)}
mkdir -p "$work"
trap '[ -n "${DANGOL_BENCH_DIR:-}" ] || rm -rf "$work"' EXIT
parts=${*:-value itemsets boost logistic forest kmeans forecast score}
command -v "$python" >/dev/null || { echo "no python at $python; see the head of $0"; exit 2; }

mining() { # the models of internal/mining against their rivals
  for package in predict cluster association value forecast; do
    [ -x "$work/$package.test" ] || go test -c -o "$work/$package.test" "./internal/mining/$package"
  done
  "$python" -W ignore bench/peers/mining.py "$1" --data "$data" --tests "$work" --source "$PWD/internal/mining" --work "$work" --turns "${DANGOL_PEERS_TURNS:-2}"
}

for part in $parts; do
  echo; echo "== $part"
  case $part in
  value | itemsets | boost | logistic | forest | kmeans | forecast | score) mining "$part" ;;
  *) echo "no part named $part"; exit 2 ;;
  esac
done
