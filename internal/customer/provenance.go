// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
)

// Criterion is one step in choosing a field's value; it is also what provenance gives as the reason.
type Criterion uint8

// The criteria. Only, Agreed and Last are reasons and cannot be configured.
const (
	Only         Criterion = iota // one record has a value
	Agreed                        // all records say the same
	Pin                           // chosen by hand
	Validity                      // the others are doubtful
	Trust                         // the more trusted source
	Recency                       // the newer record
	Completeness                  // the fuller value
	Last                          // all equal, the record with the highest id
	criterionCount
)

var criterionNames = [criterionCount]string{"only", "agreed", "pin", "validity", "trust", "recency", "completeness", "last"}

// String returns the name of the criterion, such as "recency".
func (c Criterion) String() string {
	if c >= criterionCount {
		return ""
	}
	return criterionNames[c]
}

// Origin says where a value of the golden row came from and why.
type Origin struct {
	RecordID int64
	Reason   Criterion
}

// Provenance says of every value of a golden row where it came from: Main holds for all fields that
// Fields does not name (by field name or attr.<attribute>).
type Provenance struct {
	Main   Origin
	Fields map[string]Origin
}

// Of returns the origin of the field.
func (p Provenance) Of(name string) Origin {
	if origin, ok := p.Fields[name]; ok {
		return origin
	}
	return p.Main
}

const provenanceVersion = 1

// pack writes the provenance in a few bytes: a million customers have one each.
func (p Provenance) pack(dst []byte) []byte {
	dst = append(dst, provenanceVersion)
	dst = binary.AppendVarint(dst, p.Main.RecordID)
	dst = append(dst, byte(p.Main.Reason))
	for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
		origin := p.Fields[name]
		if f, ok := fieldByName[name]; ok {
			dst = append(dst, byte(f)+1)
		} else {
			dst = append(dst, 0)
			dst = append(binary.AppendUvarint(dst, uint64(len(name))), name...)
		}
		// Records of one customer have near ids as a rule; the difference is shorter.
		dst = append(binary.AppendVarint(dst, origin.RecordID-p.Main.RecordID), byte(origin.Reason))
	}
	return dst
}

var errProvenance = errors.New("provenance is damaged")

func unpackProvenance(packed []byte) (Provenance, error) {
	var p Provenance
	if len(packed) == 0 {
		return p, nil
	}
	r := provenanceReader{rest: packed[1:]}
	p.Main = Origin{RecordID: r.varint(), Reason: Criterion(r.byte())}
	for len(r.rest) > 0 && !r.bad {
		name := r.name()
		origin := Origin{RecordID: p.Main.RecordID + r.varint(), Reason: Criterion(r.byte())}
		if p.Fields == nil {
			p.Fields = map[string]Origin{}
		}
		p.Fields[name] = origin
	}
	if r.bad || packed[0] != provenanceVersion {
		return Provenance{}, errProvenance
	}
	return p, nil
}

type provenanceReader struct {
	rest []byte
	bad  bool
}

func (r *provenanceReader) byte() byte {
	if len(r.rest) == 0 {
		r.bad = true
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

func (r *provenanceReader) varint() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *provenanceReader) name() string {
	code := r.byte()
	if code > 0 {
		if int(code) > FieldCount {
			r.bad = true
			return ""
		}
		return fields[code-1].Name
	}
	length, size := binary.Uvarint(r.rest)
	if size <= 0 || length > uint64(len(r.rest)-size) {
		r.bad, r.rest = true, nil
		return ""
	}
	name := string(r.rest[size : size+int(length)])
	r.rest = r.rest[size+int(length):]
	return name
}
