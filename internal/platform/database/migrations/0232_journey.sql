-- SPDX-License-Identifier: Apache-2.0
-- Journeys: drawings, their published versions, and the runs of people through them.

-- +goose Up

-- journeys: graph is the drawing at work; number is the version that new people get.
CREATE TABLE journeys (
    id         {{id}},
    name       TEXT NOT NULL,
    state      TEXT NOT NULL DEFAULT 'draft',
    graph      TEXT NOT NULL,
    number     INTEGER NOT NULL DEFAULT 0,
    scanned_at {{bigint}} NOT NULL DEFAULT 0,
    person_id  {{bigint}} NOT NULL,
    created_at {{bigint}} NOT NULL,
    updated_at {{bigint}} NOT NULL,
    started_at {{bigint}},
    ended_at   {{bigint}},
    version    {{bigint}} NOT NULL DEFAULT 1
);

-- journey_versions: what was published; campaigns names the campaign of each mail step.
CREATE TABLE journey_versions (
    journey_id   {{bigint}} NOT NULL,
    number       INTEGER NOT NULL,
    graph        TEXT NOT NULL,
    campaigns    TEXT NOT NULL,
    published_at {{bigint}} NOT NULL,
    PRIMARY KEY (journey_id, number)
);

-- journey_runs: one person's way through a version. reason names what let them in, so that the same
-- event lets nobody in twice.
CREATE TABLE journey_runs (
    id          {{id}},
    journey_id  {{bigint}} NOT NULL,
    number      INTEGER NOT NULL,
    customer_id {{bigint}} NOT NULL,
    record_id   {{bigint}} NOT NULL,
    reason      TEXT NOT NULL,
    entered_at  {{bigint}} NOT NULL,
    step        TEXT NOT NULL DEFAULT '',
    due_at      {{bigint}} NOT NULL,
    state       TEXT NOT NULL,
    ended_at    {{bigint}}
);
CREATE UNIQUE INDEX journey_runs_once ON journey_runs (journey_id, customer_id, reason);
CREATE INDEX journey_runs_due ON journey_runs (journey_id, due_at, id) WHERE state = 'active';
CREATE INDEX journey_runs_record ON journey_runs (record_id);

-- journey_visits: the steps of a run, each at most once.
CREATE TABLE journey_visits (
    run_id {{bigint}} NOT NULL,
    step   TEXT NOT NULL,
    at     {{bigint}} NOT NULL,
    PRIMARY KEY (run_id, step)
){{if .SQLite}} WITHOUT ROWID{{end}};

-- journey_counts: how many took a step, stand at it, or ended, kept with every move.
CREATE TABLE journey_counts (
    journey_id {{bigint}} NOT NULL,
    number     INTEGER NOT NULL,
    step       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    count      {{bigint}} NOT NULL,
    PRIMARY KEY (journey_id, number, step, kind)
){{if .SQLite}} WITHOUT ROWID{{end}};

-- +goose Down
DROP TABLE journey_counts;
DROP TABLE journey_visits;
DROP TABLE journey_runs;
DROP TABLE journey_versions;
DROP TABLE journeys;
