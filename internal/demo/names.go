// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"strconv"
	"strings"
)

type familyName struct {
	hangul string
	latin  []string
}

type givenPool struct{ whole, first, second []string }

type foreignName struct {
	latin, hangul string
	isFemale      bool
}

type cohort struct {
	before       int
	male, female givenPool
}

// nameBook is the parsed form of the name tables; it is read-only after newNameBook.
type nameBook struct {
	families      []familyName
	familyWeights weights
	cohorts       []cohort
	foreigners    []foreignName
}

func newNameBook() *nameBook {
	book := &nameBook{}
	var shares []float64
	for _, entry := range strings.Split(strings.ReplaceAll(familyTable, "\n", ""), "|") {
		part := strings.Fields(entry)
		share, _ := strconv.ParseFloat(part[1], 64)
		book.families = append(book.families, familyName{part[0], strings.Split(part[2], ",")})
		shares = append(shares, share)
	}
	book.familyWeights = newWeights(shares)
	for _, c := range cohortTable {
		book.cohorts = append(book.cohorts, cohort{c.before, newGivenPool(c.male), newGivenPool(c.female)})
	}
	for _, entry := range strings.Split(strings.ReplaceAll(foreignTable, "\n", ""), "|") {
		part := strings.Split(entry, "/")
		book.foreigners = append(book.foreigners, foreignName{part[0], part[1], part[2] == "F"})
	}
	return book
}

func newGivenPool(text string) givenPool {
	part := strings.Split(text, "|")
	return givenPool{strings.Fields(part[0]), strings.Fields(part[1]), strings.Fields(part[2])}
}

// given draws a given name that fits the year of birth: half from the frequent names of the cohort, most others
// from its syllables, a few of one syllable or native Korean words.
func (b *nameBook) given(r *random, year int, isFemale bool) string {
	i := 0
	for year >= b.cohorts[i].before {
		i++
	}
	// Fashions overlap: some parents choose as the neighbours in time do.
	if i > 0 && r.chance(0.12) {
		i--
	}
	pool := &b.cohorts[i].male
	if isFemale {
		pool = &b.cohorts[i].female
	}
	switch x := r.float(); {
	case x < 0.42:
		return pool.whole[min(r.intn(len(pool.whole)), r.intn(len(pool.whole)))]
	case x < 0.96:
		first, second := one(r, pool.first), one(r, pool.second)
		for first == second {
			second = one(r, pool.second)
		}
		return first + second
	case x < 0.98:
		return one(r, singleGiven)
	default:
		return one(r, nativeGiven)
	}
}

func (b *nameBook) foreigner(r *random, isFemale bool) foreignName {
	for {
		if f := b.foreigners[r.intn(len(b.foreigners))]; f.isFemale == isFemale {
			return f
		}
	}
}

var (
	latinInitial = strings.Split("g,kk,n,d,tt,r,m,b,pp,s,ss,,j,jj,ch,k,t,p,h", ",")
	latinMedial  = strings.Split("a,ae,ya,yae,eo,e,yeo,ye,o,wa,wae,oe,yo,u,wo,we,wi,yu,eu,ui,i", ",")
	latinFinal   = strings.Split(",k,k,k,n,n,n,t,l,k,m,l,l,l,p,l,m,p,p,t,t,ng,t,t,k,t,p,t", ",")
)

const (
	firstSyllable = 0xAC00
	lastSyllable  = 0xD7A3
)

func isSyllable(c rune) bool { return c >= firstSyllable && c <= lastSyllable }

// romanSyllables spells each syllable; isFree takes the spellings people prefer, else the standard of 2000.
func romanSyllables(text string, isFree bool) []string {
	var out []string
	for _, c := range text {
		if !isSyllable(c) {
			continue
		}
		if s, ok := givenSpelling[c]; ok && isFree {
			out = append(out, s)
			continue
		}
		n := int(c - firstSyllable)
		out = append(out, latinInitial[n/588]+latinMedial[n%588/28]+latinFinal[n%28])
	}
	return out
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// romanName writes a Korean name in one of the forms found on cards and web accounts.
func romanName(r *random, family familyName, given string) string {
	name := family.latin[min(r.intn(len(family.latin)), r.intn(len(family.latin)))]
	part := romanSyllables(given, r.chance(0.75))
	joined := capital(strings.Join(part, ""))
	switch r.intn(6) {
	case 0:
		return name + " " + capital(strings.Join(part, "-"))
	case 1:
		return strings.ToUpper(name + " " + joined)
	case 2:
		return joined + " " + name
	case 3:
		return strings.ToUpper(name) + " " + joined
	case 4:
		return strings.ToLower(name + " " + strings.Join(part, " "))
	default:
		return name + " " + joined
	}
}
