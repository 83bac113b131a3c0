// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"maps"
	"math/bits"
	"slices"
	"strings"
	"time"

	"dangol/internal/dataquality"
)

// The kinds of records.
const (
	RecordGiven = "customer" // a row of a file or another system
	RecordStaff = "staff"    // what staff typed for one customer
	RecordStub  = "stub"     // a key that only transactions have mentioned
)

// StaffSource is the id of the source that staff's own typing belongs to.
const StaffSource int64 = 1

// Source is where records come from.
type Source struct {
	ID         int64     `json:"id"`
	Name       string    `json:"name"`
	Label      string    `json:"label"`
	Kind       string    `json:"kind"`
	Trust      int       `json:"trust" doc:"0 to 100; the more trusted source wins"`
	Department string    `json:"department"`
	CreatedAt  time.Time `json:"created_at"`
}

// Key is a value of a key scheme: it finds the customer whose record holds it.
type Key struct {
	SchemeID int64
	Value    string
}

// KeyScheme is one kind of key.
type KeyScheme struct {
	ID           int64  `json:"id"`
	Name         string `json:"name"`
	Label        string `json:"label"`
	Kind         string `json:"kind" enum:"declared,derived"`
	OnePerPerson bool   `json:"one_per_person" doc:"no two values of it belong to one person"`
}

// The ids of the derived schemes.
const (
	EmailAndName  int64 = 1
	MobileAndName int64 = 2
)

// Values are the normalised values of one record, or of a golden row.
type Values struct {
	Text       [FieldCount]string
	NameKey    string
	Chosung    string
	Attributes map[string]any    // by attribute name; nil says emptied by hand
	Claims     map[string]string // see claims
	cleared    uint32            // fields emptied by hand, one bit each
	doubtful   uint32            // fields with a warning, one bit each
}

// Clear marks the field as emptied by hand, which is a value too.
func (v *Values) Clear(f Field) {
	v.Text[f] = ""
	v.cleared |= 1 << f
}

// IsCleared reports whether the field was emptied by hand.
func (v *Values) IsCleared(f Field) bool { return v.cleared&(1<<f) != 0 }

// Set gives the field a value.
func (v *Values) Set(f Field, value string) {
	v.Text[f] = value
	v.cleared &^= 1 << f
}

// Unset takes the field out of the record.
func (v *Values) Unset(f Field) {
	v.Text[f] = ""
	v.cleared &^= 1 << f
	v.doubtful &^= 1 << f
}

// Has reports whether the record says something about the field.
func (v *Values) Has(f Field) bool { return v.Text[f] != "" || v.cleared&(1<<f) != 0 }

// IsEmpty reports whether the record says nothing at all.
func (v *Values) IsEmpty() bool {
	if v.cleared != 0 || len(v.Attributes) > 0 {
		return false
	}
	for _, text := range v.Text {
		if text != "" {
			return false
		}
	}
	return true
}

// Doubt marks the field as probably wrong.
func (v *Values) Doubt(f Field) { v.doubtful |= 1 << f }

// IsDoubtful reports whether the value has a warning.
func (v *Values) IsDoubtful(f Field) bool { return v.doubtful&(1<<f) != 0 }

// ClearedCount is the number of fields emptied by hand.
func (v *Values) ClearedCount() int { return bits.OnesCount32(v.cleared) }

// SetAttribute gives a custom attribute a value; nil says emptied by hand.
func (v *Values) SetAttribute(name string, value any) {
	if v.Attributes == nil {
		v.Attributes = map[string]any{}
	}
	v.Attributes[name] = value
}

// Clone returns a copy that shares nothing.
func (v *Values) Clone() Values {
	c := *v
	c.Attributes = maps.Clone(v.Attributes)
	c.Claims = maps.Clone(v.Claims)
	return c
}

// FromRow takes over what dataquality made of a row.
func FromRow(row *dataquality.Row) Values {
	var v Values
	for f := range fields {
		if in := fields[f].input; in != dataquality.NoField {
			v.Text[f] = row.Value(in)
		}
	}
	v.NameKey, v.Chosung = row.Value(dataquality.FieldNameKey), row.Value(dataquality.FieldNameChosung)
	for _, claim := range claims {
		if value := row.Value(claim); value != "" {
			if v.Claims == nil {
				v.Claims = map[string]string{}
			}
			v.Claims[claim.String()] = value
		}
	}
	for _, finding := range row.Findings() {
		if f, ok := fieldByName[finding.Field]; ok && (finding.Severity == dataquality.Warning || strings.HasSuffix(finding.Code, ".placeholder")) {
			v.Doubt(f)
		}
	}
	return v
}

// Record is one source record.
type Record struct {
	ID         int64
	SourceID   int64
	BatchID    int64
	SourceKey  string
	Kind       string
	Given      []byte // JSON object of the row as given, resident numbers redacted
	Values     Values
	Keys       []Key
	Findings   []byte // JSON list, nil when nothing was found
	RowNumber  int64
	ReceivedAt time.Time
	Replaces   int64
	Withdrawn  bool
	Hash       [16]byte

	CustomerID int64
	HomeID     int64

	// Prepared by importers outside the writer's transaction; empty is computed when needed.
	normal string
	tokens string
}

// Prepare computes what depends on the values alone, so that the one writer has less to do; the values
// must not change afterwards. It returns the normalised values as JSON.
func (r *Record) Prepare(searchable []string) string {
	normal := r.Values.appendNormal(make([]byte, 0, 384))
	r.normal = string(normal)
	golden, _ := goldenOfOne(r)
	r.tokens = string(AppendTokens(normal[:0], &golden, nil, searchable))
	return r.normal
}

// SortKeys orders keys by scheme and value and drops doubles.
func SortKeys(keys []Key) []Key {
	slices.SortFunc(keys, compareKeys)
	return slices.Compact(keys)
}

func compareKeys(a, b Key) int {
	if a.SchemeID != b.SchemeID {
		if a.SchemeID < b.SchemeID {
			return -1
		}
		return 1
	}
	return strings.Compare(a.Value, b.Value)
}
