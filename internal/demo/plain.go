// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

// GenerateCustomersCSV writes one list of n different customers with 12 columns and few faults, for import
// benchmarks: UTF-8 with BOM, CRLF.
func GenerateCustomersCSV(w io.Writer, n int, seed uint64) error {
	if n < 0 || n > maxCustomers {
		return fmt.Errorf("customers must be between 0 and %d, not %d", maxCustomers, n)
	}
	world := newWorld(Options{Customers: n, Seed: seed, Until: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)})
	out := bufio.NewWriterSize(w, writeBuffer)
	if _, err := out.WriteString("\ufeff고객번호,이름,휴대폰,이메일,우편번호,주소,상세주소,생년월일,성별,등급,가입일,이메일수신동의\r\n"); err != nil {
		return fmt.Errorf("write the customers: %w", err)
	}
	var people [4]person
	var line []byte
	for household, done := 0, 0; done < n; household++ {
		size := min(sizeOf(seed, household), n-done)
		clear(people[:size])
		world.household(household, done, people[:size])
		for i := range people[:size] {
			line = world.plainRow(line[:0], &people[i])
			if _, err := out.Write(line); err != nil {
				return fmt.Errorf("write the customers: %w", err)
			}
		}
		done += size
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the customers: %w", err)
	}
	return nil
}

// plainRow damages one value in fifty rows.
func (w *world) plainRow(b []byte, p *person) []byte {
	r := newRandom(w.seed, streamPlain, uint64(p.index))
	mobile, email, name := dashes(p.mobile, "-"), p.email, p.name
	switch x := r.float(); {
	case x < 0.005:
		mobile = p.mobile[1:]
	case x < 0.01:
		mobile = p.mobile
	case x < 0.015:
		email = ""
	case x < 0.02:
		name = p.latin
	}
	sex := "남"
	if p.isFemale {
		sex = "여"
	}
	grade := []string{"일반", "일반", "일반", "실버", "실버", "골드", "VIP"}[r.intn(7)]
	return appendRow(b, w.memberNumber(p.index, 0), name, mobile, email, p.home.postal(), p.home.base(formNew), p.home.detail(),
		p.birth.iso(), sex, grade, w.day(p.joinDay).iso(), yes(r.chance(0.65)))
}
