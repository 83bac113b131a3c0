// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"strconv"
	"strings"
)

// The systems of the five departments, as bits and as positions.
const (
	inMembers = iota
	inStores
	inOnline
	inCalls
	inSales
	systemCount
)

// person is someone of the latent population: what is true, before any system wrote it down.
type person struct {
	index         int
	isFemale      bool
	isTwin        bool
	isForeign     bool
	isLunar       bool
	birth         date
	family        familyName
	given         string
	name          string // as the person writes it in Korean
	latin         string
	mobile        string // national digits
	oldMobile     string
	legacyMobile  string // 01x number, for those old enough to have had one
	homePhone     string
	familyMobile  string // number of the head of the household, for the others
	email         string
	secondEmail   string
	home, oldHome address
	company       *company
	title         string
	copies        [systemCount]int // records in each system
	joinDay       int              // first day as a customer, relative to the window; negative before it
	branch        int
}

func (p *person) age(until date) int {
	age := until.year - p.birth.year
	if until.month < p.birth.month || until.month == p.birth.month && until.day < p.birth.day {
		age--
	}
	return age
}

// copiesOf decides in which systems a person appears, one to four of the five, and how often. It has a stream
// of its own so that the first pass over all persons stays cheap.
func copiesOf(seed uint64, index int) [systemCount]int {
	r := newRandom(seed, streamSystems, uint64(index))
	share := [systemCount]float64{0.60, 0.43, 0.47, 0.17, 0.04}
	again := [systemCount]float64{0.02, 0.06, 0.04, 0.06, 0.10}
	var copies [systemCount]int
	systems := 0
	for s := range copies {
		if r.chance(share[s]) && systems < 4 {
			copies[s], systems = 1, systems+1
			if r.chance(again[s]) {
				copies[s] = 2
			}
		}
	}
	if systems == 0 {
		copies[r.intn(3)] = 1
	}
	return copies
}

// sizeOf draws how many customers live in a household.
func sizeOf(seed uint64, household int) int {
	r := newRandom(seed, streamSize, uint64(household))
	switch x := r.float(); {
	case x < 0.55:
		return 1
	case x < 0.83:
		return 2
	case x < 0.95:
		return 3
	default:
		return 4
	}
}

var ageWeights = newWeights([]float64{0.02, 0.17, 0.22, 0.23, 0.19, 0.12, 0.05})

func adultAge(r *random) int {
	band := ageWeights.pick(r)
	if band == 0 {
		return r.between(14, 19)
	}
	return min(10+band*10+r.intn(10), 88)
}

// household makes the persons of one household into people[:size].
func (w *world) household(household, firstIndex int, people []person) {
	r := newRandom(w.seed, streamHousehold, uint64(household))
	home := w.atlas.address(&r, nil)
	head := &people[0]
	head.birth, head.isFemale = w.birthAt(&r, max(adultAge(&r), 19)), r.chance(0.58)
	head.family = w.names.families[w.names.familyWeights.pick(&r)]
	for i := 1; i < len(people); i++ {
		w.relative(&r, people, i)
	}
	for i := range people {
		p := &people[i]
		p.index, p.home = firstIndex+i, home
		w.fill(p, head)
	}
}

func (w *world) birthAt(r *random, age int) date {
	return date{w.until.year - age - 1, w.until.month, w.until.day}.add(1 + r.intn(364))
}

// relative sets birth, sex and family name of the i-th member: partner, child, sibling or parent.
func (w *world) relative(r *random, people []person, i int) {
	head, p := &people[0], &people[i]
	age := head.age(w.until)
	p.isFemale = r.chance(0.5)
	p.family = head.family
	switch {
	case i == 1 && len(people) == 2 && r.chance(0.02): // adult twins who live together
		p.birth, head.isTwin, p.isTwin = head.birth, true, true
		p.isFemale = head.isFemale != r.chance(0.3)
	case i == 1 && (len(people) > 2 || r.chance(0.62)): // partner
		p.birth, p.isFemale = w.birthAt(r, max(19, age+r.between(-4, 4))), !head.isFemale
		p.family = w.names.families[w.names.familyWeights.pick(r)]
	case i == 3 && r.chance(0.12) && !people[2].isTwin: // twin children
		p.birth, p.isTwin, people[2].isTwin = people[2].birth, true, true
	case age < 40: // sibling
		p.birth = w.birthAt(r, max(14, age+r.between(-6, 6)))
	default: // child with the father's family name
		p.birth = w.birthAt(r, max(12, age-r.between(24, 34)))
		if head.isFemale && len(people) > 2 {
			p.family = people[1].family
		}
	}
}

