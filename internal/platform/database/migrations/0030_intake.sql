-- SPDX-License-Identifier: Apache-2.0
-- Batches of files, what they rejected, and the mappings remembered per source.

-- +goose Up

CREATE TABLE source_mappings (
    source_id  {{bigint}} NOT NULL,
    kind       TEXT NOT NULL,
    signature  TEXT NOT NULL,
    mapping    TEXT NOT NULL,
    updated_at {{bigint}} NOT NULL,
    PRIMARY KEY (source_id, kind, signature)
){{if .SQLite}} WITHOUT ROWID{{end}};

-- uploads: what people called the files they sent.
CREATE TABLE uploads (
    file_id    {{id}},
    name       TEXT NOT NULL,
    person_id  {{bigint}} NOT NULL,
    created_at {{bigint}} NOT NULL
);

-- batches: one import of one file. position is where the next slice starts and is committed with each
-- slice, so that a killed import goes on without losing or doubling a row.
CREATE TABLE batches (
    id               {{id}},
    source_id        {{bigint}} NOT NULL,
    kind             TEXT NOT NULL,
    state            TEXT NOT NULL,
    file_id          {{bigint}},
    file_name        TEXT NOT NULL,
    shape            TEXT NOT NULL DEFAULT '{}',
    mapping          TEXT NOT NULL DEFAULT '{}',
    options          TEXT NOT NULL DEFAULT '{}',
    total            {{bigint}} NOT NULL DEFAULT 0,
    position         TEXT NOT NULL DEFAULT '{}',
    done             {{bigint}} NOT NULL DEFAULT 0,
    created          {{bigint}} NOT NULL DEFAULT 0,
    updated          {{bigint}} NOT NULL DEFAULT 0,
    linked           {{bigint}} NOT NULL DEFAULT 0,
    unchanged        {{bigint}} NOT NULL DEFAULT 0,
    rejected         {{bigint}} NOT NULL DEFAULT 0,
    findings         {{bigint}} NOT NULL DEFAULT 0,
    finding_counts   TEXT NOT NULL DEFAULT '{}',
    preview          TEXT,
    created_at       {{bigint}} NOT NULL,
    started_at       {{bigint}},
    finished_at      {{bigint}},
    undone_at        {{bigint}},
    person_id        {{bigint}} NOT NULL,
    job_id           {{bigint}},
    error            TEXT,
    journal_entry_id {{bigint}}
);
CREATE INDEX batches_source ON batches (source_id, id);

-- rejects: rows that were not taken, with the reason; row_text holds the cells as given, redacted.
CREATE TABLE rejects (
    batch_id   {{bigint}} NOT NULL,
    row_number {{bigint}} NOT NULL,
    part       {{bigint}} NOT NULL DEFAULT 0,
    column_name TEXT NOT NULL,
    value      TEXT NOT NULL,
    rule       TEXT NOT NULL,
    code       TEXT NOT NULL,
    message    TEXT NOT NULL,
    remedy     TEXT NOT NULL DEFAULT '',
    row_text   {{blob}},
    PRIMARY KEY (batch_id, row_number, part)
){{if .SQLite}} WITHOUT ROWID{{end}};

-- +goose Down
DROP TABLE rejects;
DROP TABLE batches;
DROP TABLE uploads;
DROP TABLE source_mappings;
