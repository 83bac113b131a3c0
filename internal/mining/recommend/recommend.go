// SPDX-License-Identifier: Apache-2.0

package recommend

import (
	"context"
	"math"
	"slices"
)

// Event is a customer taking an item.
type Event struct {
	Customer, Item int32
	At             int64 // any unit
}

// Data are events of customers and items numbered from 0.
type Data struct {
	Customers, Items int
	Events           []Event
}

// Method names a way to recommend.
type Method string

// The methods, the simplest first.
const (
	Popular  Method = "popular"
	ItemItem Method = "item_item"
	Factors  Method = "factors"
)

// Tried is how a method did on what came after the cut.
type Tried struct {
	Method   Method  `json:"method"`
	Recall   float64 `json:"recall"`
	NDCG     float64 `json:"ndcg"`
	Coverage float64 `json:"coverage"`
	IsChosen bool    `json:"is_chosen"`
}

// Offer is an item for a customer; Because is the item of the history that
// speaks for it most, −1 when none does.
type Offer struct {
	Item    int32
	Score   float64
	Because int32
}

// model scores all items for a history.
type model interface {
	score(customer int32, history []int32, out []float64)
}

// histories are the distinct items of every customer.
func (d *Data) histories() [][]int32 {
	out := make([][]int32, d.Customers)
	for _, e := range d.Events {
		out[e.Customer] = append(out[e.Customer], e.Item)
	}
	for i := range out {
		slices.Sort(out[i])
		out[i] = slices.Compact(out[i])
	}
	return out
}

// counts are how many customers had each item.
func counts(histories [][]int32, items int) []float64 {
	out := make([]float64, items)
	for _, h := range histories {
		for _, item := range h {
			out[item]++
		}
	}
	return out
}

// popular offers everybody what most have.
type popular struct{ counts []float64 }

func (p popular) score(_ int32, _ []int32, out []float64) { copy(out, p.counts) }

// itemItem offers what customers with the same items also had. The similarity
// is the cosine, with the more popular side weighing down more (Deshpande and
// Karypis 2004), or what everybody buys would win every time.
type itemItem struct{ near [][]neighbour }

type neighbour struct {
	item int32
	near float64
}

// damping is the power of the popularity of the item offered; ½ is the cosine.
const damping = 0.6

func newItemItem(histories [][]int32, items int) *itemItem {
	const longest, kept = 200, 60 // a longer history tells little and costs its square
	single, both := counts(histories, items), make([]map[int32]float64, items)
	for _, h := range histories {
		if len(h) > longest {
			continue
		}
		for _, a := range h {
			for _, b := range h {
				if a != b {
					if both[a] == nil {
						both[a] = map[int32]float64{}
					}
					both[a][b]++
				}
			}
		}
	}
	m := &itemItem{make([][]neighbour, items)}
	for a := range both {
		list := make([]neighbour, 0, len(both[a]))
		for b, n := range both[a] {
			const doubt = 5 // pairs seen a few times only count less
			near := n / (math.Pow(single[a], 1-damping) * math.Pow(single[b], damping)) * n / (n + doubt)
			list = append(list, neighbour{b, near})
		}
		slices.SortFunc(list, func(x, y neighbour) int {
			switch {
			case x.near > y.near:
				return -1
			case x.near < y.near:
				return 1
			}
			return int(x.item - y.item)
		})
		m.near[a] = list[:min(len(list), kept)]
	}
	return m
}

func (m *itemItem) score(_ int32, history []int32, out []float64) {
	clear(out)
	for _, item := range history {
		for _, n := range m.near[item] {
			out[n.item] += n.near
		}
	}
}

// because is the item of the history that adds most to an offer.
func (m *itemItem) because(history []int32, offer int32) int32 {
	best, most := int32(-1), 0.0
	for _, item := range history {
		for _, n := range m.near[item] {
			if n.item == offer && n.near > most {
				best, most = item, n.near
			}
		}
	}
	return best
}

// best lists the highest scores among items that are not in the history.
func best(scores []float64, history []int32, count int) []int32 {
	out := make([]int32, 0, count+1)
	for item, s := range scores {
		if s <= 0 && len(out) >= count || math.IsInf(s, -1) {
			continue
		}
		if _, has := slices.BinarySearch(history, int32(item)); has { //nolint:gosec // a count of items
			continue
		}
		at := len(out)
		for at > 0 && scores[out[at-1]] < s {
			at--
		}
		if at < count {
			out = slices.Insert(out, at, int32(item)) //nolint:gosec // a count of items
			out = out[:min(len(out), count)]
		}
	}
	return out
}

