-- SPDX-License-Identifier: Apache-2.0
-- What keeps a person's data from being destroyed, and what a law makes the company keep apart afterwards.

-- +goose Up

-- legal_holds: while one stands (a lawsuit, an inquiry) the person cannot be erased. It ends on its day or when lifted.
CREATE TABLE legal_holds (
    id          {{id}},
    customer_id {{bigint}} NOT NULL,
    reason      TEXT NOT NULL,
    until_on    TEXT NOT NULL,
    set_at      {{bigint}} NOT NULL,
    set_by      {{bigint}} NOT NULL,
    lifted_at   {{bigint}},
    lifted_by   {{bigint}}
);
CREATE INDEX legal_holds_customer ON legal_holds (customer_id);

-- kept_identities: who was party to a trade, kept apart from all other personal data for as long as the named law asks
-- (PIPA article 21(3)), sealed with the installation's key, which no backup holds. Nothing joins it to orders but the
-- ids of the records. The row is deleted on its day.
CREATE TABLE kept_identities (
    id         {{id}},
    erasure_id {{bigint}} NOT NULL,
    law        TEXT NOT NULL,
    facts      {{bigint}} NOT NULL,
    until_on   TEXT NOT NULL,
    sealed     {{blob}} NOT NULL,
    kept_at    {{bigint}} NOT NULL
);
CREATE INDEX kept_identities_erasure ON kept_identities (erasure_id);
CREATE INDEX kept_identities_until ON kept_identities (until_on);

-- +goose Down
DROP TABLE kept_identities;
DROP TABLE legal_holds;
