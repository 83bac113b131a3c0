-- SPDX-License-Identifier: Apache-2.0
-- Who is who: models, runs over the customer base, the review queue, what people decided, the live index.

-- +goose Up

-- match_models: every model that was used, newest last; the last one is used. spec holds comparisons with
-- m and u, kinds of columns and blocking rules; frequencies the common values, packed.
CREATE TABLE match_models (
    id          {{id}},
    reason      TEXT NOT NULL,
    spec        TEXT NOT NULL,
    frequencies {{blob}},
    link_at     {{real}} NOT NULL,
    review_at   {{real}} NOT NULL,
    is_tuned    {{bigint}} NOT NULL DEFAULT 0,
    created_at  {{bigint}} NOT NULL,
    created_by  {{bigint}} NOT NULL
);

-- match_runs: runs over the whole base. active is 1 while one works and NULL afterwards: the unique index
-- refuses a second one. position is the last planned merge that was dealt with; it is committed with each
-- slice of merges, so that a killed run goes on without losing or doubling one.
CREATE TABLE match_runs (
    id          {{id}},
    state       TEXT NOT NULL,
    phase       TEXT NOT NULL,
    active      {{bigint}},
    job_id      {{bigint}} NOT NULL DEFAULT 0,
    person_id   {{bigint}} NOT NULL,
    model_id    {{bigint}} NOT NULL DEFAULT 0,
    settings    TEXT NOT NULL,
    figures     TEXT NOT NULL DEFAULT '{}',
    position    {{bigint}} NOT NULL DEFAULT 0,
    merged      {{bigint}} NOT NULL DEFAULT 0,
    skipped     {{bigint}} NOT NULL DEFAULT 0,
    undone      {{bigint}} NOT NULL DEFAULT 0,
    error       TEXT NOT NULL DEFAULT '',
    created_at  {{bigint}} NOT NULL,
    finished_at {{bigint}},
    undone_at   {{bigint}}
);
CREATE UNIQUE INDEX match_runs_active ON match_runs (active) WHERE active IS NOT NULL;

-- match_merges: what a run decided by itself, in the order in which it is done.
-- state: planned, merged, skipped, undone, kept (a person changed it since; the undo left it alone).
CREATE TABLE match_merges (
    run_id      {{bigint}} NOT NULL,
    position    {{bigint}} NOT NULL,
    survivor_id {{bigint}} NOT NULL,
    other_id    {{bigint}} NOT NULL,
    low_record  {{bigint}} NOT NULL,
    high_record {{bigint}} NOT NULL,
    weight      {{real}} NOT NULL,
    pattern     TEXT NOT NULL,
    state       TEXT NOT NULL,
    PRIMARY KEY (run_id, position)
){{if .SQLite}} WITHOUT ROWID{{end}};

-- match_pairs: the doubtful middle. low_record and high_record are the two records that look most alike.
-- state: open, later, same, different.
CREATE TABLE match_pairs (
    id          {{id}},
    run_id      {{bigint}} NOT NULL,
    model_id    {{bigint}} NOT NULL,
    low_id      {{bigint}} NOT NULL,
    high_id     {{bigint}} NOT NULL,
    low_record  {{bigint}} NOT NULL,
    high_record {{bigint}} NOT NULL,
    weight      {{real}} NOT NULL,
    pattern     TEXT NOT NULL,
    remark      TEXT NOT NULL DEFAULT '',
    state       TEXT NOT NULL,
    created_at  {{bigint}} NOT NULL
);
CREATE UNIQUE INDEX match_pairs_once ON match_pairs (low_id, high_id);
CREATE INDEX match_pairs_state ON match_pairs (state, weight, id);
CREATE INDEX match_pairs_high ON match_pairs (high_id);

-- match_decisions: who said what about which pair, and when; kept for good, because precision, recall and
-- better weights come from it. group_id: decisions taken together by pattern.
CREATE TABLE match_decisions (
    id          {{id}},
    pair_id     {{bigint}} NOT NULL,
    group_id    {{bigint}} NOT NULL DEFAULT 0,
    run_id      {{bigint}} NOT NULL,
    model_id    {{bigint}} NOT NULL,
    low_id      {{bigint}} NOT NULL,
    high_id     {{bigint}} NOT NULL,
    survivor_id {{bigint}} NOT NULL DEFAULT 0,
    weight      {{real}} NOT NULL,
    pattern     TEXT NOT NULL,
    decision    TEXT NOT NULL,
    via         TEXT NOT NULL,
    decided_at  {{bigint}} NOT NULL,
    decided_by  {{bigint}} NOT NULL,
    undone_at   {{bigint}},
    undone_by   {{bigint}}
);
CREATE INDEX match_decisions_pair ON match_decisions (pair_id, id);
CREATE INDEX match_decisions_group ON match_decisions (group_id, id) WHERE group_id <> 0;

-- The live index: records by hashed blocking key. Two tables take turns: while a new model fills one, the
-- other answers. A key that many records share is of no use; it is marked by record_id 0.
CREATE TABLE match_keys_a (
    hash      {{bigint}} NOT NULL,
    record_id {{bigint}} NOT NULL,
    PRIMARY KEY (hash, record_id)
){{if .SQLite}} WITHOUT ROWID{{end}};
CREATE TABLE match_keys_b (
    hash      {{bigint}} NOT NULL,
    record_id {{bigint}} NOT NULL,
    PRIMARY KEY (hash, record_id)
){{if .SQLite}} WITHOUT ROWID{{end}};

-- match_index: which table answers, under which model, and up to which record it was filled.
CREATE TABLE match_index (
    id        {{bigint}} PRIMARY KEY,
    slot      TEXT NOT NULL,
    model_id  {{bigint}} NOT NULL,
    keys      {{bigint}} NOT NULL DEFAULT 0,
    records   {{bigint}} NOT NULL DEFAULT 0,
    built_at  {{bigint}} NOT NULL
);

-- +goose Down
DROP TABLE match_index;
DROP TABLE match_keys_b;
DROP TABLE match_keys_a;
DROP TABLE match_decisions;
DROP TABLE match_pairs;
DROP TABLE match_merges;
DROP TABLE match_runs;
DROP TABLE match_models;
