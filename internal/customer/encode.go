// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// AppendText appends s as a JSON string; it is the hot path of imports, where encoding/json costs
// several times as much. Invalid UTF-8 becomes U+FFFD.
func AppendText(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(append(dst, s[start:i]...), "\ufffd"...)
				start = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\r':
			dst = append(dst, '\\', 'r')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

// AppendCells appends the cells of a row as a JSON list, as records keep them.
func AppendCells(dst []byte, cells []string) []byte {
	dst = append(dst, '[')
	for i, cell := range cells {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendText(dst, cell)
	}
	return append(dst, ']')
}

// appendNormal appends the values as the JSON object that records.normal holds.
func (v *Values) appendNormal(dst []byte) []byte {
	dst = append(dst, '{')
	first := len(dst)
	name := func(s string) {
		if len(dst) > first {
			dst = append(dst, ',')
		}
		dst = append(append(append(dst, '"'), s...), '"', ':')
	}
	for f := range fields {
		if text := v.Text[f]; text != "" {
			name(fields[f].Name)
			dst = AppendText(dst, text)
		}
	}
	if v.NameKey != "" {
		name("name_key")
		dst = AppendText(dst, v.NameKey)
	}
	if len(v.Attributes) > 0 {
		name("attributes")
		dst = appendAttributes(dst, v.Attributes)
	}
	if len(v.Claims) > 0 {
		name("claims")
		dst = appendTexts(dst, v.Claims)
	}
	if v.cleared != 0 {
		name("cleared")
		dst = strconv.AppendUint(dst, uint64(v.cleared), 10)
	}
	if v.doubtful != 0 {
		name("doubtful")
		dst = strconv.AppendUint(dst, uint64(v.doubtful), 10)
	}
	return append(dst, '}')
}

func appendTexts(dst []byte, texts map[string]string) []byte {
	dst = append(dst, '{')
	for i, name := range slices.Sorted(maps.Keys(texts)) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendText(append(AppendText(dst, name), ':'), texts[name])
	}
	return append(dst, '}')
}

// appendAttributes appends custom attributes in the order of their names, so that equal values are
// equal bytes.
func appendAttributes(dst []byte, attributes map[string]any) []byte {
	dst = append(dst, '{')
	for i, name := range slices.Sorted(maps.Keys(attributes)) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(AppendText(dst, name), ':')
		dst = appendValue(dst, attributes[name])
	}
	return append(dst, '}')
}

func appendValue(dst []byte, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(dst, "null"...)
	case string:
		return AppendText(dst, v)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return strconv.AppendFloat(dst, v, 'g', -1, 64)
	case bool:
		return strconv.AppendBool(dst, v)
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return append(dst, "null"...)
	}
	return append(dst, raw...)
}

// ParseValues reads normalised values as a record keeps them.
func ParseValues(text string) (Values, error) { return parseNormal(text) }

// parseNormal reads what appendNormal wrote.
func parseNormal(text string) (Values, error) {
	var v Values
	var raw map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return v, fmt.Errorf("read normalised values: %w", err)
	}
	for name, value := range raw {
		if err := v.parse(name, value); err != nil {
			return v, fmt.Errorf("read normalised value %s: %w", name, err)
		}
	}
	return v, nil
}

func (v *Values) parse(name string, value json.RawMessage) error {
	switch name {
	case "name_key":
		return json.Unmarshal(value, &v.NameKey)
	case "attributes":
		var err error
		v.Attributes, err = parseAttributes(string(value))
		return err
	case "claims":
		return json.Unmarshal(value, &v.Claims)
	case "cleared":
		return json.Unmarshal(value, &v.cleared)
	case "doubtful":
		return json.Unmarshal(value, &v.doubtful)
	}
	if f, ok := fieldByName[name]; ok {
		return json.Unmarshal(value, &v.Text[f])
	}
	return nil // a field of a newer version
}

// parseAttributes reads a JSON object of attributes; whole numbers come as int64.
func parseAttributes(text string) (map[string]any, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no attributes is the empty map
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return nil, fmt.Errorf("read attributes: %w", err)
	}
	attributes := make(map[string]any, len(raw))
	for name, value := range raw {
		attributes[name] = plainValue(value)
	}
	return attributes, nil
}

// plainValue reads a JSON value as nil, bool, int64, float64, string or a list of them.
func plainValue(raw json.RawMessage) any {
	if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return n
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return nil
	}
	return value
}

// appendKeys appends keys as records.keys holds them: [[scheme,"value"],…].
func appendKeys(dst []byte, keys []Key) []byte {
	dst = append(dst, '[')
	for i, key := range keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(append(dst, '['), key.SchemeID, 10)
		dst = append(AppendText(append(dst, ','), key.Value), ']')
	}
	return append(dst, ']')
}

func parseKeys(text string) ([]Key, error) {
	if text == "" {
		return nil, nil
	}
	var raw [][2]json.RawMessage
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	keys := make([]Key, len(raw))
	for i, pair := range raw {
		if err := json.Unmarshal(pair[0], &keys[i].SchemeID); err != nil {
			return nil, fmt.Errorf("read keys: %w", err)
		}
		if err := json.Unmarshal(pair[1], &keys[i].Value); err != nil {
			return nil, fmt.Errorf("read keys: %w", err)
		}
	}
	return keys, nil
}
