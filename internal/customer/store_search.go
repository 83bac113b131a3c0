// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"dangol/internal/platform/database"
)

// searchIDs returns visible customers within the person's scope that may answer the query.
func (s *Store) searchIDs(ctx context.Context, q Query, limit int) ([]int64, error) {
	var ids []int64
	if q.digits == "" && q.chosung == "" {
		part, err := s.namesFrom(ctx, q.key, limit)
		if err != nil {
			return nil, err
		}
		if len(part) >= limit {
			return part, nil // exact and beginning names alone are more than anybody reads
		}
		ids = append(ids, part...)
	}
	if q.chosung != "" && utf8.RuneCountInString(q.chosung) == 1 {
		return s.namesOfInitial(ctx, q.chosung, limit)
	}
	for _, tokens := range q.lookups() {
		part, err := s.holding(ctx, tokens, limit)
		if err != nil {
			return nil, err
		}
		ids = append(ids, part...)
	}
	return ids, nil
}

// namesFrom returns customers whose name begins with the key, in the order of names, so that an exact
// name is never lost among many others.
func (s *Store) namesFrom(ctx context.Context, key string, limit int) ([]int64, error) {
	scope, args := scopeOf(ctx)
	args = append([]any{key, key + "\U0010FFFF"}, args...)
	ids, err := database.List(ctx, s.db, scanID, "SELECT c.id FROM customers c WHERE c.hidden = 0 AND c.name_key >= ? AND c.name_key < ? AND "+
		scope+" ORDER BY c.name_key, c.id LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("search names: %w", err)
	}
	return ids, nil
}

// initials are the initial consonants in the order of syllables; in the compatibility block they have gaps.
var initials = []rune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")

func (s *Store) namesOfInitial(ctx context.Context, initial string, limit int) ([]int64, error) {
	r, _ := utf8.DecodeRuneInString(initial)
	for i, known := range initials {
		if known != r {
			continue
		}
		first := rune(0xAC00 + i*588)
		scope, args := scopeOf(ctx)
		args = append([]any{string(first), string(first + 588)}, args...)
		ids, err := database.List(ctx, s.db, scanID, "SELECT c.id FROM customers c WHERE c.hidden = 0 AND c.name_key >= ? AND c.name_key < ? AND "+
			scope+" ORDER BY c.name_key, c.id LIMIT ?", append(args, limit)...)
		if err != nil {
			return nil, fmt.Errorf("search names by initial consonant: %w", err)
		}
		return ids, nil
	}
	return nil, nil
}

// holding returns customers whose tokens hold all of the given ones; a trailing * asks for a prefix.
func (s *Store) holding(ctx context.Context, tokens []string, limit int) ([]int64, error) {
	if len(tokens) == 0 {
		return nil, nil
	}
	from, args := "customer_search t JOIN customers c ON c.id = t.rowid WHERE customer_search MATCH ?", []any{matchFTS(tokens)}
	beginning, isPrefix := strings.CutSuffix(tokens[0], "*")
	switch {
	case s.db.IsPostgres():
		from, args = "customer_search t JOIN customers c ON c.id = t.id WHERE t.tokens @@ CAST(? AS tsquery)", []any{matchTS(tokens)}
	case isPrefix && len(tokens) == 1:
		// Word by word, so that LIMIT ends the reading: MATCH would first put all their customers together.
		from = "customer_search_terms t CROSS JOIN customers c ON c.id = t.doc WHERE t.term >= ? AND t.term < ?"
		args = []any{beginning, beginning + "\U0010FFFF"}
	}
	scope, scopeArgs := scopeOf(ctx)
	ids, err := database.List(ctx, s.db, scanID, "SELECT c.id FROM "+from+" AND c.hidden = 0 AND "+scope+" LIMIT ?",
		append(append(args, scopeArgs...), limit)...)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return ids, nil
}

// matchFTS writes tokens in the query language of SQLite's FTS5.
func matchFTS(tokens []string) string {
	parts := make([]string, len(tokens))
	for i, token := range tokens {
		word, isPrefix := strings.CutSuffix(token, "*")
		parts[i] = `"` + strings.ReplaceAll(word, `"`, "") + `"`
		if isPrefix {
			parts[i] += " *"
		}
	}
	return strings.Join(parts, " AND ")
}

// matchTS writes tokens in the query language of PostgreSQL's tsquery.
func matchTS(tokens []string) string {
	parts := make([]string, len(tokens))
	for i, token := range tokens {
		word, isPrefix := strings.CutSuffix(token, "*")
		parts[i] = "'" + strings.NewReplacer("'", "", `\`, "").Replace(word) + "'"
		if isPrefix {
			parts[i] += ":*"
		}
	}
	return strings.Join(parts, " & ")
}

// loadCandidates loads of customers what a search compares; custom attributes only when some are searched.
func (s *Store) loadCandidates(ctx context.Context, ids []int64, withAttributes bool) ([]*Customer, error) {
	attributes := "NULL"
	if withAttributes {
		attributes = "attributes"
	}
	list, err := lookup(ctx, s, ids, scanCandidate, func(in string) string {
		return "SELECT id, full_name, name_key, name_latin, mobile, phone, email, company, branch, owner_id, record_count, hidden, " +
			attributes + " FROM customers WHERE id IN (" + in + ")"
	})
	if err != nil {
		return nil, fmt.Errorf("load candidates of a search: %w", err)
	}
	return list, nil
}

func scanCandidate(rows *sql.Rows) (*Customer, error) {
	var c Customer
	var name, key, latin, mobile, phone, email, company, branch, attributes sql.NullString
	var owner sql.NullInt64
	var hidden int64
	err := rows.Scan(&c.ID, &name, &key, &latin, &mobile, &phone, &email, &company, &branch, &owner, &c.Records, &hidden, &attributes)
	if err != nil {
		return nil, err
	}
	t := &c.Values.Text
	t[FullName], t[NameLatin], t[Mobile], t[Phone] = name.String, latin.String, mobile.String, phone.String
	t[Email], t[Company], t[Branch] = email.String, company.String, branch.String
	if owner.Valid {
		t[OwnerID] = strconv.FormatInt(owner.Int64, 10)
	}
	c.Values.NameKey, c.Hidden = key.String, hidden != 0
	c.Values.Attributes, err = parseAttributes(attributes.String)
	return &c, err
}
