// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"math"
	"slices"
	"strconv"
)

type causedOrder struct{ day, campaign int }

// behaviour is how a person buys: a gamma-distributed rate, an exponential time until they stop (as in the
// Pareto/NBD model of Schmittlein, Morrison and Colombo 1987), tastes, and sensitivity to prices and messages.
type behaviour struct {
	r            random
	rate         float64 // orders per window while active, mean 1 before scaling
	endDay       int
	taste        [categoryCount]float64
	sensitivity  float64
	basket       float64
	response     int
	isConsenting bool
	channelShare [3]float64
	caused       []causedOrder
	quiet        []*campaign
	days         []causedOrder
	orderCount   int
}

func sqrt(x float64) float64 { return math.Sqrt(x) }

// start draws the behaviour of a person; the slices are kept for reuse.
func (b *behaviour) start(w *world, p *person) {
	*b = behaviour{r: newRandom(w.seed, streamBehaviour, uint64(p.index)), caused: b.caused[:0], quiet: b.quiet[:0], days: b.days[:0]}
	r := &b.r
	b.rate = r.gamma(0.75)
	// Mean lifetimes differ between people, most between two and six years.
	b.endDay = p.joinDay + int(r.exponential()*1500*r.gamma(2.5))
	if p.joinDay < 0 && b.endDay < 0 {
		// Those who left long ago are mostly gone from the systems too.
		if r.chance(0.6) {
			b.endDay = int(r.exponential() * 500)
		}
	}
	age := p.age(w.until)
	b.sensitivity = r.float()
	if age < 35 {
		b.sensitivity = math.Sqrt(b.sensitivity)
	}
	b.basket = 0.45 + 0.25*r.float()
	b.isConsenting = r.chance(0.72)
	switch x := r.float(); {
	case x < 0.18+0.26*b.sensitivity:
		b.response = persuadable
	case x < 0.6:
		b.response = sureThing
	case x < 0.95:
		b.response = lostCause
	default:
		b.response = sleepingDog
	}
	b.setTastes(p, age)
	for i, s := range [3]int{inMembers, inStores, inOnline} {
		if p.copies[s] > 0 {
			b.channelShare[i] = 0.2 + r.gamma(1)
		}
	}
	if age < 38 {
		b.channelShare[2] *= 2
	}
}

func (b *behaviour) setTastes(p *person, age int) {
	t := &b.taste
	for c := range t {
		t[c] = b.r.gamma(0.9)
	}
	t[fresh] *= 1.6
	t[grocery] *= 1.7
	t[snacks] *= 1.5
	t[cleaning] *= 1.4
	if p.isFemale {
		t[womenswear] *= 2.4
		t[menswear] *= 0.5
		t[decoration] *= 1.5
	} else {
		t[womenswear] *= 0.3
		t[menswear] *= 2.2
		t[decoration] *= 0.6
	}
	t[childcare] *= 0.15
	switch {
	case age < 30:
		t[snacks] *= 1.7
		t[accessories] *= 1.8
		t[fresh] *= 0.5
		t[health] *= 0.4
	case age < 45:
		t[childcare] *= 12
		t[kitchen] *= 1.4
	case age < 60:
		t[bedding] *= 1.4
		t[fresh] *= 1.4
	default:
		t[health] *= 2.6
		t[fresh] *= 1.6
		t[accessories] *= 0.4
	}
}

// orders writes all orders of a person. Keys are the member number, card number and account; empty ones have
// no channel.
func (b *behaviour) orders(w *world, p *person, keys *orderKeys, out *chunk) {
	if b.channelShare[0]+b.channelShare[1]+b.channelShare[2] == 0 {
		return
	}
	b.plan(w, p)
	slices.SortFunc(b.days, func(x, y causedOrder) int { return (x.day-y.day)*100 + x.campaign - y.campaign })
	for _, o := range b.days {
		b.order(w, p, keys, o, out)
	}
}

func (b *behaviour) plan(w *world, p *person) {
	first, last := max(0, p.joinDay), min(windowDays, b.endDay)
	if first < last {
		t, end := w.calendar.running[first], w.calendar.running[last]
		for rate := b.rate * w.orderScale; ; {
			t += b.r.exponential() / max(rate, 1e-9)
			if t >= end {
				break
			}
			day := w.calendar.dayAt(t)
			if !b.isQuiet(day) {
				b.days = append(b.days, causedOrder{day, -1})
			}
		}
	}
	if w.orderScale > 0 {
		b.days = append(b.days, b.caused...)
	}
}

// isQuiet says that a message has driven the person away for its two weeks.
func (b *behaviour) isQuiet(day int) bool {
	for _, k := range b.quiet {
		if day >= k.start && day < k.start+k.length && b.r.chance(0.5) {
			return true
		}
	}
	return false
}

type orderKeys struct {
	member, account string
	cards           [2]string
}

type line struct{ product, quantity, discount, coupon, paid int }

var statusText = [3]string{"결제완료", "취소", "반품"}

func (b *behaviour) order(w *world, p *person, keys *orderKeys, o causedOrder, out *chunk) {
	r := &b.r
	x := r.float() * (b.channelShare[0] + b.channelShare[1] + b.channelShare[2])
	channel := 0
	for channel < 2 && x >= b.channelShare[channel] {
		x -= b.channelShare[channel]
		channel++
	}
	status := 0
	cancel, back := [3]float64{0.012, 0.004, 0.022}[channel], [3]float64{0.018, 0.016, 0.032}[channel]
	switch y := r.float(); {
	case y < cancel:
		status = 1
	case y < cancel+back:
		status = 2
	}
	out.count[countOrders]++
	if status > 0 {
		out.count[countReturned]++
	}
	b.orderCount++
	h := head{channel: channel, status: status, number: w.orders.at(uint64(p.index)*maxOrders + uint64(b.orderCount%maxOrders)), day: o.day, key: keys.member, place: "앱", campaign: o.campaign}
	switch channel {
	case 1:
		h.key, h.place = keys.cards[0], w.atlas.branches[p.branch].name
		if keys.cards[1] != "" && r.chance(0.3) {
			h.key = keys.cards[1]
		}
		if r.chance(0.08) {
			h.place = w.atlas.branches[r.intn(len(w.atlas.branches))].name
		}
	case 2:
		h.key, h.place = keys.account, "온라인몰"
	}
	h.minute = hourWeights[min(channel, 1)].pick(r)*60 + r.intn(60)
	b.lines(w, &h, out)
}