// fill completes a person from a generator of their own.
func (w *world) fill(p, head *person) {
	r := newRandom(w.seed, streamPerson, uint64(p.index))
	age := p.age(w.until)
	p.given = w.names.given(&r, p.birth.year, p.isFemale)
	p.name = p.family.hangul + p.given
	p.isLunar = age > 45 && r.chance(0.22)
	if !p.isTwin && p != head && r.chance(0.004) {
		p.name = head.family.hangul + p.name // both parents' family names
	}
	if r.chance(0.025) && !p.isTwin {
		f := w.names.foreigner(&r, p.isFemale)
		p.isForeign, p.name, p.latin = true, f.hangul, f.latin
		p.isLunar = false
	} else {
		p.latin = romanName(&r, p.family, p.given)
	}
	w.fillContacts(&r, p, head, age)
	p.oldHome = w.atlas.address(&r, nil)
	if r.chance(0.6) {
		p.oldHome = w.atlas.address(&r, p.home.region)
	}
	p.copies = copiesOf(w.seed, p.index)
	if p.copies[inSales] > 0 {
		p.company = w.company(&r)
		p.title = titles[min(r.intn(len(titles)), r.intn(len(titles)))]
	}
	p.branch = w.branchOf(&r, p)
	p.joinDay = joinDay(&r)
}

// joinDay places the start as a customer: half before the window, then more every month.
func joinDay(r *random) int {
	if r.chance(0.52) {
		return -r.between(1, 2400)
	}
	// Density grows with time, so the inverse of the distribution is a root.
	u := r.float()
	return min(windowDays-1, int(float64(windowDays)*(0.35*u+0.65*sqrt(u))))
}

// records is how many there are of the person in all systems.
func (p *person) records() (n int) {
	for _, copies := range p.copies {
		n += copies
	}
	return n
}

func (w *world) branchOf(r *random, p *person) int {
	near := p.home.region.branches
	if len(near) == 0 || r.chance(0.05) {
		return r.intn(len(w.atlas.branches))
	}
	if r.chance(0.6) {
		return near[0]
	}
	return near[r.intn(len(near))]
}

func (w *world) fillContacts(r *random, p, head *person, age int) {
	p.mobile = w.mobile(p.index, false)
	p.oldMobile = w.mobile(p.index, true)
	if r.chance(0.02) {
		// Carriers give numbers of former customers to others (F-TEL-4).
		p.oldMobile = w.mobile(max(0, p.index-r.between(7, 5000)), false)
	}
	p.legacyMobile = ""
	if age >= 38 {
		// When 01x ended, a digit came in front of the last seven, which stayed.
		p.legacyMobile = one(r, []string{"011", "011", "016", "017", "018", "019"}) + p.mobile[4:]
	}
	p.homePhone = p.home.region.areaCode + strconv.Itoa(r.between(2000000, 8999999))
	p.familyMobile = ""
	if p != head {
		p.familyMobile = head.mobile
	}
	stem := strings.ToLower(strings.Join(romanSyllables(p.given, r.chance(0.7)), ""))
	if p.isForeign {
		stem = strings.ToLower(strings.Fields(strings.ReplaceAll(p.latin, "'", ""))[0])
	}
	family := strings.ToLower(p.family.latin[0])
	digits := w.tails.digits(p.index)
	switch r.intn(5) {
	case 0:
		stem = family + stem
	case 1:
		stem += family
	case 2:
		stem = stem[:1] + family
	case 3:
		stem = one(r, nicknames)
	}
	p.email = mailbox(stem, digits, w.domain(r, age))
	p.secondEmail = mailbox(one(r, nicknames)+"x", w.secondTails.digits(p.index), w.domain(r, age))
}

// mailbox joins with the sign that the big providers forbid (naver: dot, gmail: underscore), so that most
// invented addresses cannot be a living person's mailbox.
func mailbox(stem, digits, domain string) string {
	if domain == "gmail.com" {
		return stem + "_" + digits + "@" + domain
	}
	return stem + "." + digits + "@" + domain
}

var nicknames = strings.Fields("happy lovely sunny star moon dream angel blue sky ocean cherry bear rabbit tiger smile green rainbow jjang mom papa coffee bada haneul sarang hope lucky")

func (w *world) domain(r *random, age int) string {
	x := r.float()
	switch {
	case age >= 45 && x < 0.25:
		return "hanmail.net"
	case age < 35 && x < 0.38:
		return "gmail.com"
	case x < 0.78:
		return "naver.com"
	case x < 0.86:
		return "gmail.com"
	case x < 0.91:
		return "daum.net"
	case x < 0.95:
		return "kakao.com"
	case x < 0.985:
		return "nate.com"
	default:
		return "hotmail.com"
	}
}
