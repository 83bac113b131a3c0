-- SPDX-License-Identifier: Apache-2.0
-- Subscriptions of the cube: reports by mail at their time, and alerts.

-- +goose Up
-- subscriptions: a report or an alert as one document. next_at is when it is due; is_firing says that
-- the condition of an alert held when it was last looked at.
CREATE TABLE subscriptions (
    id         {{id}},
    name       TEXT NOT NULL,
    owner_id   {{bigint}} NOT NULL,
    is_shared  {{bigint}} NOT NULL DEFAULT 0,
    content    TEXT NOT NULL,
    created_at {{bigint}} NOT NULL,
    updated_at {{bigint}} NOT NULL,
    version    {{bigint}} NOT NULL DEFAULT 1,
    next_at    {{bigint}} NOT NULL DEFAULT 0,
    is_firing  {{bigint}} NOT NULL DEFAULT 0
);
CREATE INDEX subscriptions_owner ON subscriptions (owner_id, id);

-- subscription_runs: what became of each mailing, and when an alert began and ended.
CREATE TABLE subscription_runs (
    id              {{id}},
    subscription_id {{bigint}} NOT NULL,
    at              {{bigint}} NOT NULL,
    outcome         TEXT NOT NULL,
    detail          TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX subscription_runs_of ON subscription_runs (subscription_id, id);

-- +goose Down
DROP TABLE subscription_runs;
DROP TABLE subscriptions;
