-- SPDX-License-Identifier: Apache-2.0
-- Ways out for mails, what they carried, and the keys that sign.

-- +goose Up

-- mail_relays: secret is the password, which no answer shows. warm_from with warm_first is the plan of a new
-- sending address: so many messages on the first day, half as many more each day.
CREATE TABLE mail_relays (
    id          {{id}},
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    address     TEXT NOT NULL DEFAULT '',
    account     TEXT NOT NULL DEFAULT '',
    secret      TEXT NOT NULL DEFAULT '',
    weight      INTEGER NOT NULL DEFAULT 1,
    connections INTEGER NOT NULL DEFAULT 0,
    warm_from   TEXT NOT NULL DEFAULT '',
    warm_first  INTEGER NOT NULL DEFAULT 0,
    is_active   INTEGER NOT NULL DEFAULT 1,
    version     {{bigint}} NOT NULL DEFAULT 1,
    updated_at  {{bigint}} NOT NULL
);

CREATE TABLE mail_relay_days (
    relay_id    {{bigint}} NOT NULL,
    day         TEXT NOT NULL,
    handed_over {{bigint}} NOT NULL DEFAULT 0,
    deferred    {{bigint}} NOT NULL DEFAULT 0,
    refused     {{bigint}} NOT NULL DEFAULT 0,
    unknown     {{bigint}} NOT NULL DEFAULT 0,
    broken      {{bigint}} NOT NULL DEFAULT 0,
    PRIMARY KEY (relay_id, day)
);

CREATE TABLE dkim_keys (
    id         {{id}},
    domain     TEXT NOT NULL,
    selector   TEXT NOT NULL,
    algorithm  TEXT NOT NULL,
    secret     {{blob}} NOT NULL,
    is_active  INTEGER NOT NULL DEFAULT 0,
    created_at {{bigint}} NOT NULL
);
CREATE UNIQUE INDEX dkim_keys_once ON dkim_keys (domain, selector);

-- +goose Down
DROP TABLE dkim_keys;
DROP TABLE mail_relay_days;
DROP TABLE mail_relays;
