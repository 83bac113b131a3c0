// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestSpilledRunIsTheSame: a run whose arrays all lie on disk finds what one in memory finds, and leaves no file.
func TestSpilledRunIsTheSame(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("id,name,phone,born\n")
	random := rand.New(rand.NewPCG(1, 2))
	given, family := []string{"민수", "서연", "지훈", "하은", "도윤", "수빈"}, []string{"김", "이", "박", "최", "정"}
	for i := range 600 {
		line := fmt.Sprintf("%s%s,010-%04d-%04d,19%02d-%02d-%02d\n", family[random.IntN(5)], given[random.IntN(6)], random.IntN(10000), random.IntN(10000), 50+random.IntN(50), 1+random.IntN(12), 1+random.IntN(28))
		for copy := range 1 + random.IntN(2) {
			fmt.Fprintf(&rows, "%d-%d,%s", i, copy, line)
		}
	}
	path, folder := write(t, "people.csv", rows.String()), t.TempDir()
	find := func(room *spill) []uint32 {
		table, err := Read(context.Background(), []string{path}, ReadOptions{spill: room})
		if err != nil {
			t.Fatal(err)
		}
		result, err := Run(context.Background(), table, Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		return result.Cluster
	}
	room := newSpill(0, folder)
	room.least = 1
	spilled, plain := find(room), find(nil)
	if room.bytes == 0 {
		t.Fatal("nothing was spilled")
	}
	if !slices.Equal(spilled, plain) {
		t.Error("the spilled run found other clusters")
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("files are left: %v %v", left, err)
	}
	if err := room.close(); err != nil || len(room.maps) != 0 {
		t.Errorf("close: %v, %d maps left", err, len(room.maps))
	}
}
