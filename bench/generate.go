// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"dangol/internal/demo"
)

type customersCommand struct {
	N    int    `help:"How many." default:"1000000"`
	Seed uint64 `help:"Seed." default:"1"`
	Out  string `help:"File." required:""`
}

// Run writes the file.
func (c *customersCommand) Run() error {
	return write(c.Out, func(w *bufio.Writer) error { return demo.GenerateCustomersCSV(w, c.N, c.Seed) })
}

type ordersCommand struct {
	Customers string `help:"Customers file; its first column is the key." required:""`
	Lines     int    `help:"Order lines." default:"10000000"`
	Seed      uint64 `help:"Seed." default:"1"`
	Out       string `help:"File." required:""`
}

// Run writes order lines with concentration like a shop's: a customer's place
// is the square of a uniform draw, so the first fifth buys about half.
func (c *ordersCommand) Run() error {
	header, keys, err := readKeys(c.Customers)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(c.Seed, 11))
	start := time.Date(2024, 11, 20, 9, 0, 0, 0, time.UTC)
	return write(c.Out, func(w *bufio.Writer) error {
		fmt.Fprintf(w, "주문번호,주문일시,%s,상품번호,수량,결제금액\n", header)
		line := make([]byte, 0, 96)
		var order []byte // number, time and customer, which the lines of an order share
		left := 0
		for n := range c.Lines {
			if left == 0 {
				left = 1 + random.IntN(3)
				u := random.Float64()
				at := start.Add(time.Duration(math.Floor(random.Float64()*730*24*60)) * time.Minute)
				order = strconv.AppendInt(append(order[:0], 'O'), int64(n), 10)
				order = at.AppendFormat(append(order, ','), "2006-01-02 15:04")
				order = append(append(order, ','), keys[int(u*u*float64(len(keys)))]...)
			}
			left--
			line = append(append(line[:0], order...), ",P"...)
			line = strconv.AppendInt(line, int64(random.IntN(2000)), 10)
			line = append(line, ',')
			line = strconv.AppendInt(line, int64(1+random.IntN(3)), 10)
			line = append(line, ',')
			line = strconv.AppendInt(line, int64(1000+random.IntN(900)*100), 10)
			line = append(line, '\n')
			if _, err := w.Write(line); err != nil {
				return err
			}
		}
		return nil
	})
}

// readKeys answers the name and the values of the first column of a CSV.
func readKeys(path string) (header string, keys []string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		key, _, _ := strings.Cut(lines.Text(), ",")
		if header == "" {
			header = strings.TrimPrefix(key, "\ufeff")
			continue
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return "", nil, fmt.Errorf("%s has no rows", path)
	}
	return header, keys, lines.Err()
}

func write(path string, fill func(*bufio.Writer) error) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := bufio.NewWriterSize(file, 1<<20)
	if err := fill(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}
