-- SPDX-License-Identifier: Apache-2.0
-- Saved segments, pivots and the settings of models.

-- +goose Up

-- segments: saved questions about customers. rules is the tree; each change keeps the older one in
-- segment_versions, so that a campaign can say whom it chose. member_count is what counted_at saw.
CREATE TABLE segments (
    id           {{id}},
    name         TEXT NOT NULL,
    description  TEXT NOT NULL DEFAULT '',
    rules        TEXT NOT NULL,
    origin       TEXT NOT NULL DEFAULT '',
    owner_id     {{bigint}} NOT NULL,
    member_count {{bigint}},
    counted_at   {{bigint}},
    problem      TEXT NOT NULL DEFAULT '',
    created_at   {{bigint}} NOT NULL,
    updated_at   {{bigint}} NOT NULL,
    archived_at  {{bigint}},
    version      {{bigint}} NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX segments_name ON segments (name) WHERE archived_at IS NULL;

CREATE TABLE segment_versions (
    segment_id {{bigint}} NOT NULL,
    version    {{bigint}} NOT NULL,
    rules      TEXT NOT NULL,
    saved_at   {{bigint}} NOT NULL,
    saved_by   {{bigint}} NOT NULL,
    PRIMARY KEY (segment_id, version)
);

-- pivots: saved questions to the cubes, with how they are shown.
CREATE TABLE pivots (
    id         {{id}},
    name       TEXT NOT NULL,
    owner_id   {{bigint}} NOT NULL,
    is_shared  {{bigint}} NOT NULL DEFAULT 0,
    query      TEXT NOT NULL,
    settings   TEXT NOT NULL DEFAULT '{}',
    created_at {{bigint}} NOT NULL,
    updated_at {{bigint}} NOT NULL,
    version    {{bigint}} NOT NULL DEFAULT 1
);
CREATE INDEX pivots_owner ON pivots (owner_id, id);

-- models: how a model is computed for everybody, and when it last was.
CREATE TABLE models (
    name        TEXT PRIMARY KEY,
    settings    TEXT NOT NULL,
    computed_at {{bigint}},
    summary     TEXT NOT NULL DEFAULT '{}',
    problem     TEXT NOT NULL DEFAULT '',
    updated_at  {{bigint}} NOT NULL
);

-- +goose Down
DROP TABLE models;
DROP TABLE pivots;
DROP TABLE segment_versions;
DROP TABLE segments;
