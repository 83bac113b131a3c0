// SPDX-License-Identifier: Apache-2.0

package segment

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"dangol/internal/platform/fault"
)

// Segment is a saved question about customers.
type Segment struct {
	ID          int64           `json:"id"`
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Rules       json.RawMessage `json:"rules"`
	// Origin says where it came from: "rules", "cell" of a pivot, "rfm",
	// "frozen" or "imported" lists.
	Origin string `json:"origin"`
	// OwnerID is the person who made it.
	OwnerID int64 `json:"owner_id"`
	// Count is how many members the last count found, of all customers.
	Count     *int64     `json:"count,omitempty"`
	CountedAt *time.Time `json:"counted_at,omitempty"`
	// Problem says why the segment cannot be answered at present.
	Problem string `json:"problem,omitempty"`
	// State is how and when the members were last found out; absent before that.
	State     *State    `json:"state,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	Version   int64     `json:"version"`
}

// Patch changes a segment; nil leaves as it is. Version is the one that was shown.
type Patch struct {
	Name        *string          `json:"name,omitempty"`
	Description *string          `json:"description,omitempty"`
	Rules       *json.RawMessage `json:"rules,omitempty"`
	Version     int64            `json:"version"`
}

const longestName = 120

func cleanName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > longestName || !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
		return "", fault.New(fault.Invalid, "segment.bad_name", "Give the segment a name of 1 to {most} characters.", "most", longestName)
	}
	return name, nil
}

// Preview is how many customers answer rules, and who some of them are.
type Preview struct {
	Count int64  `json:"count"`
	Total int64  `json:"total" doc:"customers that you may see"`
	AsOf  AsOf   `json:"as_of"`
	Faces []Face `json:"sample"`
	// Revenue is what those customers bought for lately; absent for whoever may not see orders.
	Revenue *Revenue `json:"revenue,omitempty"`
	// Milliseconds is how long the count took.
	Milliseconds float64 `json:"ms"`
	// Explain says which engine counted.
	Explain Explain `json:"explain"`
}

// Revenue is money of some customers in the last days.
type Revenue struct {
	Amount   int64  `json:"amount" doc:"minor units"`
	Currency string `json:"currency"`
	Days     int64  `json:"days"`
}

// AsOf says what an answer includes.
type AsOf struct {
	Seq int64     `json:"seq"`
	At  time.Time `json:"at"`
}

// Face is a customer in a sample, masked as the person may see it.
type Face struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Detail string `json:"detail"`
}
