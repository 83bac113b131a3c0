// SPDX-License-Identifier: Apache-2.0

package household

import (
	"cmp"
	"slices"
)

const (
	// crowdedFrom is the number of different people from which on a place is an office, a dormitory, a shop
	// or a wrong address, and no home: 0.1 % of Korean households have more than seven members (census 2020).
	crowdedFrom = 9
	// largest bounds a household that grows over several forms of its address.
	largest = 12
	// sampledPlaces bounds the crowded places that a search names.
	sampledPlaces = 50
)

// Pair is two customers, the lower id first.
type Pair struct{ Low, High int64 }

// PairOf orders the ids.
func PairOf(a, b int64) Pair { return Pair{min(a, b), max(a, b)} }

// Told is what people have said: Stated pairs are family, Parted pairs do not live together.
type Told struct{ Stated, Parted map[Pair]bool }

// Member is a customer in a household with what speaks for it.
type Member struct {
	CustomerID int64      `json:"customer_id"`
	State      string     `json:"state"`
	Confidence int        `json:"confidence"` // thousandths
	Evidence   []Evidence `json:"evidence,omitempty"`
}

// Found is a household that a search found.
type Found struct {
	Members    []Member // by id
	Confidence int      // thousandths, of the least sure member
}

// Crowd is a place with too many people for a home.
type Crowd struct {
	CustomerID int64 `json:"customer_id"` // one of them, whose address it is
	People     int   `json:"people"`
}

// Result is what a search found.
type Result struct {
	Households  []Found
	Crowded     []Crowd // the largest ones
	CrowdCount  int     // all of them
	CrowdPeople int     // people there
	Pairs       int     // pairs weighed
	FamilyU     float64 // chance of sharing a family name in this base
}

type candidate struct {
	a, b   int32
	isUnit bool
	crowd  uint8
}

type edge struct {
	candidate
	evidence     Evidence
	isSamePerson bool
}

// Suggest finds households among people, each of whom has a place. It is deterministic.
func Suggest(people []Human, told Told) Result {
	slices.SortFunc(people, func(a, b Human) int { return cmp.Compare(a.ID, b.ID) })
	var result Result
	r := ratesOf(people)
	result.FamilyU = r.familyU
	candidates := pairUp(people, &result)
	result.Pairs = len(candidates)
	edges := make([]edge, 0, len(candidates))
	for _, c := range candidates {
		a, b := &people[c.a], &people[c.b]
		pair := PairOf(a.ID, b.ID)
		if told.Parted[pair] {
			continue
		}
		e := edge{candidate: c, isSamePerson: isSamePerson(a, b)}
		if e.isSamePerson {
			e.evidence = Evidence{WithID: b.ID, Probability: 1, Reasons: []Reason{SamePerson}}
		} else if e.evidence = r.weigh(a, b, c.isUnit, told.Stated[pair], int(c.crowd)); e.evidence.Probability < linkFrom {
			continue
		}
		edges = append(edges, e)
	}
	result.Households = gather(people, edges, told.Parted)
	return result
}

// pairUp names the pairs of each place; crowded places give none.
func pairUp(people []Human, result *Result) []candidate {
	type entry struct {
		hash uint64
		at   int32
	}
	var all []candidate
	var crowds []Crowd
	entries := make([]entry, 0, len(people))
	for form := range 3 {
		entries = entries[:0]
		for i := range people {
			if h := people[i].Place.Hashes[form]; h != 0 {
				entries = append(entries, entry{h, int32(i)})
			}
		}
		slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.at, b.at)) })
		for start := 0; start < len(entries); {
			end := start + 1
			for end < len(entries) && entries[end].hash == entries[start].hash {
				end++
			}
			group := entries[start:end]
			start = end
			if len(group) < 2 {
				continue
			}
			distinct := distinctPeople(people, len(group), func(i int) int32 { return group[i].at })
			if distinct >= crowdedFrom {
				crowds = append(crowds, Crowd{people[group[0].at].ID, distinct})
				continue
			}
			for i := range group {
				for _, other := range group[i+1:] {
					all = append(all, candidate{group[i].at, other.at, people[group[i].at].Place.IsUnit, uint8(distinct)})
				}
			}
		}
	}
	nameCrowds(result, crowds)
	return unique(all)
}

// distinctPeople counts the people of a place, those who may be one person once: a family of four with two doubles
// is no crowd. Beyond some dozens exactness is of no use.
func distinctPeople(people []Human, n int, at func(int) int32) int {
	const enough = 64
	var known []*Human
	for i := range min(n, enough) {
		human := &people[at(i)]
		if !slices.ContainsFunc(known, func(other *Human) bool { return isSamePerson(human, other) }) {
			known = append(known, human)
		}
	}
	if n > enough && len(known) >= crowdedFrom {
		return n
	}
	return len(known)
}

