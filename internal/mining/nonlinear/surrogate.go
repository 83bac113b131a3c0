// SPDX-License-Identifier: Apache-2.0

package nonlinear

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
)

// surrogate is a series with the same distribution and (nearly) the same
// spectrum, but no other structure (iterated amplitude adjusted Fourier
// transform, Schreiber & Schmitz 1996).
func surrogate(y []float64, random *rand.Rand) []float64 {
	n := len(y)
	sorted := slices.Clone(y)
	slices.Sort(sorted)
	target := make([]float64, n)
	for i, c := range transform(complexOf(y), false) {
		target[i] = cmplx.Abs(c)
	}
	out := slices.Clone(y)
	random.Shuffle(n, func(i, j int) { out[i], out[j] = out[j], out[i] })
	const rounds = 40
	for range rounds {
		f := transform(complexOf(out), false)
		for i, c := range f {
			if a := cmplx.Abs(c); a > 0 {
				f[i] = c * complex(target[i]/a, 0)
			}
		}
		back := transform(f, true)
		shaped := make([]float64, n)
		for i, c := range back {
			shaped[i] = real(c)
		}
		for i, place := range ranks(shaped) {
			out[i] = sorted[place]
		}
	}
	return out
}

func complexOf(y []float64) []complex128 {
	out := make([]complex128, len(y))
	for i, v := range y {
		out[i] = complex(v, 0)
	}
	return out
}

// transform is the discrete Fourier transform of a power of two, by halves.
func transform(x []complex128, isInverse bool) []complex128 {
	n := len(x)
	out := make([]complex128, n)
	copy(out, x)
	for i, j := 1, 0; i < n; i++ {
		bit := n >> 1
		for ; j&bit != 0; bit >>= 1 {
			j ^= bit
		}
		j ^= bit
		if i < j {
			out[i], out[j] = out[j], out[i]
		}
	}
	sign := -2 * math.Pi
	if isInverse {
		sign = -sign
	}
	for length := 2; length <= n; length <<= 1 {
		w := cmplx.Rect(1, sign/float64(length))
		for i := 0; i < n; i += length {
			turn := complex(1, 0)
			for k := range length / 2 {
				a, b := out[i+k], out[i+k+length/2]*turn
				out[i+k], out[i+k+length/2] = a+b, a-b
				turn *= w
			}
		}
	}
	if isInverse {
		for i := range out {
			out[i] /= complex(float64(n), 0)
		}
	}
	return out
}

// evenEnds cuts a power of two out of the series whose ends fit together, so
// that the spectrum shows no jump (as in TISEAN's endtoend).
func evenEnds(y []float64) []float64 {
	n := 1
	for n*2 <= len(y) {
		n *= 2
	}
	best, least := 0, math.Inf(1)
	for from := 0; from+n <= len(y); from++ {
		jump := math.Abs(y[from]-y[from+n-1]) + math.Abs((y[from+1]-y[from])-(y[from+n-1]-y[from+n-2]))
		if jump < least {
			best, least = from, jump
		}
	}
	return y[best : best+n]
}
