// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"dangol/internal/platform/fault"
)

func testKeys(t testing.TB) *Keys {
	t.Helper()
	k, err := OpenKeys(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.Close() })
	return k
}

func TestPackIDs(t *testing.T) {
	t.Parallel()
	for _, ids := range [][]int64{nil, {1}, {5, 3, 3, 9}, {math.MaxInt64, 0, 1, math.MinInt64 / 4}, {-5, 7}} {
		want := slices.Compact(slices.Sorted(slices.Values(ids)))
		packed, low, high := packIDs(slices.Clone(ids))
		got, err := unpackIDs(packed)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%v: %v %v", ids, got, err)
		}
		for _, id := range want {
			if !holdsID(packed, id) || id < low || id > high {
				t.Errorf("%v: %d is not found", ids, id)
			}
		}
		if holdsID(packed, 4) {
			t.Errorf("%v: holds 4", ids)
		}
	}
}

func TestKeysSurviveReopenAndErase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys")
	k, err := OpenKeys(path)
	if err != nil {
		t.Fatal(err)
	}
	records := []int64{0, 1, 4095, 4096, 70_000, 1_000_000}
	before := map[int64][keySize]byte{}
	for _, r := range records {
		if before[r], err = k.key(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.Erase(4096); err != nil {
		t.Fatal(err)
	}
	if err := k.Erase(0); err == nil {
		t.Fatal("the key of the installation must not be erased")
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	// A crash may leave half a block behind.
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.Write(make([]byte, 100))
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	if k, err = OpenKeys(path); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = k.Close() }()
	for _, r := range records {
		key, err := k.key(r)
		if r == 4096 {
			if !errors.Is(err, errErased) {
				t.Errorf("key 4096 is not erased: %v", err)
			}
		} else if err != nil || key != before[r] {
			t.Errorf("key %d changed: %v", r, err)
		}
	}
	if _, err := k.key(maxRecordID); err == nil {
		t.Error("a damaged id must be refused")
	}
	if _, err := k.packChunk(1, []Change{{RecordID: 4096, After: []byte("x")}}); !fault.Is(err, fault.Conflict) {
		t.Errorf("sealing for an erased record: %v", err)
	}
}

// TestPowerLossWhileGrowing: pages of fresh keys that never reached the disk must not look erased.
func TestPowerLossWhileGrowing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys")
	k, err := OpenKeys(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.file.WriteAt(make([]byte, 8192), 4096*5); err != nil {
		t.Fatal(err)
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	if k, err = OpenKeys(path); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = k.Close() }()
	for r := range int64(4096) {
		if _, err := k.key(r); err != nil {
			t.Fatalf("key %d: %v", r, err)
		}
	}
}

func TestChunkIsBoundToItsPlace(t *testing.T) {
	t.Parallel()
	k := testKeys(t)
	changes := []Change{{CustomerID: 4, RecordID: 9, Kind: "a", After: []byte(`"x"`)}, {CustomerID: 4, RecordID: 9, Kind: "b", Before: []byte{}, After: []byte("y")}}
	c, err := k.packChunk(77, changes)
	if err != nil {
		t.Fatal(err)
	}
	got, err := k.unpackChunk(77, c.body, 0)
	if err != nil || !reflect.DeepEqual(got, changes) {
		t.Fatalf("%+v %v", got, err)
	}
	// Moved to another entry, the values do not open.
	moved, err := k.unpackChunk(78, c.body, 4)
	if err != nil || len(moved) != 2 || !moved[0].IsErased || moved[0].After != nil {
		t.Fatalf("%+v %v", moved, err)
	}
}

func FuzzUnpackChunk(f *testing.F) {
	k := testKeys(f)
	for _, changes := range [][]Change{nil, {{CustomerID: 1, RecordID: 1, Kind: "k", After: []byte("{}")}}, {{CustomerID: -1, Kind: "가"}, {CustomerID: 1 << 40, RecordID: 5, Before: []byte("b")}}} {
		c, err := k.packChunk(1, changes)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(c.body, c.subjects)
	}
	f.Fuzz(func(t *testing.T, body, subjects []byte) {
		_, _ = k.unpackChunk(1, body, 0)
		ids, err := unpackIDs(subjects)
		if err != nil {
			return
		}
		packed, _, _ := packIDs(ids)
		if again, err := unpackIDs(packed); err != nil || len(again) > len(ids) {
			t.Fatal(err)
		}
		if before, after, err := part(body); err == nil {
			b, a, err := part(join(nil, before, after))
			if err != nil || string(b) != string(before) || string(a) != string(after) {
				t.Fatal("join and part differ")
			}
		}
	})
}
