// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"dangol/internal/platform/tabular"
)

type m1Series struct {
	name    string
	in, out []float64
	period  int
}

func m1(t testing.TB, period string) []m1Series {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "shared", "data", "timeseries", "m1.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skip("shared data timeseries/m1.csv is absent")
	}
	table, err := tabular.Read(path, tabular.Options{Kinds: map[string]tabular.Kind{"values": tabular.Words, "n": tabular.Words}})
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) *tabular.Column {
		c, err := table.Column(name)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	var list []m1Series
	for i := range table.Rows {
		if column("period").Text(i) != period {
			continue
		}
		n, _ := strconv.Atoi(column("n").Text(i))
		one := m1Series{name: column("series").Text(i), period: map[string]int{"MONTHLY": 12, "QUARTERLY": 4, "YEARLY": 1}[period]}
		for k, text := range strings.Split(column("values").Text(i), ";") {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			if k < n {
				one.in = append(one.in, v)
			} else {
				one.out = append(one.out, v)
			}
		}
		list = append(list, one)
	}
	return list
}

// score is the mean over series of sMAPE and MASE.
func score(list []m1Series, of func(m1Series) []float64) (smape, mase float64) {
	var all sync.WaitGroup
	a, b := make([]float64, len(list)), make([]float64, len(list))
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := w; i < len(list); i += workers {
				got := of(list[i])
				for k, actual := range list[i].out {
					a[i] += 200 * math.Abs(actual-got[k]) / (math.Abs(actual) + math.Abs(got[k])) / float64(len(list[i].out))
				}
				e := Measure(list[i].in, list[i].out, got, list[i].period)
				b[i] = e.MASE
			}
		}()
	}
	all.Wait()
	return mean(a), mean(b)
}
