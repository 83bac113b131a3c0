// SPDX-License-Identifier: Apache-2.0

package linkage

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// syntheticPeople makes n records of which a tenth repeat an earlier person
// with up to three slips: names by rank-frequency, dates, towns, mails, phones.
func syntheticPeople(n int, seed uint64) *Table {
	random := rand.New(rand.NewPCG(seed, 1))
	names := []string{"given_name", "surname", "date_of_birth", "city", "email", "phone"}
	builders := make([]*columnBuilder, len(names))
	for i, name := range names {
		builders[i] = newColumnBuilder(name)
	}
	syllable := []string{"ka", "mi", "ro", "tan", "ber", "lo", "sen", "ja", "vi", "der", "mo", "ri", "el", "an", "ton"}
	word := func(rank int) string {
		s := ""
		for v := rank + 7; v > 0; v /= len(syllable) {
			s += syllable[v%len(syllable)]
		}
		return s
	}
	zipf := func(most int) int { return int(float64(most) * random.Float64() * random.Float64() * random.Float64()) }
	t := &Table{Rows: n}
	people := make([][]string, 0, n)
	slip := func(s string) string {
		if len(s) < 3 {
			return s
		}
		b := []byte(s)
		b[1+random.IntN(len(b)-2)] = byte('a' + random.IntN(26))
		return string(b)
	}
	for row := range n {
		var person []string
		entity := len(people)
		if row > n*9/10 {
			entity = random.IntN(len(people))
			person = append([]string(nil), people[entity]...)
			for range 1 + random.IntN(3) {
				k := random.IntN(len(person))
				if random.IntN(3) == 0 {
					person[k] = ""
				} else {
					person[k] = slip(person[k])
				}
			}
		} else {
			given, family := word(zipf(4000)), word(5000+zipf(20000))
			person = []string{
				given, family, fmt.Sprintf("%d-%02d-%02d", 1940+random.IntN(65), 1+random.IntN(12), 1+random.IntN(28)),
				word(40000 + zipf(800)), given + "." + family + strconv.Itoa(random.IntN(1000)) + "@example.org", fmt.Sprintf("010-%04d-%04d", random.IntN(10000), random.IntN(10000)),
			}
			people = append(people, person)
		}
		for i, b := range builders {
			b.add(person[i])
		}
		t.Truth = append(t.Truth, strconv.Itoa(entity))
		t.Source = append(t.Source, 0)
	}
	for _, b := range builders {
		t.Columns = append(t.Columns, b.column)
	}
	return t
}

// BenchmarkRun matches 100,000 records, or DANGOL_BENCH_SCALE of them.
func BenchmarkRun(b *testing.B) {
	n := 100_000
	if scale, err := strconv.Atoi(os.Getenv("DANGOL_BENCH_SCALE")); err == nil {
		n = scale
	}
	t := syntheticPeople(n, 1)
	for b.Loop() {
		result, err := Run(context.Background(), t, Options{})
		if err != nil {
			b.Fatal(err)
		}
		q := Measure(result.Cluster, t.Truth, nil, false)
		b.ReportMetric(float64(result.Candidates)/float64(n), "pairs/record")
		b.ReportMetric(q.F1, "F1")
		b.ReportMetric(q.Precision, "precision")
		for _, r := range result.Rules {
			b.Logf("%s", r)
		}
	}
}
