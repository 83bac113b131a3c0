-- SPDX-License-Identifier: Apache-2.0
-- Templates of mails with their versions, and the keys that sign links.

-- +goose Up

CREATE TABLE templates (
    id              {{id}},
    name            TEXT NOT NULL,
    channel         TEXT NOT NULL DEFAULT 'email',
    class           TEXT NOT NULL,
    sender          TEXT NOT NULL DEFAULT 'company',
    category        TEXT NOT NULL DEFAULT '',
    reason          TEXT NOT NULL DEFAULT '',
    approved_by     {{bigint}},
    approved_at     {{bigint}},
    latest          INTEGER NOT NULL,
    created_by      {{bigint}} NOT NULL,
    created_at      {{bigint}} NOT NULL,
    updated_at      {{bigint}} NOT NULL,
    archived_at     {{bigint}},
    version         {{bigint}} NOT NULL DEFAULT 1
);
CREATE INDEX templates_list ON templates (updated_at, id) WHERE archived_at IS NULL;

-- template_versions: never changed; a campaign pins one.
CREATE TABLE template_versions (
    id          {{id}},
    template_id {{bigint}} NOT NULL,
    number      INTEGER NOT NULL,
    subject     TEXT NOT NULL,
    html        TEXT NOT NULL,
    body        TEXT NOT NULL,
    missing     TEXT NOT NULL DEFAULT 'skip',
    created_by  {{bigint}} NOT NULL,
    created_at  {{bigint}} NOT NULL
);
CREATE UNIQUE INDEX template_versions_number ON template_versions (template_id, number);

-- mail_keys sign the tokens of links; old ones stay, because a link to unsubscribe works for years.
CREATE TABLE mail_keys (
    id         {{id}},
    secret     {{blob}} NOT NULL,
    created_at {{bigint}} NOT NULL
);

-- +goose Down
DROP TABLE mail_keys;
DROP TABLE template_versions;
DROP TABLE templates;
