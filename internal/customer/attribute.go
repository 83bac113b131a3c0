// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangol/internal/dataquality"
	"dangol/internal/platform/fault"
)

// The types of custom attributes.
const (
	TypeText    = "text"
	TypeNumber  = "number"
	TypeInteger = "integer"
	TypeDate    = "date"
	TypeBoolean = "boolean"
	TypeChoice  = "choice"
	TypeMoney   = "money" // minor units of the attribute's currency
)

// AttributeTypes are the types of custom attributes.
var AttributeTypes = []string{TypeText, TypeNumber, TypeInteger, TypeDate, TypeBoolean, TypeChoice, TypeMoney}

const (
	attributeLimit = 600  // b40: users plan 400 to 600; values are JSON, so more would work too
	choiceLimit    = 500  // distinct choices of one attribute
	textLimit      = 4000 // letters of one text value
)

// Attribute is a custom field of customers.
type Attribute struct {
	ID           int64      `json:"id"`
	Name         string     `json:"name" doc:"slug: letters, digits and _; never changes"`
	LabelKo      string     `json:"label_ko"`
	LabelEn      string     `json:"label_en"`
	Type         string     `json:"type" enum:"text,number,integer,date,boolean,choice,money"`
	Choices      []string   `json:"choices,omitempty"`
	Currency     string     `json:"currency,omitempty"`
	IsSearchable bool       `json:"searchable"`
	IsPersonal   bool       `json:"is_personal"`
	CreatedAt    time.Time  `json:"created_at"`
	UpdatedAt    time.Time  `json:"updated_at"`
	ArchivedAt   *time.Time `json:"archived_at,omitempty"`
	Version      int64      `json:"version"`
}

