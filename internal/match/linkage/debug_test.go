package linkage

import (
	"context"
	"fmt"
	"os"
	"testing"
	"math"
)

func TestDebugModel(t *testing.T) {
	if os.Getenv("DBG") == "" {
		t.Skip()
	}
	table, err := Read(context.Background(), []string{shared(t, "splink_fake/fake_20000.csv.gz")}, ReadOptions{ID: "unique_id", Truth: "group"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), table, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 {
		fmt.Print(table.IDs[i], " ", table.Truth[i])
		for _, c := range table.Columns {
			fmt.Print(" | ", c.Value(i))
		}
		fmt.Println()
	}
	for i, c := range r.Model.Comparisons {
		fmt.Println(c.Name, r.Model.Fields[i].Kind, len(r.fields[i].values))
		for l := 1; l < len(c.Levels); l++ {
			fmt.Printf("   %-40s m %.4f u %.3g  %+.2f\n", c.Levels[l].Label, c.Levels[l].M, c.Levels[l].U, math.Log2(c.Levels[l].M/c.Levels[l].U))
		}
	}
	for _, c := range r.Model.Chances {
		fmt.Printf("chance %s lift %.2g pairs %.0f\n", c.Name, c.Lift, c.Pairs)
		for i, p := range c.P {
			if p != nil {
				fmt.Printf("    %-14s %.3g\n", r.Model.Comparisons[i].Name, p[1:])
			}
		}
	}
	for _, c := range r.Model.Causes {
		fmt.Printf("cause %s pairs %.0f\n", c.Name, c.Pairs)
		for i, p := range c.P {
			if p != nil {
				fmt.Printf("    %-14s %.3g\n", r.Model.Comparisons[i].Name, p[1:])
			}
		}
	}
	for _, n := range r.Notes {
		fmt.Println(n)
	}
}
