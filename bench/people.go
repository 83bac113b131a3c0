// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
)

// peopleCommand writes a population with duplicates for matching: households,
// skewed names, towns with their own postal codes, and records that were typed
// wrongly, left incomplete, or made before a move. The truth stands in the
// column person.
type peopleCommand struct {
	N          int     `help:"Records." default:"1000000"`
	Duplicates float64 `help:"Share of the records that repeat an earlier person." default:"0.1"`
	Seed       uint64  `help:"The same seed makes the same file." default:"1"`
	Out        string  `help:"File to write." required:"" type:"path"`
}

type resident struct {
	given, family, email, phone, street, town, postal string
	year, month, day                                  int
}

type population struct {
	random                  *rand.Rand
	givens, families, roads []string
	towns                   []string
}

// commonGivens and commonFamilies head the lists; the long tail is made of syllables.
var (
	commonGivens = strings.Fields(`James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph
Jessica Thomas Karen Christopher Sarah Charles Lisa Daniel Nancy Matthew Sandra Anthony Betty Mark Ashley Donald Emily Steven Kimberly Andrew
Margaret Paul Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Melissa Timothy Deborah Ronald Stephanie George Rebecca Jason Sharon Edward
Laura Jeffrey Cynthia Ryan Dorothy Jacob Amy Nicholas Kathleen Gary Angela Eric Shirley Jonathan Emma Stephen Brenda Larry Pamela Justin Nicole
Scott Anna Brandon Samantha Benjamin Katherine Samuel Christine Gregory Debra Alexander Rachel Patrick Carolyn Frank Janet Raymond Maria Jack Olivia
Dennis Heather Jerry Helen Tyler Catherine Aaron Diane`)
	commonFamilies = strings.Fields(`Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson
Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres
Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins
Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson
Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross Foster`)
	syllables   = strings.Fields("ba be bi bo ca ce co da de di do el fa fe ga ge gi ha he hol ja jo ka ke ki la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se si so ta te ti to va ve vi wal win wo ya ze")
	endings     = strings.Fields("n r s l ton son man ley er den ford berg ski ra na lin nell well more wick")
	roadKinds   = strings.Fields("Street Road Avenue Lane Drive Court Close Way")
	mailDomains = strings.Fields("gmail.com yahoo.com outlook.com hotmail.com icloud.com aol.com mail.com proton.me")
)

func newPopulation(seed uint64) *population {
	p := &population{random: rand.New(rand.NewPCG(seed, 77))}
	p.givens = p.words(commonGivens, 3000)
	p.families = p.words(commonFamilies, 40_000)
	p.roads = p.words(nil, 8000)
	p.towns = p.words(nil, 1500)
	return p
}

func (p *population) words(first []string, n int) []string {
	known := map[string]bool{}
	list := append([]string(nil), first...)
	for _, word := range list {
		known[word] = true
	}
	for len(list) < n {
		word := ""
		for range 1 + p.random.IntN(3) {
			word += syllables[p.random.IntN(len(syllables))]
		}
		word += endings[p.random.IntN(len(endings))]
		word = strings.ToUpper(word[:1]) + word[1:]
		if !known[word] {
			known[word] = true
			list = append(list, word)
		}
	}
	return list
}

// skewed draws a place in a list by Zipf's law: the k-th is 1/(k+c) as common.
func (p *population) skewed(n int, c float64) int {
	return min(n-1, int(c*math.Exp(p.random.Float64()*math.Log1p(float64(n)/c))-c))
}

func (p *population) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + p.random.IntN(10))
	}
	return string(b)
}

func (p *population) move(r *resident) {
	town := p.skewed(len(p.towns), 20)
	r.town = p.towns[town]
	r.postal = fmt.Sprintf("%03d%02d", 100+town*800/len(p.towns), p.random.IntN(40))
	r.street = fmt.Sprintf("%d %s %s", 1+p.skewed(300, 30), p.roads[p.skewed(len(p.roads), 60)], roadKinds[p.random.IntN(len(roadKinds))])
}

func (p *population) mail(r *resident) string {
	given, family := strings.ToLower(r.given), strings.ToLower(r.family)
	domain := mailDomains[p.skewed(len(mailDomains), 2)]
	switch x := p.random.Float64(); {
	case x < .12:
		return ""
	case x < .40:
		return given + "." + family + strconv.Itoa(p.random.IntN(1000)) + "@" + domain
	case x < .60:
		return given[:1] + family + strconv.Itoa(p.random.IntN(10_000)) + "@" + domain
	case x < .75:
		return given + family + strconv.Itoa(r.year%100) + "@" + domain
	}
	return strings.ToLower(p.roads[p.random.IntN(len(p.roads))]) + p.digits(3) + "@" + domain
}

