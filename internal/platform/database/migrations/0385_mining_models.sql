-- SPDX-License-Identifier: Apache-2.0
-- Models of predictions in use: the champion whose scores everybody sees, the challenger beside it, and
-- what every refresh saw.

-- +goose Up

-- mining_models: one for each event. Models are gzip of their JSON; a card says what a model is.
CREATE TABLE mining_models (
    id              {{id}},
    event           TEXT NOT NULL UNIQUE,
    settings        TEXT NOT NULL,
    champion        {{blob}} NOT NULL,
    champion_card   TEXT NOT NULL,
    challenger      {{blob}},
    challenger_card TEXT NOT NULL DEFAULT '',
    -- comparison of both on the same customers, when there is a challenger.
    compared        TEXT NOT NULL DEFAULT '',
    schedule        TEXT NOT NULL,
    scored_at       {{bigint}},
    created_at      {{bigint}} NOT NULL,
    updated_at      {{bigint}} NOT NULL
);

-- mining_monitors: what a refresh of scores saw of the data, the scores and the answers that came in.
CREATE TABLE mining_monitors (
    id       {{id}},
    model_id {{bigint}} NOT NULL,
    at       {{bigint}} NOT NULL,
    result   TEXT NOT NULL
);
CREATE INDEX mining_monitors_model ON mining_monitors (model_id, id);

-- +goose Down
DROP TABLE mining_monitors;
DROP TABLE mining_models;
