// SPDX-License-Identifier: Apache-2.0

package customer_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"dangol/internal/consent"
	"dangol/internal/customer"
	"dangol/internal/customer/customertest"
	"dangol/internal/customer/household"
	"dangol/internal/match"
	"dangol/internal/order"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// world is a customer base with what hangs on customers, and a plain model of whose record is whose.
type world struct {
	*customertest.House
	households *household.Service
	consents   *consent.Service
	orders     *order.Service
	random     *rand.Rand
	t          *testing.T

	owner   map[int64]int64 // of every live record
	ordered map[int64]int64 // orders by record
	granted map[int64]bool  // records on which a consent was given
	log     []string
}

// TestEverythingFollowsItsRecord does random sequences of everything that people do with identities and compares
// them with the model after each step. DANGOL_TEST_SEED with the printed seed
// repeats a failure.
func TestEverythingFollowsItsRecord(t *testing.T) {
	steps := 120
	if testing.Short() {
		steps = 30
	}
	seed := rand.Uint64()
	if given, err := strconv.ParseUint(os.Getenv("DANGOL_TEST_SEED"), 10, 64); err == nil {
		seed = given
	}
	customertest.Each(t, func(store *customer.Store) customer.Linker { return match.NewLinker(store) },
		func(t *testing.T, ctx context.Context, h *customertest.House) {
			t.Logf("seed %d", seed)
			w := &world{
				House: h, households: household.New(h.DB, h.Journal, h.Service, nil, nil),
				consents: consent.New(h.DB, h.Journal, consent.Options{}), orders: order.New(h.DB, order.Options{}),
				random: rand.New(rand.NewPCG(seed, 1)), t: t,
				owner: map[int64]int64{}, ordered: map[int64]int64{}, granted: map[int64]bool{},
			}
			h.AddFollower(w.households)
			for range 12 {
				w.take(ctx)
			}
			if _, err := w.households.Search(ctx, func(context.Context) error { return nil }, func(int64, int64, string) {}); err != nil {
				t.Fatal(err)
			}
			commands := []func(context.Context){
				w.take, w.merge, w.merge, w.unmerge, w.unmerge, w.mergeAndUndo, w.mergeEditPart, w.edit, w.pin, w.relate, w.decideHousehold, w.order, w.consent,
			}
			for range steps {
				commands[w.random.IntN(len(commands))](ctx)
				if t.Failed() {
					break
				}
				w.check(ctx)
				w.checkHomes(ctx)
				w.checkHouseholds(ctx)
			}
			// The golden rows are what the rules make of the records, however they came about.
			before := w.state(ctx)
			if err := h.RecomputeAll(ctx, func(context.Context) error { return nil }, func(int64, int64) {}); err != nil {
				t.Fatal(err)
			}
			if after := w.state(ctx); after != before {
				t.Errorf("computed anew, rows differ:\n%s", differing(before, after))
			}
			if t.Failed() {
				t.Log(strings.Join(w.log, "\n"))
			}
		})
}

func (w *world) did(format string, args ...any) { w.log = append(w.log, fmt.Sprintf(format, args...)) }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%v after\n%s", err, strings.Join(w.log, "\n"))
	}
}