// person makes somebody new; one in three lives with somebody before.
func (p *population) person(before []resident) resident {
	r := resident{given: p.givens[p.skewed(len(p.givens), 25)], year: 1930 + p.random.IntN(76), month: 1 + p.random.IntN(12), day: 1 + p.random.IntN(28)}
	r.phone = fmt.Sprintf("(%d) 555-%s", 200+p.random.IntN(700), p.digits(4))
	r.phone = fmt.Sprintf("%d-%s-%s", 200+p.random.IntN(700), p.digits(3), p.digits(4))
	if len(before) > 0 && p.random.Float64() < .33 {
		host := before[len(before)-1-p.random.IntN(min(len(before), 50))]
		r.street, r.town, r.postal = host.street, host.town, host.postal
		r.family = host.family
		if p.random.Float64() < .2 {
			r.family = p.families[p.skewed(len(p.families), 40)]
		}
		if p.random.Float64() < .15 {
			r.phone = host.phone
		}
	} else {
		r.family = p.families[p.skewed(len(p.families), 40)]
		p.move(&r)
	}
	r.email = p.mail(&r)
	if p.random.Float64() < .1 {
		r.phone = ""
	}
	return r
}

func (p *population) slip(s string) string {
	if len(s) < 3 {
		return s
	}
	i := 1 + p.random.IntN(len(s)-2)
	switch p.random.IntN(4) {
	case 0:
		return s[:i] + s[i+1:]
	case 1:
		return s[:i] + string(s[i+1]) + string(s[i]) + s[min(i+2, len(s)):]
	case 2:
		return s[:i] + s[i:i+1] + s[i:]
	}
	other := byte('a' + p.random.IntN(26))
	if s[i] >= '0' && s[i] <= '9' {
		other = byte('0' + p.random.IntN(10))
	}
	return s[:i] + string(other) + s[i+1:]
}

// again is another record of the same person: typed wrongly, incomplete, or of another time.
func (p *population) again(r resident) (resident, string) {
	chance := func(share float64) bool { return p.random.Float64() < share }
	if chance(.15) {
		p.move(&r)
	}
	if chance(.12) {
		r.email = p.mail(&r)
	}
	if chance(.12) {
		r.phone = fmt.Sprintf("%d-%s-%s", 200+p.random.IntN(700), p.digits(3), p.digits(4))
	}
	born := fmt.Sprintf("%04d-%02d-%02d", r.year, r.month, r.day)
	switch {
	case chance(.03):
		born = fmt.Sprintf("%04d-%02d-%02d", r.year, r.day%12+1, r.month)
	case chance(.06):
		born = p.slip(born)
	case chance(.06):
		born = ""
	}
	for _, field := range []*string{&r.given, &r.family, &r.email, &r.phone, &r.street, &r.town, &r.postal} {
		switch {
		case chance(.08):
			*field = p.slip(*field)
		case chance(.05):
			*field = ""
		}
	}
	if chance(.02) {
		r.given, r.family = r.family, r.given
	} else if chance(.03) && r.given != "" {
		r.given = r.given[:1]
	}
	return r, born
}

// Run writes the file; records are in random order.
func (c peopleCommand) Run() (err error) {
	p := newPopulation(c.Seed)
	file, err := os.Create(c.Out)
	if err != nil {
		return fmt.Errorf("make the file: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprintln(w, "unique_id,first_name,surname,dob,email,phone,street,city,postcode,person")
	originals := int(float64(c.N) * (1 - c.Duplicates))
	people := make([]resident, 0, originals)
	for range originals {
		people = append(people, p.person(people))
	}
	// each person once, with the repetitions strewn in
	repeats := c.N - originals
	next := 0
	for row := range c.N {
		r, who, born := resident{}, 0, ""
		left := c.N - row
		if next < originals && (next == 0 || p.random.IntN(left) >= repeats) {
			who, r = next, people[next]
			born = fmt.Sprintf("%04d-%02d-%02d", r.year, r.month, r.day)
			next++
		} else {
			repeats--
			who = p.random.IntN(originals)
			r, born = p.again(people[who])
		}
		fmt.Fprintf(w, "%d,%s,%s,%s,%s,%s,%s,%s,%s,%d\n", row, r.given, r.family, born, r.email, r.phone, r.street, r.town, r.postal, who)
	}
	return w.Flush()
}
