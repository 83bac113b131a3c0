// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"errors"
	"runtime"
	"sync"
)

// part is what one chunk adds to one file. Files of records also note where each row ends and whose it is.
type part struct {
	data   []byte
	rows   int64
	ends   []int
	owners []int
}

func (f *part) end(person int) {
	f.rows++
	f.ends = append(f.ends, len(f.data))
	f.owners = append(f.owners, person)
}

// chunk is the work of one step of one worker; its buffers are used again.
type chunk struct {
	plan          chunkPlan
	files         [fileCount]part
	count         [counterCount]int64
	revenue       int64
	revenues      []int64
	personRecords int
	isBridged     bool // a record of the person before has both telephone and e-mail
	storeSequence int
	cp949         map[string]string
	record        record
	household     [4]person
	households    []int // of each person of the chunk
	behaviour     behaviour
	sorted        []byte
}

func (c *chunk) reset(plan chunkPlan) {
	c.plan, c.storeSequence, c.count, c.revenues = plan, plan.firstStore, [counterCount]int64{}, c.revenues[:0]
	c.households = c.households[:0]
	for i := range c.files {
		f := &c.files[i]
		f.data, f.rows, f.ends, f.owners = f.data[:0], 0, f.ends[:0], f.owners[:0]
	}
}

// fill makes all persons of the chunk.
func (c *chunk) fill(w *world, plan chunkPlan) {
	c.reset(plan)
	for household, done := plan.firstHousehold, 0; done < plan.people; household++ {
		size := min(sizeOf(w.seed, household), plan.people-done)
		people := c.household[:size]
		clear(people)
		w.household(household, plan.firstPerson+done, people)
		for i := range people {
			c.households = append(c.households, household)
			c.person(w, &people[i])
		}
		done += size
	}
	for i := fileMembers; i <= fileSales; i++ {
		c.shuffle(w, i)
	}
	c.files[fileStores].data = []byte(toCP949(string(c.files[fileStores].data)))
}

func (c *chunk) person(w *world, p *person) {
	b := &c.behaviour
	b.start(w, p)
	c.personRecords, c.revenue = 0, 0
	c.isBridged = p.records() == 1 // there is nothing to lead to
	var keys orderKeys
	if p.copies[inMembers] > 0 {
		keys.member = w.memberNumber(p.index, 0)
		b.campaigns(w, p, keys.member, c)
	}
	for i := range p.copies[inStores] {
		keys.cards[i] = w.cardNumber(p.index, i)
	}
	for i := range p.copies[inMembers] {
		c.member(w, p, b, i, w.memberNumber(p.index, i), keys.cards[0])
	}
	for i := range p.copies[inStores] {
		c.store(w, p, i, w.storeNumber(c.storeSequence), keys.cards[i])
		c.storeSequence++
	}
	for i := range p.copies[inOnline] {
		account := p.email
		if i > 0 {
			account = p.secondEmail
		} else {
			keys.account = account
		}
		c.online(w, p, b, i, account, keys.member)
	}
	for i := range p.copies[inCalls] {
		c.call(w, p, i, keys.member)
	}
	for i := range p.copies[inSales] {
		c.card(w, p, i)
	}
	b.orders(w, p, &keys, c)
	c.revenues = append(c.revenues, c.revenue)
	c.countPerson(w, p)
}

func (c *chunk) countPerson(w *world, p *person) {
	c.count[countPeople]++
	for i, is := range [5]bool{c.personRecords > 1, p.isTwin, p.isForeign, p.isLunar, p.age(w.until) < 14} {
		if is {
			c.count[[5]int{countMultiple, countTwins, countForeign, countLunar, countMinors}[i]]++
		}
	}
}

// shuffle mixes the rows of a chunk, so that the order of rows says little about who is who.
func (c *chunk) shuffle(w *world, file int) {
	f := &c.files[file]
	r := newRandom(w.seed, streamShuffle, uint64(c.plan.firstHousehold)*fileCount+uint64(file))
	order := make([]int, len(f.ends))
	for i := range order {
		order[i] = i
	}
	for i := len(order) - 1; i > 0; i-- {
		j := r.intn(i + 1)
		order[i], order[j] = order[j], order[i]
	}
	c.sorted = c.sorted[:0]
	owners, ends := make([]int, len(order)), make([]int, len(order))
	for i, k := range order {
		start := 0
		if k > 0 {
			start = f.ends[k-1]
		}
		c.sorted = append(c.sorted, f.data[start:f.ends[k]]...)
		owners[i], ends[i] = f.owners[k], len(c.sorted)
	}
	f.data, c.sorted, f.owners, f.ends = c.sorted, f.data, owners, ends
}

// run makes the chunks on all processors and writes them in their order, so that the bytes do not depend on
// the number of workers; only a few chunks are in memory at a time.
func (w *world) run(ctx context.Context, o Options, company *Company) (err error) {
	out, err := openOutput(o, company)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, out.close())
		if err != nil {
			out.remove()
		}
	}()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	workers := runtime.GOMAXPROCS(0)
	free, queue, ordered := make(chan *chunk, workers*2+2), make(chan job), make(chan job, workers*2)
	for range cap(free) {
		free <- &chunk{cp949: map[string]string{}}
	}
	var group sync.WaitGroup
	defer group.Wait()
	defer stop()
	group.Go(func() { w.dispatch(ctx, free, queue, ordered) })
	for range workers {
		group.Go(func() {
			for j := range queue {
				j.chunk.fill(w, j.plan)
				close(j.done)
			}
		})
	}
	for j := range ordered {
		<-j.done
		if err := out.write(j.chunk); err != nil {
			return err
		}
		free <- j.chunk
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return out.finish(w)
}

type job struct {
	plan  chunkPlan
	chunk *chunk
	done  chan struct{}
}

func (w *world) dispatch(ctx context.Context, free chan *chunk, queue, ordered chan<- job) {
	defer close(ordered)
	defer close(queue)
	for _, plan := range w.chunks {
		j := job{plan: plan, done: make(chan struct{})}
		select {
		case j.chunk = <-free:
		case <-ctx.Done():
			return
		}
		// A queued job is always made, so that the writer never waits for a job nobody has.
		queue <- j
		select {
		case ordered <- j:
		case <-ctx.Done():
			return
		}
	}
}
