-- SPDX-License-Identifier: Apache-2.0
-- The words of the search index, for beginnings of words: FTS5 answers a prefix only after it has put
-- together the customers of every word that begins so, which for "kim" is a tenth of all.

-- +goose Up
{{if .SQLite}}CREATE VIRTUAL TABLE customer_search_terms USING fts5vocab(customer_search, 'instance');{{end}}
{{if .Postgres}}SELECT 1;{{end}}

-- +goose Down
{{if .SQLite}}DROP TABLE customer_search_terms;{{end}}
{{if .Postgres}}SELECT 1;{{end}}