func nameCrowds(result *Result, crowds []Crowd) {
	slices.SortFunc(crowds, func(a, b Crowd) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.CustomerID, b.CustomerID))
	})
	result.CrowdCount = len(crowds)
	for _, c := range crowds {
		result.CrowdPeople += c.People
	}
	result.Crowded = crowds[:min(len(crowds), sampledPlaces)]
}

// unique keeps each pair once: the closer place and the larger crowd count.
func unique(all []candidate) []candidate {
	slices.SortFunc(all, func(x, y candidate) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	kept := all[:0]
	for _, c := range all {
		if last := len(kept) - 1; last >= 0 && kept[last].a == c.a && kept[last].b == c.b {
			kept[last].isUnit = kept[last].isUnit || c.isUnit
			kept[last].crowd = max(kept[last].crowd, c.crowd)
			continue
		}
		kept = append(kept, c)
	}
	return kept
}

// gather joins people along the surest evidence first, never across people who were told apart.
func gather(people []Human, edges []edge, parted map[Pair]bool) []Found {
	slices.SortStableFunc(edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(y.evidence.Probability, x.evidence.Probability), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	group := map[int32]*component{}
	of := func(i int32) *component {
		if group[i] == nil {
			group[i] = &component{members: []int32{i}, surest: 1}
		}
		return group[i]
	}
	for i := range edges {
		e := &edges[i]
		x, y := of(e.a), of(e.b)
		if x == y {
			x.edges = append(x.edges, e)
			continue
		}
		if len(x.members)+len(y.members) > largest || crosses(people, x, y, parted) {
			continue
		}
		if len(x.members) < len(y.members) {
			x, y = y, x
		}
		x.members, x.edges = append(x.members, y.members...), append(append(x.edges, y.edges...), e)
		x.surest = min(x.surest, y.surest)
		if !e.isSamePerson {
			x.surest = min(x.surest, e.evidence.Probability)
		}
		for _, member := range y.members {
			group[member] = x
		}
	}
	var found []Found
	seen := map[*component]bool{}
	for i := range people { // by id, so that the answer is the same every time
		c := group[int32(i)]
		if c == nil || seen[c] {
			continue
		}
		seen[c] = true
		if f, ok := c.found(people); ok {
			found = append(found, f)
		}
	}
	return found
}

type component struct {
	members []int32
	edges   []*edge
	surest  float64 // probability of the weakest link that was needed
}

func crosses(people []Human, x, y *component, parted map[Pair]bool) bool {
	if len(parted) == 0 {
		return false
	}
	for _, a := range x.members {
		for _, b := range y.members {
			if parted[PairOf(people[a].ID, people[b].ID)] {
				return true
			}
		}
	}
	return false
}

// found makes the household, unless all of it may be one person.
func (c *component) found(people []Human) (Found, bool) {
	index := map[int32]int{}
	slices.Sort(c.members)
	f := Found{Confidence: thousandths(c.surest), Members: make([]Member, len(c.members))}
	for i, member := range c.members {
		index[member] = i
		f.Members[i] = Member{CustomerID: people[member].ID, State: In}
	}
	for _, e := range c.edges {
		a, b := &f.Members[index[e.a]], &f.Members[index[e.b]]
		back := e.evidence
		back.WithID = a.CustomerID
		a.Evidence, b.Evidence = append(a.Evidence, e.evidence), append(b.Evidence, back)
		if !e.isSamePerson {
			a.Confidence = max(a.Confidence, thousandths(e.evidence.Probability))
			b.Confidence = max(b.Confidence, thousandths(e.evidence.Probability))
		}
	}
	if c.persons() < 2 {
		return f, false
	}
	for i := range f.Members { // known only as somebody's double
		if f.Members[i].Confidence == 0 {
			f.Members[i].Confidence = f.Confidence
		}
	}
	return f, true
}

// persons counts the people of a component, those who may be one person once.
func (c *component) persons() int {
	leader := map[int32]int32{}
	for _, m := range c.members {
		leader[m] = m
	}
	root := func(at int32) int32 {
		for leader[at] != at {
			at = leader[at]
		}
		return at
	}
	for _, e := range c.edges {
		if e.isSamePerson {
			leader[root(e.a)] = root(e.b)
		}
	}
	n := 0
	for m, to := range leader {
		if m == to {
			n++
		}
	}
	return n
}

func thousandths(p float64) int { return int(p*1000 + 0.5) }