// maxOrders leaves room for a thousand orders of one person in the order number, which is then scrambled: order
// numbers must not tell whose orders of different shops belong together.
const maxOrders = 1000

// hourWeights are the hours of app and shop; on-line orders use the first as well.
var hourWeights = [2]weights{
	newWeights([]float64{2, 1, .5, .3, .2, .3, .8, 2, 3, 4, 5, 5, 6, 5, 5, 5, 5, 5, 6, 7, 9, 11, 10, 6}),
	newWeights([]float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 6, 7, 7, 7, 8, 9, 10, 11, 9, 5, 1, 0, 0}),
}

type head struct {
	channel, status, day, minute, campaign int
	number                                 uint64
	key, place                             string
}

func (b *behaviour) lines(w *world, h *head, out *chunk) {
	r := &b.r
	kindNow := b.choose(w, h)
	for n := 1; ; n++ {
		l := b.line(w, h, kindNow)
		out.line(w, h, n, &l)
		if n == 12 {
			return
		}
		if next := w.goods.kinds[kindNow].companion; next >= 0 && r.chance(0.38) {
			kindNow = next
			continue
		}
		if !r.chance(b.basket) {
			return
		}
		h.campaign = min(h.campaign, len(w.campaigns)-1)
		kindNow = b.choose(w, h)
	}
}

// choose draws a kind of goods by taste, season and, when a campaign caused the order, its category.
func (b *behaviour) choose(w *world, h *head) int {
	r := &b.r
	month, category := w.calendar.month[h.day], 0
	if h.campaign >= 0 && r.chance(0.6) {
		category = w.campaigns[h.campaign].category
	} else {
		var running [categoryCount]float64
		sum := 0.0
		for c := range running {
			share := b.taste[c] * w.goods.season[c][month]
			if c == health && w.calendar.isFestive[h.day] {
				share *= 3
			}
			sum += share
			running[c] = sum
		}
		x := r.float() * sum
		for category < categoryCount-1 && running[category] <= x {
			category++
		}
	}
	return w.goods.inside[category][w.goods.popular[category].pick(r)]
}

func (b *behaviour) line(w *world, h *head, kindNow int) line {
	r := &b.r
	k := &w.goods.kinds[kindNow]
	variant := r.intn(5)
	if r.chance(b.sensitivity) {
		variant = min(variant, r.intn(5)) // careful buyers look at a second price tag
	}
	l := line{product: k.products[variant], quantity: 1}
	if k.category >= fresh || k.category == cleaning {
		l.quantity += min(r.intn(3), r.intn(3))
	}
	price := w.goods.products[l.product].price * l.quantity
	if chance := 0.06 + 0.28*b.sensitivity; r.chance(chance) || w.calendar.isSale[h.day] && r.chance(0.5) {
		l.discount = price * (10 + 10*min(r.intn(3), r.intn(3))) / 100 / 10 * 10
	}
	if h.campaign >= 0 && k.category == w.campaigns[h.campaign].category {
		l.coupon = (price - l.discount) * w.campaigns[h.campaign].percent / 100 / 10 * 10
	}
	l.paid = price - l.discount - l.coupon
	return l
}

// line appends one row to the order file of the channel. The columns are the same in all three but the key.
func (out *chunk) line(w *world, h *head, n int, l *line) {
	f := &out.files[fileOrdersMember+h.channel]
	t := w.calendar.text[h.day]
	p := &w.goods.products[l.product]
	b := f.data
	b = append(append(append(append(b, "MSW"[h.channel]), t[2:4]...), t[5:7]...), t[8:10]...)
	b = strconv.AppendUint(append(b, '-'), h.number, 10)
	b = append(strconv.AppendInt(append(b, ','), int64(n), 10), ',')
	b = append(append(b, t...), ' ')
	b = two(append(two(b, h.minute/60), ':'), h.minute%60)
	b = append(append(append(b, ','), h.key...), ',')
	b = append(append(b, out.text(h.channel, h.place)...), ',')
	b = append(append(b, p.code...), ',')
	b = append(strconv.AppendInt(b, int64(l.quantity), 10), ',')
	b = append(strconv.AppendInt(b, int64(p.price), 10), ',')
	b = append(strconv.AppendInt(b, int64(l.discount), 10), ',')
	b = append(strconv.AppendInt(b, int64(l.coupon), 10), ',')
	b = append(strconv.AppendInt(b, int64(l.paid), 10), ',')
	b = append(append(b, out.text(h.channel, statusText[h.status])...), ',')
	if h.campaign >= 0 {
		b = append(b, w.campaigns[h.campaign].code...)
	}
	f.data = append(b, '\r', '\n')
	f.rows++
	if h.status == 0 {
		out.revenue += int64(l.paid)
	}
}

// text returns the words of the shop system in its own encoding, CP949, and all others unchanged.
func (out *chunk) text(channel int, s string) string {
	if channel != 1 {
		return s
	}
	if t, ok := out.cp949[s]; ok {
		return t
	}
	t := toCP949(s)
	out.cp949[s] = t
	return t
}
