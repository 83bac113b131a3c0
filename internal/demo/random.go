// SPDX-License-Identifier: Apache-2.0

package demo

import "math"

// Streams keep the random numbers of different subjects apart, so that adding a draw in one place does not
// change the rest of the company.
const (
	streamSize uint64 = iota + 1
	streamHousehold
	streamSystems
	streamPerson
	streamBehaviour
	streamRecord
	streamCompany
	streamShuffle
	streamProduct
	streamPlain
	streamPilot
)

// random is SplitMix64 (Steele, Lea, Flood 2014): one addition and a mix per number, and cheap to seed, which
// matters because every person has generators of their own.
type random struct{ state uint64 }

func mix(z uint64) uint64 {
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

func newRandom(seed, stream, index uint64) random {
	return random{state: mix(seed+0x9e3779b97f4a7c15*stream) ^ mix(index*0xd1342543de82ef95+stream)}
}

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	return mix(r.state)
}

func (r *random) float() float64 { return float64(r.next()>>11) * (1.0 / (1 << 53)) }

func (r *random) chance(p float64) bool { return r.float() < p }

// intn returns 0…n-1 by multiply and shift; n is far below 2^32 everywhere here.
func (r *random) intn(n int) int { return int(((r.next() >> 32) * uint64(n)) >> 32) }

func (r *random) between(low, high int) int { return low + r.intn(high-low+1) }

func (r *random) exponential() float64 { return -math.Log(1 - r.float()) }

func (r *random) normal() float64 {
	return math.Sqrt(2*r.exponential()) * math.Cos(2*math.Pi*r.float())
}

// gamma draws from the gamma distribution with mean 1 (Marsaglia and Tsang 2000, with the boost for shape < 1).
func (r *random) gamma(shape float64) float64 {
	boost, a := 1.0, shape
	if a < 1 {
		boost = math.Pow(1-r.float(), 1/a)
		a++
	}
	d := a - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.normal()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(1-r.float()) < 0.5*x*x+d-d*v+d*math.Log(v) {
			return d * v * boost / shape
		}
	}
}

// weights is a cumulative table for weighted choice.
type weights []float64

func newWeights(values []float64) weights {
	w, sum := make(weights, len(values)), 0.0
	for i, v := range values {
		sum += v
		w[i] = sum
	}
	return w
}

func (w weights) pick(r *random) int {
	x, low, high := r.float()*w[len(w)-1], 0, len(w)-1
	for low < high {
		middle := (low + high) / 2
		if w[middle] > x {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

func one(r *random, list []string) string { return list[r.intn(len(list))] }

// permutation is i → (i·factor + offset) mod size, a bijection because factor and size have no common divisor.
// It gives every person a number of their own without remembering which numbers are taken.
type permutation struct{ size, factor, offset uint64 }

func newPermutation(size, seed, stream uint64) permutation {
	if size < 2 {
		return permutation{size: 1, factor: 1}
	}
	r := newRandom(seed, stream, size)
	// Factors stay below 2^29 so that i·factor never passes 2^64 for i < 2^35.
	factor := r.next()>>35 | 1
	for gcd(factor, size) != 1 {
		factor += 2
	}
	return permutation{size: size, factor: factor, offset: r.next() % size}
}

func (p permutation) at(i uint64) uint64 { return ((i%p.size)*p.factor + p.offset) % p.size }

func gcd(a, b uint64) uint64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
