// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"strconv"
)

// chunkHouseholds is how many households one worker makes at a time: about 850 persons, or 2 MB of orders.
const chunkHouseholds = 512

// world holds everything that is the same for all persons; it is read-only after newWorld.
type world struct {
	seed         uint64
	until        date
	people       int
	companyCount int
	orderScale   float64
	atlas        *atlas
	names        *nameBook
	calendar     *calendar
	goods        *assortment
	campaigns    []campaign
	chunks       []chunkPlan
	mobiles      permutation
	members      permutation
	cards        permutation
	stores       permutation
	tails        permutation
	secondTails  permutation
	oldMobiles   permutation
	orders       permutation
}

type chunkPlan struct{ firstHousehold, firstPerson, people, firstStore int }

func newWorld(o Options) *world {
	u := o.Until
	w := &world{
		seed: o.Seed, until: date{u.Year(), int(u.Month()), u.Day()}, people: o.Customers, companyCount: max(8, o.Customers/150),
		atlas: newAtlas(), names: newNameBook(), calendar: newCalendar(u), goods: newAssortment(o.Seed),
		mobiles: newPermutation(40_000_000, o.Seed, 101), members: newPermutation(9_000_000_000, o.Seed, 102), cards: newPermutation(100_000_000_000, o.Seed, 103),
	}
	w.campaigns = newCampaigns(w.calendar)
	size := uint64(1000)
	for size < uint64(max(o.Customers, 1)) {
		size *= 10
	}
	w.tails, w.secondTails = newPermutation(size, o.Seed, 104), newPermutation(size, o.Seed, 106)
	w.oldMobiles = newPermutation(40_000_000, o.Seed, 107)
	w.orders = newPermutation(uint64(max(o.Customers, 1))*maxOrders, o.Seed, 108)
	w.stores = newPermutation(uint64(max(1, w.planChunks())), o.Seed, 105)
	w.setOrderScale(o.Orders)
	return w
}

// planChunks runs over all households once, cheaply, so that every chunk knows the number of its first person
// and first store record and can be made by any worker. It returns the number of store records.
func (w *world) planChunks() int {
	person, stores := 0, 0
	for household := 0; person < w.people; household++ {
		if household%chunkHouseholds == 0 {
			w.chunks = append(w.chunks, chunkPlan{firstHousehold: household, firstPerson: person, firstStore: stores})
		}
		size := min(sizeOf(w.seed, household), w.people-person)
		for range size {
			stores += copiesOf(w.seed, person)[inStores]
			person++
		}
		w.chunks[len(w.chunks)-1].people += size
	}
	return stores
}

// setOrderScale tries a small sample of persons to find how many orders a rate of one gives.
func (w *world) setOrderScale(mean float64) {
	const sample = 4000
	if mean <= 0 {
		return
	}
	total := 0.0
	for i := range sample {
		r := newRandom(1, streamPilot, uint64(i))
		p := person{index: i, birth: date{w.until.year - 40, 6, 1}, joinDay: joinDay(&r)}
		p.copies = copiesOf(1, i)
		if p.copies[inMembers]+p.copies[inStores]+p.copies[inOnline] == 0 {
			continue
		}
		var b behaviour
		b.start(w, &p)
		first, last := max(0, p.joinDay), min(windowDays, b.endDay)
		if first < last {
			total += b.rate * (w.calendar.running[last] - w.calendar.running[first])
		}
	}
	w.orderScale = mean * sample / total
}

func (w *world) day(offset int) date {
	t := w.calendar.start.AddDate(0, 0, offset)
	return date{t.Year(), int(t.Month()), t.Day()}
}

func (w *world) mobile(index int, isOld bool) string {
	// Even numbers are in use, odd ones were given up: both stay unique, and neither tells the other.
	n := w.mobiles.at(uint64(index)) * 2
	if isOld {
		n = w.oldMobiles.at(uint64(index))*2 + 1
	}
	return "010" + strconv.FormatUint(20_000_000+n, 10)
}

// digits writes the number with leading zeros when the size is a power of ten; mailbox names end in them.
func (p permutation) digits(index int) string {
	return strconv.FormatUint(p.size+p.at(uint64(index)), 10)[1:]
}

func (w *world) memberNumber(index, copy int) string {
	return strconv.FormatUint(1_000_000_000+w.members.at(uint64(index)*2+uint64(copy)), 10)
}

// cardNumber is a store card of 16 digits with a Luhn check digit; 9410 is a prefix for local loyalty cards here.
func (w *world) cardNumber(index, copy int) string {
	s := fmt.Sprintf("9410%011d", w.cards.at(uint64(index)*2+uint64(copy)))
	sum := 0
	for i := range len(s) {
		d := int(s[i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return s + strconv.Itoa((10-sum%10)%10)
}

// storeNumber is the short number of the shop system: four digits while they last, then four signs that begin
// with a letter, as its makers did.
func (w *world) storeNumber(sequence int) string {
	const signs, block = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 36 * 36 * 36
	n := int(w.stores.at(uint64(sequence))) + 1
	if n < 10_000 {
		return fmt.Sprintf("%04d", n)
	}
	n -= 10_000
	lead := string(signs[10+n/block%26])
	if n >= 26*block {
		lead = string(signs[10+n/block/26%26]) + lead
	}
	return lead + string(signs[n/1296%36]) + string(signs[n/36%36]) + string(signs[n%36])
}
