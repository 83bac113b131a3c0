-- SPDX-License-Identifier: Apache-2.0
-- Costs of campaigns by component, and results as they were evaluated.

-- +goose Up

CREATE TABLE costs (
    id          {{id}},
    campaign_id {{bigint}} NOT NULL,
    component   TEXT NOT NULL,
    amount      {{bigint}} NOT NULL,
    currency    TEXT NOT NULL,
    note        TEXT NOT NULL DEFAULT '',
    person_id   {{bigint}} NOT NULL,
    created_at  {{bigint}} NOT NULL
);
CREATE INDEX costs_campaign ON costs (campaign_id, id);

CREATE TABLE results (
    id           {{id}},
    campaign_id  {{bigint}} NOT NULL,
    evaluated_at {{bigint}} NOT NULL,
    content      TEXT NOT NULL
);
CREATE INDEX results_campaign ON results (campaign_id, id);

-- +goose Down
DROP TABLE results;
DROP TABLE costs;