// Compared is which method foretells best what customers took anew after a cut.
type Compared struct {
	Cut       int64   `json:"cut"`
	Customers int     `json:"customers"` // with something new after the cut
	At        int     `json:"at"`        // how many offers count
	Methods   []Tried `json:"methods"`
	Chosen    Method  `json:"chosen"`
}

// Compare learns from the events before the cut and tests on those after it.
// The simplest method within a standard error of the best recall is chosen.
func Compare(ctx context.Context, d *Data, cut int64, at int, seed uint64) (*Compared, error) {
	before := &Data{Customers: d.Customers, Items: d.Items}
	after := &Data{Customers: d.Customers, Items: d.Items}
	for _, e := range d.Events {
		if e.At < cut {
			before.Events = append(before.Events, e)
		} else {
			after.Events = append(after.Events, e)
		}
	}
	known, later := before.histories(), after.histories()
	out := &Compared{Cut: cut, At: at, Chosen: Popular}
	var noise float64
	for _, method := range []Method{Popular, ItemItem, Factors} {
		m, err := learn(ctx, method, known, d.Items, seed)
		if err != nil {
			return nil, err
		}
		tried, n, spread := test(m, method, known, later, d.Items, at)
		out.Methods, out.Customers, noise = append(out.Methods, tried), n, max(noise, spread)
	}
	top := 0.0
	for _, t := range out.Methods {
		top = max(top, t.Recall)
	}
	for i := range out.Methods {
		if out.Methods[i].Recall >= top-noise {
			out.Methods[i].IsChosen, out.Chosen = true, out.Methods[i].Method
			break
		}
	}
	return out, nil
}

func learn(ctx context.Context, method Method, histories [][]int32, items int, seed uint64) (model, error) {
	switch method {
	case ItemItem:
		return newItemItem(histories, items), nil
	case Factors:
		return newFactors(ctx, histories, items, seed)
	}
	return popular{counts(histories, items)}, nil
}

func test(m model, method Method, known, later [][]int32, items, at int) (t Tried, customers int, spread float64) {
	scores, offered := make([]float64, items), make([]bool, items)
	var recalls []float64
	for c, history := range known {
		var fresh []int32
		for _, item := range later[c] {
			if _, has := slices.BinarySearch(history, item); !has {
				fresh = append(fresh, item)
			}
		}
		if len(history) == 0 || len(fresh) == 0 {
			continue
		}
		m.score(int32(c), history, scores) //nolint:gosec // a count of customers
		hits, gain, ideal := 0.0, 0.0, 0.0
		for place, item := range best(scores, history, at) {
			offered[item] = true
			if slices.Contains(fresh, item) {
				hits++
				gain += 1 / math.Log2(float64(place)+2)
			}
		}
		for place := range min(at, len(fresh)) {
			ideal += 1 / math.Log2(float64(place)+2)
		}
		recalls = append(recalls, hits/float64(len(fresh)))
		t.NDCG += gain / ideal
	}
	n := float64(max(1, len(recalls)))
	for _, r := range recalls {
		t.Recall += r / n
	}
	for _, r := range recalls {
		spread += (r - t.Recall) * (r - t.Recall)
	}
	for _, yes := range offered {
		if yes {
			t.Coverage += 1 / float64(items)
		}
	}
	t.Method, t.NDCG = method, t.NDCG/n
	return t, len(recalls), math.Sqrt(spread) / n
}

// Offers learns from everything and lists the best new items of every customer
// with a history; the reason is told by item-item whatever the method.
func Offers(ctx context.Context, d *Data, method Method, each int, seed uint64) ([][]Offer, error) {
	histories := d.histories()
	m, err := learn(ctx, method, histories, d.Items, seed)
	if err != nil {
		return nil, err
	}
	reasons, isItemItem := m.(*itemItem)
	if !isItemItem {
		reasons = newItemItem(histories, d.Items)
	}
	out, scores := make([][]Offer, d.Customers), make([]float64, d.Items)
	for c, history := range histories {
		if c%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if len(history) == 0 {
			continue
		}
		m.score(int32(c), history, scores) //nolint:gosec // a count of customers
		for _, item := range best(scores, history, each) {
			out[c] = append(out[c], Offer{item, scores[item], reasons.because(history, item)})
		}
	}
	return out, nil
}
