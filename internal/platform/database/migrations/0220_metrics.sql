-- SPDX-License-Identifier: Apache-2.0
-- Calculated measures, dashboards, saved SQL and subscriptions of the cube.

-- +goose Up
-- metrics: calculated measures, one definition for everybody; asked as calc.NAME.
CREATE TABLE metrics (
    id         {{id}},
    name       TEXT NOT NULL,
    label_ko   TEXT NOT NULL,
    label_en   TEXT NOT NULL,
    about      TEXT NOT NULL DEFAULT '',
    formula    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    owner_id   {{bigint}} NOT NULL,
    owner      TEXT NOT NULL,
    created_at {{bigint}} NOT NULL,
    updated_at {{bigint}} NOT NULL,
    version    {{bigint}} NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX metrics_name ON metrics (name);

-- boards: dashboards, their tiles and filters as one document.
CREATE TABLE boards (
    id         {{id}},
    name       TEXT NOT NULL,
    owner_id   {{bigint}} NOT NULL,
    is_shared  {{bigint}} NOT NULL DEFAULT 0,
    content    TEXT NOT NULL,
    created_at {{bigint}} NOT NULL,
    updated_at {{bigint}} NOT NULL,
    version    {{bigint}} NOT NULL DEFAULT 1
);
CREATE INDEX boards_owner ON boards (owner_id, id);

-- statements: SQL that analysts have saved.
CREATE TABLE statements (
    id         {{id}},
    name       TEXT NOT NULL,
    owner_id   {{bigint}} NOT NULL,
    is_shared  {{bigint}} NOT NULL DEFAULT 0,
    content    TEXT NOT NULL,
    created_at {{bigint}} NOT NULL,
    updated_at {{bigint}} NOT NULL,
    version    {{bigint}} NOT NULL DEFAULT 1
);
CREATE INDEX statements_owner ON statements (owner_id, id);

-- subscriptions: a question sent by mail at its time, or watched and sent when it is unusual.
CREATE TABLE subscriptions (
    id          {{id}},
    name        TEXT NOT NULL,
    owner_id    {{bigint}} NOT NULL,
    content     TEXT NOT NULL,
    is_paused   {{bigint}} NOT NULL DEFAULT 0,
    next_at     {{bigint}} NOT NULL,
    last_at     {{bigint}},
    last_result TEXT NOT NULL DEFAULT '',
    created_at  {{bigint}} NOT NULL,
    updated_at  {{bigint}} NOT NULL,
    version     {{bigint}} NOT NULL DEFAULT 1
);
CREATE INDEX subscriptions_due ON subscriptions (is_paused, next_at);

-- +goose Down
DROP TABLE subscriptions;
DROP TABLE statements;
DROP TABLE boards;
DROP TABLE metrics;
