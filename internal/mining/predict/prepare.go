// SPDX-License-Identifier: Apache-2.0

package predict

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"dangol/internal/mining/frame"
)

// Why a column is not used, or used with a warning.
const (
	IsConstant   = "constant"       // one value only
	IsEmpty      = "empty"          // no value at all
	IsIdentity   = "identity"       // nearly every row has its own value
	IsLeak       = "leak"           // tells the target nearly by itself: left out
	MayLeak      = "suspicious"     // predicts suspiciously well: kept, look at it
	IsCopy       = "copy"           // the same as an earlier column
	ManyLevels   = "many_levels"    // rare categories share one
	WasExcluded  = "excluded"       // by the user
	MostlyAbsent = "mostly_missing" // more than half has no value: kept
)

// Notice is what was found out about a column.
type Notice struct {
	Column string  `json:"column"`
	Code   string  `json:"code"`
	IsUsed bool    `json:"is_used"`
	Value  float64 `json:"value,omitempty"` // AUC of the column alone, or a share
	With   string  `json:"with,omitempty"`  // the other column
	Held   float64 `json:"held,omitempty"`  // AUC of the column alone on the rows held out
}

// Target is what is to be predicted.
type Target struct {
	Column   string   `json:"column"`
	Positive string   `json:"positive"`
	Values   []string `json:"values"`
	Rows     int      `json:"rows"`
	Yes      int      `json:"yes"`
	Missing  int      `json:"missing"` // rows without a target are left out
	// WasChosen is true when the positive value was not named by the user.
	WasChosen bool `json:"positive_was_chosen"`
}

// ProblemError says in a sentence why nothing can be learned.
type ProblemError struct {
	Code    string
	Message string
}

// Error is the sentence.
func (p ProblemError) Error() string { return p.Message }

func problem(code, format string, args ...any) error {
	return ProblemError{code, fmt.Sprintf(format, args...)}
}

// yeses are values that say yes by themselves.
var yeses = []string{"yes", "y", "true", "t", "1", "예", "네", "있음", "해지", "churned"}

// FindTarget reads the target: which rows have one, and which of them say yes.
func FindTarget(f *frame.Frame, name, positive string) (Target, []int, []bool, error) {
	t := Target{Column: name, Positive: positive}
	c := f.Find(name)
	if c == nil {
		return t, nil, nil, problem("no_column", "There is no column %q; the columns are %s.", name, listed(f.Names()))
	}
	c = c.Categorical()
	order, absent := levelsByCount(c)
	t.Missing = absent
	for _, level := range order {
		t.Values = append(t.Values, c.Levels[level])
	}
	if err := t.choose(c); err != nil {
		return t, nil, nil, err
	}
	var rows []int
	var yes []bool
	for row, code := range c.Codes {
		if code < 0 {
			continue
		}
		rows, yes = append(rows, row), append(yes, c.Levels[code] == t.Positive)
		if yes[len(yes)-1] {
			t.Yes++
		}
	}
	t.Rows = len(rows)
	if len(t.Values) > 50 {
		t.Values = t.Values[:50]
	}
	return t, rows, yes, nil
}

func (t *Target) choose(c *frame.Column) error {
	if len(t.Values) == 0 {
		return problem("empty_target", "The target column %q has no value in any row.", t.Column)
	}
	if len(t.Values) == 1 {
		return problem("one_class", "All %d rows have the same value %q in the target column %q: there is nothing to tell apart.", len(c.Codes)-t.Missing, t.Values[0], t.Column)
	}
	if t.Positive != "" {
		if !slices.Contains(t.Values, t.Positive) {
			return problem("no_value", "No row has the value %q in the target column %q; the values are %s.", t.Positive, t.Column, listed(t.Values))
		}
		return nil
	}
	if len(t.Values) > 2 {
		return problem("many_values", "The target column %q has %d values (%s): say with --positive which one is to be predicted.", t.Column, len(t.Values), listed(t.Values))
	}
	t.WasChosen = true
	t.Positive = t.Values[1] // the rarer one
	for _, value := range t.Values {
		if slices.Contains(yeses, strings.ToLower(value)) {
			t.Positive = value
		}
	}
	return nil
}

