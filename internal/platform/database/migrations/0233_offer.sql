-- SPDX-License-Identifier: Apache-2.0
-- Offers, where they were shown, and what people answered.

-- +goose Up

-- offers: value and cost are what an acceptance earns and costs, in minor units. taken counts acceptances
-- against the stock; the counters beside are what the choice learns from.
CREATE TABLE offers (
    id          {{id}},
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    category    TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    value       {{bigint}} NOT NULL,
    cost        {{bigint}} NOT NULL DEFAULT 0,
    currency    TEXT NOT NULL,
    segment_id  {{bigint}} NOT NULL DEFAULT 0,
    stock       {{bigint}},
    starts_on   TEXT NOT NULL DEFAULT '',
    ends_on     TEXT NOT NULL DEFAULT '',
    is_active   {{bigint}} NOT NULL DEFAULT 1,
    accepted    {{bigint}} NOT NULL DEFAULT 0,
    declined    {{bigint}} NOT NULL DEFAULT 0,
    ignored     {{bigint}} NOT NULL DEFAULT 0,
    shown       {{bigint}} NOT NULL DEFAULT 0,
    created_at  {{bigint}} NOT NULL,
    updated_at  {{bigint}} NOT NULL,
    version     {{bigint}} NOT NULL DEFAULT 1
);

-- offer_shows: one offer before one person; answer is '' until there is one or the time for it is over.
CREATE TABLE offer_shows (
    id          {{id}},
    offer_id    {{bigint}} NOT NULL,
    record_id   {{bigint}} NOT NULL,
    place       TEXT NOT NULL,
    shown_at    {{bigint}} NOT NULL,
    is_explored {{bigint}} NOT NULL DEFAULT 0,
    expected    {{bigint}} NOT NULL DEFAULT 0,
    answer      TEXT NOT NULL DEFAULT '',
    answered_at {{bigint}}
);
CREATE INDEX offer_shows_record ON offer_shows (record_id, shown_at);
CREATE INDEX offer_shows_open ON offer_shows (shown_at) WHERE answer = '';

-- +goose Down
DROP TABLE offer_shows;
DROP TABLE offers;
