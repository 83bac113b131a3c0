-- SPDX-License-Identifier: Apache-2.0
-- Where the pictures of templates are, and mails that were shown.

-- +goose Up

ALTER TABLE template_versions ADD COLUMN pictures TEXT NOT NULL DEFAULT 'linked';

-- opens: each time a mail was shown, by a person or by a machine (mail proxies, gateways).
CREATE TABLE opens (
    id           {{id}},
    campaign_id  {{bigint}} NOT NULL,
    recipient_id {{bigint}} NOT NULL,
    at           {{bigint}} NOT NULL,
    is_machine   INTEGER NOT NULL
);
CREATE INDEX opens_recipient ON opens (recipient_id);
CREATE INDEX opens_campaign ON opens (campaign_id, at);

ALTER TABLE recipients ADD COLUMN opened_at {{bigint}};
ALTER TABLE recipients ADD COLUMN machine_opened_at {{bigint}};
ALTER TABLE recipients ADD COLUMN read_at {{bigint}};
ALTER TABLE recipients ADD COLUMN trapped_at {{bigint}};

-- +goose Down
DROP TABLE opens;