func listed(names []string) string {
	const most = 12
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// leakAUC is the AUC from which on a single column knows the target; from
// suspectAUC on it is worth a look.
const (
	leakAUC    = 0.995
	suspectAUC = 0.97
	fewestRows = 20
)

// Prepare looks at every column that may be learned from, and leaves out those
// that cannot help or must not.
func Prepare(f *frame.Frame, yes []bool, excluded, kept []string) (*frame.Frame, []Notice) {
	out := &frame.Frame{Rows: f.Rows}
	var notices []Notice
	found := make([][]Notice, len(f.Columns))
	each(len(f.Columns), func(i int) { found[i] = inspect(f.Columns[i], yes) })
	for i, c := range f.Columns {
		list := found[i]
		switch {
		case slices.Contains(excluded, c.Name):
			list = []Notice{{Column: c.Name, Code: WasExcluded}}
		case slices.Contains(kept, c.Name):
			for k := range list {
				list[k].IsUsed = list[k].Code != IsConstant && list[k].Code != IsEmpty
			}
		default:
			if twin := copyOf(c, out.Columns); twin != "" {
				list = []Notice{{Column: c.Name, Code: IsCopy, With: twin}}
			}
		}
		notices = append(notices, list...)
		if !slices.ContainsFunc(list, func(n Notice) bool { return !n.IsUsed }) {
			out.Columns = append(out.Columns, c)
		}
	}
	return out, notices
}

func inspect(c *frame.Column, yes []bool) (list []Notice) {
	distinct, absent := variety(c)
	present := c.Len() - absent
	switch {
	case present == 0:
		return []Notice{{Column: c.Name, Code: IsEmpty}}
	case distinct == 1 && absent == 0:
		return []Notice{{Column: c.Name, Code: IsConstant}}
	case c.Kind == frame.Category && present >= fewestRows && float64(distinct) > 0.9*float64(present):
		return []Notice{{Column: c.Name, Code: IsIdentity, Value: float64(distinct) / float64(present)}}
	case c.Kind == frame.Number && present >= fewestRows && distinct == present && isCounter(c):
		return []Notice{{Column: c.Name, Code: IsIdentity, Value: 1}}
	}
	if alone := aloneAUC(c, yes); len(yes) >= fewestRows && alone >= leakAUC {
		return []Notice{{Column: c.Name, Code: IsLeak, Value: alone}}
	} else if len(yes) >= fewestRows && alone >= suspectAUC {
		list = append(list, Notice{Column: c.Name, Code: MayLeak, IsUsed: true, Value: alone})
	}
	if c.Kind == frame.Category && distinct > mostLevels {
		list = append(list, Notice{Column: c.Name, Code: ManyLevels, IsUsed: true, Value: float64(distinct)})
	}
	if absent*2 > c.Len() {
		list = append(list, Notice{Column: c.Name, Code: MostlyAbsent, IsUsed: true, Value: float64(absent) / float64(c.Len())})
	}
	return list
}

func variety(c *frame.Column) (distinct, absent int) {
	if c.Kind == frame.Category {
		order, missing := levelsByCount(c)
		return len(order), missing
	}
	seen := map[float64]struct{}{}
	for _, x := range c.Numbers {
		if math.IsNaN(x) {
			absent++
		} else {
			seen[x] = struct{}{}
		}
	}
	return len(seen), absent
}

// isCounter tells row numbers and customer numbers from measures: whole numbers,
// no two alike, that go up by one or that stand in the order of the file.
func isCounter(c *frame.Column) bool {
	low, high, ascending := math.Inf(1), math.Inf(-1), true
	last := math.Inf(-1)
	for _, x := range c.Numbers {
		if math.IsNaN(x) {
			continue
		}
		if x != math.Trunc(x) {
			return false
		}
		low, high = math.Min(low, x), math.Max(high, x)
		ascending, last = ascending && x > last, x
	}
	return ascending || high-low < 1.5*float64(c.Len())
}

// copyOf finds an earlier column with the same values.
func copyOf(c *frame.Column, others []*frame.Column) string {
	for _, o := range others {
		if o.Kind != c.Kind {
			continue
		}
		same := true
		for row := 0; row < c.Len() && same; row++ {
			if c.Kind == frame.Category {
				same = c.Codes[row] == o.Codes[row] && (c.Codes[row] < 0 || c.Levels[c.Codes[row]] == o.Levels[o.Codes[row]])
			} else {
				same = c.Numbers[row] == o.Numbers[row] || math.IsNaN(c.Numbers[row]) && math.IsNaN(o.Numbers[row])
			}
		}
		if same {
			return o.Name
		}
	}
	return ""
}

// aloneAUC is how well a column predicts by itself: rates of its values are
// learned on one half of the rows and tried on the other, both ways.
func aloneAUC(c *frame.Column, yes []bool) float64 {
	only := &frame.Frame{Columns: []*frame.Column{c}, Rows: c.Len()}
	binner := newBinner(only, fewBins)
	bins := binner.encode(only).bins[0]
	n := binner.Columns[0].bins()
	fold := foldsOf(yes, 2, 5)
	var rates [2][]float64
	for half := range rates {
		counts, positive := make([]float64, n), make([]float64, n)
		for row, bin := range bins {
			if fold[row] == half {
				continue
			}
			counts[bin]++
			if yes[row] {
				positive[bin]++
			}
		}
		rates[half] = make([]float64, n)
		base := rate(yes)
		for bin := range counts {
			rates[half][bin] = (positive[bin] + 2*base) / (counts[bin] + 2)
		}
	}
	scores := make([]float64, len(yes))
	for row, bin := range bins {
		scores[row] = rates[fold[row]][bin]
	}
	return AUC(scores, yes)
}
