-- SPDX-License-Identifier: Apache-2.0
-- +goose Up
-- People of the staff, what they may do, and how they come in.
CREATE TABLE branches (
    id         {{id}},
    name       TEXT NOT NULL UNIQUE, -- what customers.branch holds
    label      TEXT NOT NULL,
    created_at {{bigint}} NOT NULL
);

CREATE TABLE roles (
    id          {{id}},
    name        TEXT NOT NULL UNIQUE,
    label_ko    TEXT NOT NULL,
    label_en    TEXT NOT NULL,
    permissions TEXT NOT NULL, -- JSON list of patterns: "*", "capability:*", "*:action", "capability:action"
    row_scope   TEXT NOT NULL CHECK (row_scope IN ('all', 'branch', 'own')),
    is_builtin  INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE people (
    id            {{id}},
    email         TEXT NOT NULL UNIQUE, -- lower case: the name people sign in with
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL DEFAULT '',
    branch        TEXT NOT NULL DEFAULT '',
    locale        TEXT NOT NULL DEFAULT 'ko',
    disabled_at   {{bigint}} NOT NULL DEFAULT 0,
    created_at    {{bigint}} NOT NULL,
    updated_at    {{bigint}} NOT NULL,
    version       INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE people_roles (
    person_id {{bigint}} NOT NULL REFERENCES people (id),
    role_id   {{bigint}} NOT NULL REFERENCES roles (id),
    PRIMARY KEY (person_id, role_id)
);

CREATE TABLE sessions (
    id             {{id}},
    token_hash     {{blob}} NOT NULL UNIQUE,
    person_id      {{bigint}} NOT NULL REFERENCES people (id),
    created_at     {{bigint}} NOT NULL,
    last_used_at   {{bigint}} NOT NULL,
    expires_at     {{bigint}} NOT NULL,
    address        TEXT NOT NULL,
    agent          TEXT NOT NULL,
    unmask_until   {{bigint}} NOT NULL DEFAULT 0,
    unmask_purpose TEXT NOT NULL DEFAULT ''
);
CREATE INDEX sessions_person ON sessions (person_id);

-- Browsers a person has signed in with before: attempts by others do not throttle them.
CREATE TABLE devices (
    id          {{id}},
    person_id   {{bigint}} NOT NULL REFERENCES people (id),
    device_hash {{blob}} NOT NULL UNIQUE,
    created_at  {{bigint}} NOT NULL
);
CREATE INDEX devices_person ON devices (person_id);

CREATE TABLE api_tokens (
    id           {{id}},
    person_id    {{bigint}} NOT NULL REFERENCES people (id),
    name         TEXT NOT NULL,
    hint         TEXT NOT NULL,
    token_hash   {{blob}} NOT NULL UNIQUE,
    scopes       TEXT NOT NULL, -- JSON list of permission patterns; they narrow the person's rights
    created_at   {{bigint}} NOT NULL,
    expires_at   {{bigint}} NOT NULL,
    last_used_at {{bigint}} NOT NULL DEFAULT 0,
    revoked_at   {{bigint}} NOT NULL DEFAULT 0
);
CREATE INDEX api_tokens_person ON api_tokens (person_id);

-- +goose Down
DROP TABLE api_tokens;
DROP TABLE devices;
DROP TABLE sessions;
DROP TABLE people_roles;
DROP TABLE people;
DROP TABLE roles;
DROP TABLE branches;