// customers are those that hold records, in a fixed order.
func (w *world) customers() []int64 {
	ids := slices.Collect(maps.Values(w.owner))
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (w *world) any() int64 {
	ids := w.customers()
	return ids[w.random.IntN(len(ids))]
}

func (w *world) two() (a, b int64) {
	ids := w.customers()
	w.random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids[0], ids[1]
}

func (w *world) recordsOf(id int64) []int64 {
	var list []int64
	for record, owner := range w.owner {
		if owner == id {
			list = append(list, record)
		}
	}
	slices.Sort(list)
	return list
}

func (w *world) take(ctx context.Context) {
	n := w.random.IntN(1 << 30)
	r := w.Take(ctx, "members", map[string]string{
		"full_name": string([]rune{'김', '가' + rune(n%500)*21, '나' + rune(n/500%300)*28}), "mobile": fmt.Sprintf("010-%04d-%04d", 2000+n%7000, n/7000%10000),
		"address": "서울특별시 강남구 테헤란로 152", "address_detail": fmt.Sprintf("10%d동 %d호", n%2, 101+n%3), "birth_on": fmt.Sprintf("%d-03-04", 1950+n%60),
		"sex": []string{"male", "female"}[n%2],
	}, map[string]string{"member": fmt.Sprint(n)})
	w.did("take record %d of customer %d", r.ID, r.CustomerID)
	w.owner[r.ID] = r.CustomerID
}

func (w *world) merge(ctx context.Context) {
	if a, b := w.two(); len(w.customers()) > 4 {
		w.did("merge %d ← %d", a, b)
		var choose []string
		if w.random.IntN(2) == 0 {
			choose = []string{"full_name"}
		}
		_, err := w.Merge(ctx, a, b, choose)
		w.must(err)
		for _, record := range w.recordsOf(b) {
			w.owner[record] = a
		}
	}
}

func (w *world) unmerge(ctx context.Context) {
	id := w.any()
	list := w.recordsOf(id)
	if len(list) < 2 {
		return
	}
	w.random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	moving := list[:1+w.random.IntN(len(list)-1)]
	w.did("unmerge %v of %d", moving, id)
	parted, err := w.Unmerge(ctx, id, moving)
	w.must(err)
	if parted.ID == id || len(w.recordsOf(parted.ID)) != 0 {
		w.t.Errorf("parted to %d, which holds records", parted.ID)
	}
	for _, record := range moving {
		w.owner[record] = parted.ID
	}
}

// mergeAndUndo merges and takes it back: everything is as it was.
func (w *world) mergeAndUndo(ctx context.Context) {
	a, b := w.two()
	before := w.state(ctx)
	w.did("merge %d ← %d and undo", a, b)
	_, err := w.Merge(ctx, a, b, nil)
	w.must(err)
	entries, err := w.Journal.ListBySubject(ctx, journal.Subject{Capability: "customer", Kind: "customer", ID: a}, 0, 1)
	w.must(err)
	_, err = w.Undo(ctx, a, entries[0].ID)
	w.must(err)
	w.checkHomes(ctx)
	if after := w.state(ctx); after != before {
		w.t.Errorf("taking back a merge did not restore the state:\n%s", differing(before, after))
	}
}

// mergeEditPart edits between the merge and its end: the edit stays where it was made, the other is as before.
func (w *world) mergeEditPart(ctx context.Context) {
	a, b := w.two()
	before := w.rows(ctx)
	w.did("merge %d ← %d, edit, part", a, b)
	_, err := w.Merge(ctx, a, b, nil)
	w.must(err)
	grade := fmt.Sprint("G", w.random.IntN(1000))
	_, _, err = w.Update(ctx, a, 0, customer.Patch{"grade": grade})
	w.must(err)
	w.must(w.DB.Within(ctx, func(ctx context.Context) error {
		done, err := w.Part(ctx, a, b, "test", false)
		if err == nil && !done {
			w.t.Errorf("the merge of %d and %d does not stand", a, b)
		}
		return err
	}))
	after := w.rows(ctx)
	if after[b] != before[b] {
		w.t.Errorf("customer %d came back as %s, was %s", b, after[b], before[b])
	}
	c, err := w.Find(ctx, a)
	w.must(err)
	if c.Values.Text[customer.Grade] != grade {
		w.t.Errorf("the edit of %d is lost: %q, want %q", a, c.Values.Text[customer.Grade], grade)
	}
	w.learn(ctx, a)
}

// learn takes the record of staff that an edit made or replaced into the model.
func (w *world) learn(ctx context.Context, id int64) {
	records, err := w.Store().RecordsOf(ctx, []int64{id})
	w.must(err)
	live := map[int64]bool{}
	for _, r := range records[id] {
		if owner, known := w.owner[r.ID]; known && owner != id || !known && r.Kind != customer.RecordStaff {
			w.t.Errorf("record %d of %d belongs to %d now", r.ID, owner, id)
		}
		live[r.ID], w.owner[r.ID] = true, id
	}
	for _, record := range w.recordsOf(id) {
		if !live[record] { // replaced by the next version, which its facts follow as members of one chain
			delete(w.owner, record)
		}
	}
}

func (w *world) edit(ctx context.Context) {
	id := w.any()
	patch := customer.Patch{"grade": fmt.Sprint("G", w.random.IntN(1000))}
	if w.random.IntN(3) == 0 {
		patch["email"] = fmt.Sprintf("user%d@naver.com", w.random.IntN(1000))
	}
	w.did("edit %d %v", id, patch)
	_, _, err := w.Update(ctx, id, 0, patch)
	w.must(err)
	w.learn(ctx, id)
}

func (w *world) pin(ctx context.Context) {
	id := w.any()
	list := w.recordsOf(id)
	record := list[w.random.IntN(len(list))]
	w.did("pin the name of %d to %d", id, record)
	if _, err := w.Pin(ctx, id, "full_name", record); err != nil && !fault.Is(err, fault.Invalid) { // a record of staff may know no name
		w.must(err)
	}
	w.learn(ctx, id)
}

func (w *world) relate(ctx context.Context) {
	a, b := w.two()
	kind := []string{"spouse", "child", "parent", "introducer", "contact"}[w.random.IntN(5)]
	w.did("relate %d %s %d", a, kind, b)
	_, err := w.CreateRelation(ctx, customer.Relation{CustomerID: a, OtherID: b, Kind: kind})
	if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
		w.must(err)
	}
}

