-- SPDX-License-Identifier: Apache-2.0
-- The capability of each chunk: the page of a customer asks for what changed the customer, and must not
-- look through the chunks of order lines, of which there are ten times as many.

-- +goose Up
ALTER TABLE journal_chunks ADD COLUMN capability TEXT NOT NULL DEFAULT '';
UPDATE journal_chunks SET capability = (SELECT e.capability FROM journal e WHERE e.id = journal_chunks.entry_id);
DROP INDEX journal_chunks_subject;
CREATE INDEX journal_chunks_subject ON journal_chunks (capability, max_subject, min_subject);

-- +goose Down
DROP INDEX journal_chunks_subject;
CREATE INDEX journal_chunks_subject ON journal_chunks (max_subject, min_subject);
ALTER TABLE journal_chunks DROP COLUMN capability;
