-- SPDX-License-Identifier: Apache-2.0
-- What a campaign intends, its approval, its variants, and journeys that use the same ledger.

-- +goose Up

-- intent: objective, target, expectations, contact pressure, offer, variants, as JSON: it is read and
-- written as a whole.
ALTER TABLE campaigns ADD COLUMN intent TEXT NOT NULL DEFAULT '{}';
ALTER TABLE campaigns ADD COLUMN approval TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN approval_asked_by {{bigint}} NOT NULL DEFAULT 0;
ALTER TABLE campaigns ADD COLUMN approval_by {{bigint}} NOT NULL DEFAULT 0;
ALTER TABLE campaigns ADD COLUMN approval_at {{bigint}};
ALTER TABLE campaigns ADD COLUMN approval_note TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN winner TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN winner_at {{bigint}};
ALTER TABLE campaigns ADD COLUMN winner_how TEXT NOT NULL DEFAULT '';
-- journey_id names the journey whose step a campaign sends for; such campaigns never finish by themselves.
ALTER TABLE campaigns ADD COLUMN journey_id {{bigint}} NOT NULL DEFAULT 0;
CREATE INDEX campaigns_journey ON campaigns (journey_id) WHERE journey_id <> 0;

ALTER TABLE recipients ADD COLUMN variant TEXT NOT NULL DEFAULT '';
-- run_id is the walk through a journey that the message belongs to: a step reaches a person once a walk.
ALTER TABLE recipients ADD COLUMN run_id {{bigint}} NOT NULL DEFAULT 0;
-- group_bits: bit n says that the person was a member of the n-th segment of intent.breakdown when planned.
ALTER TABLE recipients ADD COLUMN group_bits {{bigint}} NOT NULL DEFAULT 0;
DROP INDEX recipients_once;
CREATE UNIQUE INDEX recipients_once ON recipients (campaign_id, customer_id, run_id);

-- +goose Down
DROP INDEX recipients_once;
CREATE UNIQUE INDEX recipients_once ON recipients (campaign_id, customer_id);
ALTER TABLE recipients DROP COLUMN group_bits;
ALTER TABLE recipients DROP COLUMN run_id;
ALTER TABLE recipients DROP COLUMN variant;
DROP INDEX campaigns_journey;
ALTER TABLE campaigns DROP COLUMN journey_id;
ALTER TABLE campaigns DROP COLUMN winner_how;
ALTER TABLE campaigns DROP COLUMN winner_at;
ALTER TABLE campaigns DROP COLUMN winner;
ALTER TABLE campaigns DROP COLUMN approval_note;
ALTER TABLE campaigns DROP COLUMN approval_at;
ALTER TABLE campaigns DROP COLUMN approval_by;
ALTER TABLE campaigns DROP COLUMN approval_asked_by;
ALTER TABLE campaigns DROP COLUMN approval;
ALTER TABLE campaigns DROP COLUMN intent;