func (w *world) decideHousehold(ctx context.Context) {
	shown, err := w.households.OfCustomer(ctx, w.any())
	w.must(err)
	if shown == nil {
		return
	}
	w.did("confirm household %d", shown.ID)
	_, err = w.households.Confirm(ctx, shown.ID)
	if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
		w.must(err)
	}
}

func (w *world) order(ctx context.Context) {
	list := w.recordsOf(w.any())
	record := list[w.random.IntN(len(list))]
	id, err := w.DB.NextID(ctx, "orders")
	w.must(err)
	w.did("order %d on record %d", id, record)
	_, err = w.DB.Exec(ctx, "INSERT INTO orders (id, record_id, source_id, batch_id, order_key, ordered_at, amount, currency) VALUES (?, ?, 1, 1, ?, 1, 1000, 'KRW')",
		id, record, fmt.Sprint(id))
	w.must(err)
	w.ordered[record]++
}

func (w *world) consent(ctx context.Context) {
	id := w.any()
	c, err := w.consents.Record(ctx, consent.Expression{CustomerID: id, Channel: consent.Email, Action: consent.Grant, Method: consent.Web, Wording: "동의합니다"})
	w.must(err)
	w.did("consent of %d on record %d", id, c.RecordID)
	w.granted[c.RecordID] = true
}

// check compares the base with the model: whose record is whose, and whose are orders and consents.
func (w *world) check(ctx context.Context) {
	ids := w.customers()
	records, err := w.Store().RecordsOf(ctx, ids)
	w.must(err)
	orders, err := w.orders.CountOf(ctx, ids)
	w.must(err)
	granted, err := w.consents.Advertising(ctx, ids)
	w.must(err)
	for _, id := range ids {
		var got []int64
		for _, r := range records[id] {
			got = append(got, r.ID)
		}
		if want := w.recordsOf(id); !slices.Equal(got, want) {
			w.t.Errorf("customer %d holds %v, want %v", id, got, want)
		}
		var want int64
		isGranted := false
		for record := range w.all(ctx, id) {
			want += w.ordered[record]
			isGranted = isGranted || w.granted[record]
		}
		if orders[id] != want {
			w.t.Errorf("customer %d has %d orders, want %d", id, orders[id], want)
		}
		if (len(granted[id]) > 0) != isGranted {
			w.t.Errorf("customer %d agreed: %v, want %v", id, granted[id], isGranted)
		}
	}
}

