// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"

	"dangol/internal/platform/fault"
)

const nonceSize = 12

// join packs before and after into one value: length of before + 1 (0 for nil), before, has-after, after.
func join(dst, before, after []byte) []byte {
	if before == nil {
		dst = append(dst, 0)
	} else {
		dst = binary.AppendUvarint(dst, uint64(len(before))+1)
		dst = append(dst, before...)
	}
	if after == nil {
		return dst
	}
	dst = append(dst, 1)
	return append(dst, after...)
}

var errDamaged = errors.New("the packed value is damaged")

// part is the reverse of join.
func part(joined []byte) (before, after []byte, err error) {
	n, used := binary.Uvarint(joined)
	if used <= 0 {
		return nil, nil, errDamaged
	}
	rest := joined[used:]
	if n > 0 {
		if n-1 > uint64(len(rest)) {
			return nil, nil, errDamaged
		}
		before, rest = rest[:n-1:n-1], rest[n-1:]
	}
	if len(rest) > 0 {
		after = rest[1:]
	}
	return before, after, nil
}

// sealEntry seals before and after with the key of the record; the entry's id is bound to it.
func (j *Journal) sealEntry(e *Entry) ([]byte, error) {
	if e.Before == nil && e.After == nil {
		return nil, nil
	}
	aead, err := j.keys.aead(e.RecordID)
	if errors.Is(err, errErased) {
		return nil, fault.New(fault.Conflict, "journal.record_erased",
			"The source record {record} was erased and cannot be changed any more.", "record", e.RecordID)
	}
	if err != nil {
		return nil, err
	}
	plain := join(nil, e.Before, e.After)
	sealed := make([]byte, nonceSize, nonceSize+len(plain)+aead.Overhead())
	if _, err := rand.Read(sealed); err != nil {
		return nil, err
	}
	return aead.Seal(sealed, sealed, plain, bound(e.ID, 0)), nil
}

// openEntry fills before and after from the sealed body.
func (j *Journal) openEntry(e *Entry, body []byte) error {
	if len(body) == 0 {
		return nil
	}
	if len(body) < nonceSize {
		return fmt.Errorf("open entry %d: %w", e.ID, errDamaged)
	}
	aead, err := j.keys.aead(e.RecordID)
	if errors.Is(err, errErased) {
		e.IsErased = true
		return nil
	}
	if err != nil {
		return err
	}
	plain, err := aead.Open(nil, body[:nonceSize], body[nonceSize:], bound(e.row, 0))
	if err != nil {
		// A restored database with another key file: the values are as lost as after erasing.
		e.IsErased = true
		return nil
	}
	e.Before, e.After, err = part(plain)
	return err
}

// bound is the authenticated data that ties a sealed value to its place.
func bound(entry int64, row int) []byte {
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:], uint64(entry))
	binary.LittleEndian.PutUint64(b[8:], uint64(row))
	return b[:]
}

// SealApart seals what is no entry as Keys.SealSecret does, bound to the name of its place.
func (j *Journal) SealApart(place string, plain []byte) ([]byte, error) {
	return j.keys.SealSecret(place, plain)
}

// OpenApart opens what SealApart sealed for the place.
func (j *Journal) OpenApart(place string, sealed []byte) ([]byte, error) {
	plain, err := j.keys.OpenSecret(place, sealed)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "journal.other_keys",
			"This was sealed with other keys than the installation has now; restore with the key file that belongs to the backup.")
	}
	return plain, nil
}
