// SPDX-License-Identifier: Apache-2.0

package recognise

import (
	"slices"
	"strings"
)

// keys finds the columns that identify a customer and names their schemes. A specific name (household_id,
// 회원번호) is its own scheme, so that files of several sources meet in it; a generic one (id, customer_id) is
// a number of this source only.
func (p *proposal) keys() {
	switch p.mapping.Kind {
	case Products:
		p.goodsKey()
		return
	case Customers, Transactions, Campaigns, Coupons:
	}
	for i := range p.columns {
		c := &p.columns[i]
		if !p.done[i] && c.is(specificKey) && p.mayBeKey(c) {
			p.setKey(i, SchemeName(c.header), sure, "The header names a customer number that is the same in all systems.")
		}
	}
	p.genericKeys()
	p.lonelyKey()
	p.sortKeys()
}

// mayBeKey refuses columns that are masked, as marketplaces deliver buyers' ids (M-IMP-3), or empty.
func (p *proposal) mayBeKey(c *column) bool {
	if c.share(isMasked) > 0.3 {
		p.notice(&Notice{
			Code: "key.masked", Column: c.header, Severity: "info",
			Message: "Column " + c.header + " looks like a customer number but its values are masked; it is not used as a key.",
		})
		return false
	}
	return true
}

func (p *proposal) genericKeys() {
	var candidates []int
	for i := range p.columns {
		c := &p.columns[i]
		if p.done[i] || !c.is(genericKey) || !p.mayBeKey(c) || p.isRowCounter(c) {
			continue
		}
		candidates = append(candidates, i)
	}
	for _, i := range candidates {
		c := &p.columns[i]
		if p.mapping.Kind == Customers && len(c.values) > 0 && !c.isUnique() && c.distinct < len(c.values)/2 && c.is(weakKeys) {
			continue // a code that few values share is a class, not a person
		}
		if p.mapping.Kind != Customers && c.is(weakKeys) && p.belongsToRow(i, candidates) {
			continue
		}
		p.setKey(i, p.scheme(c.header), byHeader, "The header names a customer number of this source.")
	}
}

// weakKeys name anything: a customer, an order, a row.
var weakKeys = wordSet("id no key code 번호 코드 uid guid uuid uniqueid recid recordid externalid 외부id masterid")

// belongsToRow reports that a weak key of a file of sales numbers the rows or orders and not the customers: there
// is a better customer key, and the column is not another number of the same customers.
func (p *proposal) belongsToRow(i int, candidates []int) bool {
	for _, key := range p.mapping.KeyColumns {
		if sameEntity(p.in.Rows, key, i) && !p.columns[i].isUnique() {
			return false
		}
	}
	better := len(p.mapping.KeyColumns) > 0
	for _, j := range candidates {
		if j == i {
			continue
		}
		if !p.columns[j].is(weakKeys) {
			better = true
		} else if !p.columns[i].isUnique() && sameEntity(p.in.Rows, i, j) {
			return false
		}
	}
	if better && p.columns[i].isUnique() && p.mapping.Kind == Transactions && !p.has(FieldOrderKey) {
		p.set(i, FieldOrderKey, byPart, "The number differs in every row and another column identifies the customer.")
	}
	return better
}

// isRowCounter reports a running number that a report writes before its rows.
func (p *proposal) isRowCounter(c *column) bool {
	if !c.isCounting || !c.is(counterWords) {
		return false
	}
	return p.has(FieldKey) || p.has("full_name") || p.has("email") || p.has("mobile") || p.has(FieldOrderKey)
}

// scheme is the name of the scheme of a generic key.
func (p *proposal) scheme(header string) string {
	name := SchemeName(header)
	if p.in.Source == "" {
		return name
	}
	return p.in.Source + "." + name
}

// lonelyKey takes the first column as key of a customer file that has nothing else to identify its rows by, when
// its values are all different and its name ends like that of a number.
func (p *proposal) lonelyKey() {
	if p.has(FieldKey) || p.mapping.Kind != Customers || p.identifiesPeople() {
		return
	}
	for i := range p.columns {
		c := &p.columns[i]
		if p.done[i] || !c.isUnique() || !c.isMostlyFilled() || c.decimals > 0 || !endsLikeKey(c.names[0]) {
			continue
		}
		p.setKey(i, p.scheme(c.header), byValues, "Every row has another value and nothing else identifies the rows.")
		return
	}
}

func endsLikeKey(name string) bool {
	for _, end := range [...]string{"id", "no", "key", "code", "number", "번호", "코드", "아이디", "키"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

func (p *proposal) identifiesPeople() bool {
	return p.has("full_name") || p.has("given_name") || p.has("email") || p.has("mobile") || p.has("phone")
}

// goodsKey gives a product file its key: a generic id when no column is named after products.
func (p *proposal) goodsKey() {
	if !p.has(FieldProductKey) {
		for i := range p.columns {
			if c := &p.columns[i]; !p.done[i] && c.is(genericKey) && c.isUnique() {
				p.set(i, FieldProductKey, byPart, "The number differs in every row of a file of products.")
				break
			}
		}
	}
	// Without a name, the description names the goods, and then what sort of goods they are ("LOAF BREAD").
	for _, word := range [...]string{"description", "producttype", "subcommodity", "subcommoditydesc", "상품유형", "품종"} {
		for i := range p.columns {
			if c := &p.columns[i]; !p.has(FieldProductName) && !p.done[i] && slices.Contains(c.names, word) {
				p.set(i, FieldProductName, byPart, "No column names the products; this one describes them best.")
			}
		}
	}
}

// sortKeys puts declared and specific keys before generic ones.
func (p *proposal) sortKeys() {
	slices.SortStableFunc(p.mapping.KeyColumns, func(a, b int) int {
		switch difference := p.mapping.Columns[b].Confidence - p.mapping.Columns[a].Confidence; {
		case difference > 0:
			return 1
		case difference < 0:
			return -1
		}
		return 0
	})
}