// checkHomes makes sure that every home leads to the customer that holds the record.
func (w *world) checkHomes(ctx context.Context) {
	w.each(ctx, "SELECT record_id, customer_id, home_id FROM record_links WHERE home_id IS NOT NULL", 3, func(line string) {
		var record, holder, home int64
		_, err := fmt.Sscanf(line, "[%d %d %d]", &record, &holder, &home)
		w.must(err)
		if now, err := w.Resolve(ctx, home); err != nil || now != holder || home == holder {
			w.t.Errorf("record %d of %d has its home with %d, which leads to %d: %v - after %s", record, holder, home, now, err, w.log[len(w.log)-1])
		}
	})
}

// checkHouseholds makes sure that every row tells the household that its memberships give.
func (w *world) checkHouseholds(ctx context.Context) {
	before := w.rows(ctx)
	ids := slices.Sorted(maps.Keys(before))
	w.must(w.DB.Within(ctx, func(ctx context.Context) error { return w.households.Follow(ctx, ids) }))
	after := w.rows(ctx)
	for _, id := range ids {
		if before[id] != after[id] {
			w.t.Errorf("customer %d was left as %s, should be %s - after %s", id, before[id], after[id], w.log[len(w.log)-1])
		}
	}
}

// all are the records of a customer with the older versions of them, to which facts may be attached.
func (w *world) all(ctx context.Context, id int64) map[int64]bool {
	list, err := w.ListRecords(ctx, id)
	w.must(err)
	all := map[int64]bool{}
	for _, r := range list {
		all[r.ID] = true
	}
	return all
}

// state is all that merging and its end may change.
func (w *world) state(ctx context.Context) string {
	var b strings.Builder
	rows := w.rows(ctx)
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		b.WriteString(rows[id])
	}
	for _, query := range []string{
		"SELECT 'link', l.record_id, l.customer_id, COALESCE(l.home_id, 0) FROM record_links l ORDER BY l.record_id",
		"SELECT 'parted', low_id, high_id, 0 FROM partings ORDER BY low_id, high_id",
		"SELECT kind, customer_id, other_id, 0 FROM relations ORDER BY id",
		"SELECT 'lives', household_id, customer_id, 0 FROM household_members ORDER BY household_id, customer_id",
	} {
		w.each(ctx, query, 4, func(line string) { b.WriteString(line) })
	}
	for _, id := range w.customers() {
		relations, err := w.ListRelations(ctx, id)
		w.must(err)
		for _, r := range relations {
			fmt.Fprintln(&b, "related", id, r.Kind, r.OtherID)
		}
	}
	return b.String()
}

// rows are the golden rows as text, by customer.
func (w *world) rows(ctx context.Context) map[int64]string {
	rows := map[int64]string{}
	w.each(ctx, "SELECT id, COALESCE(full_name, ''), COALESCE(mobile, ''), COALESCE(email, ''), COALESCE(address, ''), COALESCE(grade, ''), COALESCE(pins, ''), "+
		"record_count, hidden, COALESCE(alias_of, 0), COALESCE(household_id, 0) FROM customers ORDER BY id", 11, func(line string) {
		var id int64
		_, err := fmt.Sscanf(line, "[%d", &id)
		w.must(err)
		rows[id] = line
	})
	return rows
}

func (w *world) each(ctx context.Context, query string, columns int, emit func(line string)) {
	rows, err := w.DB.Query(ctx, query)
	w.must(err)
	for rows.Next() {
		cells, into := make([]any, columns), make([]any, columns)
		for i := range cells {
			into[i] = &cells[i]
		}
		w.must(rows.Scan(into...))
		emit(fmt.Sprintln(cells))
	}
	w.must(rows.Err())
	w.must(rows.Close())
}

func differing(before, after string) string {
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	var b strings.Builder
	for _, line := range was {
		if !slices.Contains(is, line) {
			fmt.Fprintln(&b, "-", line)
		}
	}
	for _, line := range is {
		if !slices.Contains(was, line) {
			fmt.Fprintln(&b, "+", line)
		}
	}
	return b.String()
}
