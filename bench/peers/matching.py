# SPDX-License-Identifier: Apache-2.0
"""Splink on DuckDB and `dangol match` on one file of people, in turns, with the pairwise quality of both.

Splink is set up as its documentation recommends for people: u by random sampling (1e8 pairs: "consider increasing
to 1e8 or 1e9" is what it says below that), the prior from deterministic
rules, m by expectation maximisation per blocking rule, the comparison library's name, date of birth, e-mail
comparisons with term frequencies, clustering at 0.95. Dangol gets no setting at all. Both read the same CSV and
write their clusters; the clock runs over the whole process.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter


def quality(cluster_of, truth_of):
    pairs = lambda counter: sum(n * (n - 1) // 2 for n in counter.values())
    found, real = pairs(Counter(cluster_of)), pairs(Counter(truth_of))
    right = pairs(Counter(zip(cluster_of, truth_of)))
    precision, recall = right / max(found, 1), right / max(real, 1)
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(precision + recall, 1e-9)}


def splink(path, out, threads, sampled, further):
    import duckdb
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.internals.duckdb.database_api import DuckDBAPI

    con = duckdb.connect()
    con.execute(f"set threads to {threads}")
    con.execute(
        "create table people as select unique_id, first_name, surname, dob, email, phone, street, city, postcode"
        f" from read_csv('{path}', all_varchar=true)"
    )
    api = DuckDBAPI(con)
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "surname"), block_on("surname", "dob"), block_on("first_name", "dob"),
            block_on("email"), block_on("phone"), block_on("postcode", "dob"), block_on("street", "postcode", "first_name"),
        ],
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.EmailComparison("email").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("phone", [1, 2]),
            cl.LevenshteinAtThresholds("postcode", [1]),
        ],
        retain_matching_columns=False,
    )
    linker = Linker(api.register("people"), settings, log_level=30)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("first_name", "surname", "dob"), block_on("email"), block_on("phone", "dob")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=sampled, seed=1)
    for rule in (block_on("first_name", "surname"), block_on("dob"), block_on("email")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
    found = linker.inference.predict(threshold_match_probability=0.5)
    for threshold in (0.95, *further):
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(found, threshold_match_probability=threshold)
        con.execute(f"copy (select unique_id, cluster_id from {clusters.physical_name}) to '{out}.{threshold}' (header)")


def run(command, environment=None):
    started = time.time()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    out, err = child.communicate()
    if child.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{err[-3000:]}")
    return time.time() - started, out


def read_clusters(path, key, value):
    import csv

    with open(path, newline="", encoding="utf-8") as file:
        return {row[key]: row[value] for row in csv.DictReader(file)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--csv", required=True)
    parser.add_argument("--dangol", default="bin/dangol")
    parser.add_argument("--work", required=True)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--sampled", type=float, default=1e8, help="pairs that Splink estimates u from; its own warning recommends 1e8 or 1e9")
    parser.add_argument("--only-splink", metavar="OUT")
    parser.add_argument("--further", type=float, nargs="*", help="further thresholds of Splink, for its best F1; they count in its seconds")
    options = parser.parse_args()
    if options.only_splink:
        splink(options.csv, options.only_splink, options.threads, options.sampled, options.further or ())
        return
    truth = read_clusters(options.csv, "unique_id", "person")
    result = {"records": len(truth)}
    out = os.path.join(options.work, "dangol")
    seconds, text = run([options.dangol, "match", options.csv, "--truth", "person", "--out", out, "--json"])
    found = read_clusters(os.path.join(out, "clusters.csv"), "id", "cluster_id")
    result["dangol"] = {"seconds": round(seconds, 1), **quality([found[i] for i in truth], list(truth.values())), "peak_memory_mib": json.loads(text)["peak_memory_bytes"] >> 20}
    clusters = os.path.join(options.work, "splink.csv")
    seconds, _ = run([sys.executable, "-W", "ignore", __file__, "--csv", options.csv, "--work", options.work, "--threads", str(options.threads), "--sampled", str(options.sampled), "--only-splink", clusters, "--further", *map(str, options.further or ())])
    for threshold in (0.95, *(options.further or ())):
        found = read_clusters(f"{clusters}.{threshold}", "unique_id", "cluster_id")
        own = {"threshold": threshold, "seconds": round(seconds, 1), **quality([found[i] for i in truth], list(truth.values()))}
        result.setdefault("splink", own)
        if own["f1"] >= result.get("splink_best", own)["f1"]:
            result["splink_best"] = own
    result["times_faster"] = round(result["splink"]["seconds"] / result["dangol"]["seconds"], 1)
    for name in ("dangol", "splink", "splink_best"):
        r = result[name]
        print(f"{name:11} {r['seconds']:8.1f} s   precision {r['precision']:.4f}  recall {r['recall']:.4f}  F1 {r['f1']:.4f}")
    print(json.dumps(result))


main()
