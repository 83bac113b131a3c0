-- SPDX-License-Identifier: Apache-2.0
-- Quality of customer data: daily scores, marks of customers, issues to mend.

-- +goose Up

-- quality_snapshots: one day's score of one field of one source in one dimension. source_id 0 is the golden
-- record, field '*' the record as a whole. good is in thousandths of total.
CREATE TABLE quality_snapshots (
    on_date   TEXT NOT NULL,
    source_id {{bigint}} NOT NULL,
    field     TEXT NOT NULL,
    dimension TEXT NOT NULL,
    good      {{bigint}} NOT NULL,
    total     {{bigint}} NOT NULL,
    PRIMARY KEY (on_date, source_id, field, dimension)
){{if .SQLite}} WITHOUT ROWID{{end}};

-- quality_marks: the score of each customer's golden record, 0 to 100, by the last scan.
CREATE TABLE quality_marks (
    customer_id  {{id}},
    score        {{bigint}} NOT NULL,
    completeness {{bigint}} NOT NULL,
    validity     {{bigint}} NOT NULL,
    consistency  {{bigint}} NOT NULL,
    freshness    {{bigint}} NOT NULL,
    uniqueness   {{bigint}} NOT NULL
);
CREATE INDEX quality_marks_score ON quality_marks (score, customer_id);

-- quality_issues: what is to be mended. state: open, closed. outcome: mended, right (correct as it is; stays
-- closed while signature, a fingerprint of the values, is the same), gone (a scan no longer finds it).
CREATE TABLE quality_issues (
    id            {{id}},
    kind          TEXT NOT NULL,
    customer_id   {{bigint}} NOT NULL,
    field         TEXT NOT NULL,
    source_id     {{bigint}} NOT NULL,
    code          TEXT NOT NULL DEFAULT '',
    signature     {{bigint}} NOT NULL,
    state         TEXT NOT NULL DEFAULT 'open',
    found_at      {{bigint}} NOT NULL,
    claimed_by    {{bigint}},
    claimed_until {{bigint}},
    closed_at     {{bigint}},
    closed_by     {{bigint}},
    outcome       TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX quality_issues_once ON quality_issues (customer_id, kind, field);
CREATE INDEX quality_issues_open ON quality_issues (kind, id) WHERE state = 'open';
CREATE INDEX quality_issues_closed ON quality_issues (closed_at) WHERE closed_at IS NOT NULL;

-- quality_runs: what each scan came to.
CREATE TABLE quality_runs (
    id          {{id}},
    started_at  {{bigint}} NOT NULL,
    finished_at {{bigint}} NOT NULL,
    summary     TEXT NOT NULL
);

-- +goose Down
DROP TABLE quality_runs;
DROP TABLE quality_issues;
DROP TABLE quality_marks;
DROP TABLE quality_snapshots;
