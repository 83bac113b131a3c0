-- SPDX-License-Identifier: Apache-2.0
-- Runs of models: what was asked, of which data, what was found.

-- +goose Up

-- mining_runs: settings and seed with the data sequence make a run repeatable; result is what its page shows.
CREATE TABLE mining_runs (
    id          {{id}},
    kind        TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    settings    TEXT NOT NULL,
    seed        {{bigint}} NOT NULL DEFAULT 1,
    data_seq    {{bigint}} NOT NULL DEFAULT 0,
    result      TEXT NOT NULL DEFAULT '',
    problem     TEXT NOT NULL DEFAULT '',
    person_id   {{bigint}} NOT NULL DEFAULT 0,
    job_id      {{bigint}} NOT NULL DEFAULT 0,
    created_at  {{bigint}} NOT NULL,
    finished_at {{bigint}}
);
CREATE INDEX mining_runs_kind ON mining_runs (kind, id);

-- +goose Down
DROP TABLE mining_runs;