var attributeName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,47}$`)

// Validate refuses an attribute that could not be used.
func (a *Attribute) Validate() error {
	switch {
	case !attributeName.MatchString(a.Name):
		return fault.New(fault.Invalid, "attribute.bad_name",
			"The name of an attribute is 1 to 48 small Latin letters, digits and _, beginning with a letter; {name} is not.", "name", a.Name)
	case fieldNameTaken(a.Name):
		return fault.New(fault.Invalid, "attribute.name_taken",
			"{name} is a standard field; choose another name.", "name", a.Name)
	case !slices.Contains(AttributeTypes, a.Type):
		return fault.New(fault.Invalid, "attribute.bad_type",
			"{type} is no type of attribute; use one of {types}.", "type", a.Type, "types", strings.Join(AttributeTypes, ", "))
	case strings.TrimSpace(a.LabelKo) == "" && strings.TrimSpace(a.LabelEn) == "":
		return fault.New(fault.Invalid, "attribute.no_label", "Give the attribute a label in Korean or English.")
	case len(a.Choices) > choiceLimit:
		return fault.New(fault.Invalid, "attribute.too_many_choices",
			"An attribute has at most {limit} choices; use the type text instead.", "limit", choiceLimit)
	}
	return nil
}

func fieldNameTaken(name string) bool {
	_, isField := fieldByName[name]
	return isField || slices.Contains([]string{"id", "version", "attributes", "created_at", "updated_at", "name_key"}, name)
}

func (a *Attribute) fill() {
	a.LabelKo, a.LabelEn = strings.TrimSpace(a.LabelKo), strings.TrimSpace(a.LabelEn)
	if a.LabelKo == "" {
		a.LabelKo = a.LabelEn
	}
	if a.LabelEn == "" {
		a.LabelEn = a.LabelKo
	}
}

// Read turns text, as a file gives it, into a value of the attribute; an empty text is no value.
func (a *Attribute) Read(text, format string, rules dataquality.Rules) (any, error) {
	text = strings.TrimSpace(text)
	if text == "" || dataquality.IsMissing(text) {
		return nil, nil //nolint:nilnil // no value is a value here
	}
	switch a.Type {
	case TypeNumber, TypeInteger:
		return a.readNumber(text)
	case TypeMoney:
		return a.readMoney(text, rules)
	case TypeDate:
		day, findings := dataquality.DayOf(text, format)
		if day == "" || dataquality.Worst(findings) == dataquality.Error {
			return nil, a.errValue(text)
		}
		return day, nil
	case TypeBoolean:
		return a.readBoolean(text)
	case TypeChoice:
		return a.readChoice(text)
	}
	value, _ := dataquality.Text(text)
	if len(value) > textLimit*4 || len([]rune(value)) > textLimit {
		return nil, fault.New(fault.Invalid, "attribute.too_long",
			"{attribute} takes at most {limit} letters.", "attribute", a.Name, "limit", textLimit)
	}
	return value, nil
}

func (a *Attribute) errValue(text string) error {
	return fault.New(fault.Invalid, "attribute.bad_value", "{value} is no {type} value for {attribute}.",
		"value", shorten(text), "type", a.Type, "attribute", a.Name)
}

func shorten(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}

func (a *Attribute) readNumber(text string) (any, error) {
	plain := strings.NewReplacer(",", "", " ", "", "_", "").Replace(text)
	if n, err := strconv.ParseInt(plain, 10, 64); err == nil {
		return n, nil
	}
	x, err := strconv.ParseFloat(plain, 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		return nil, a.errValue(text)
	}
	if a.Type == TypeInteger || x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		if x != math.Trunc(x) || math.Abs(x) >= 1<<53 {
			return nil, a.errValue(text)
		}
		return int64(x), nil
	}
	return x, nil
}

func (a *Attribute) readMoney(text string, rules dataquality.Rules) (any, error) {
	currency := a.Currency
	if currency == "" {
		currency = rules.Currency
	}
	amount, findings := dataquality.Money(text, currency)
	if dataquality.Worst(findings) == dataquality.Error {
		return nil, a.errValue(text)
	}
	return amount.Minor, nil
}

var (
	yes = []string{"y", "yes", "true", "t", "1", "예", "네", "o", "동의", "수신", "있음", "참", "on"}
	no  = []string{"n", "no", "false", "f", "0", "아니오", "아니요", "x", "거부", "미수신", "수신거부", "없음", "거짓", "off", "미동의"}
)

func (a *Attribute) readBoolean(text string) (any, error) {
	word := dataquality.SearchKey(text)
	switch {
	case slices.Contains(yes, word):
		return true, nil
	case slices.Contains(no, word):
		return false, nil
	}
	return nil, a.errValue(text)
}

// readChoice takes any value when no choices are listed; else the listed spelling.
func (a *Attribute) readChoice(text string) (any, error) {
	value, _ := dataquality.Line(text)
	for _, choice := range a.Choices {
		if choice == value || dataquality.SearchKey(choice) == dataquality.SearchKey(value) {
			return choice, nil
		}
	}
	if len(a.Choices) > 0 {
		return nil, a.errValue(text)
	}
	return value, nil
}

// Check turns a JSON value, as the API gives it, into a value of the attribute; null empties it.
func (a *Attribute) Check(value any, rules dataquality.Rules) (any, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil //nolint:nilnil // emptied by hand
	case bool:
		if a.Type == TypeBoolean {
			return v, nil
		}
	case float64:
		return a.Check(json.Number(strconv.FormatFloat(v, 'f', -1, 64)), rules)
	case int64:
		return a.Check(json.Number(strconv.FormatInt(v, 10)), rules)
	case json.Number:
		switch a.Type {
		case TypeNumber, TypeInteger:
			return a.readNumber(v.String())
		case TypeMoney: // the API speaks minor units
			if n, err := v.Int64(); err == nil {
				return n, nil
			}
		}
		return nil, a.errValue(v.String())
	case string:
		return a.Read(v, "", rules)
	}
	raw, _ := json.Marshal(value)
	return nil, a.errValue(string(raw))
}
