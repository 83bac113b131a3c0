// SPDX-License-Identifier: Apache-2.0

package web

import (
	"path"
	"reflect"
	"strings"
	"sync"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
)

// schemaNamer names the schemas of the API document. Type names are unique in
// their package only, so each carries its package's word: customer.Filter is
// CustomerFilter, customer.Customer stays Customer.
type schemaNamer struct{ current string }

// enter notes whose routes are being registered; unnamed body types belong there.
func (n *schemaNamer) enter(input reflect.Type) {
	if word := wordOf(input.PkgPath()); word != "" && word != "web" {
		n.current = word
	}
}

func (n *schemaNamer) name(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	full := t.Name()
	if full == "" {
		return prefixed(n.current, huma.DefaultSchemaNamer(t, hint))
	}
	outer, inner, isGeneric := strings.Cut(strings.TrimSuffix(full, "]"), "[")
	if !isGeneric {
		return prefixed(wordOf(t.PkgPath()), title(outer))
	}
	if wordOf(t.PkgPath()) == "web" && outer == "PageBody" {
		return qualified(inner) + "Page"
	}
	return prefixed(wordOf(t.PkgPath()), title(outer)) + qualified(inner)
}

// qualified names a type argument such as "dangol/internal/customer.Row".
func qualified(argument string) string {
	var out strings.Builder
	for _, one := range strings.Split(argument, ",") {
		one = strings.Trim(one, "*[]")
		dot := strings.LastIndexByte(one, '.')
		if dot < 0 {
			out.WriteString(title(one))
			continue
		}
		out.WriteString(prefixed(wordOf(one[:dot]), title(one[dot+1:])))
	}
	return out.String()
}

func wordOf(pkg string) string {
	if !strings.HasPrefix(pkg, "dangol/") {
		return ""
	}
	return path.Base(pkg)
}

func prefixed(word, name string) string {
	if word == "" || word == "web" || strings.HasPrefix(strings.ToLower(name), word) {
		return name
	}
	return title(word) + name
}

func title(word string) string {
	runes := []rune(word)
	if len(runes) > 0 {
		runes[0] = unicode.ToUpper(runes[0])
	}
	return string(runes)
}

// fillLists turns nil slices of an answer into empty ones: the document
// promises arrays, and Go would write null.
func fillLists(_ huma.Context, _ string, v any) (any, error) {
	value := reflect.ValueOf(v)
	if !value.IsValid() || !holdsLists(value.Type()) {
		return v, nil
	}
	if value.Kind() == reflect.Struct || value.Kind() == reflect.Slice {
		copied := reflect.New(value.Type()).Elem()
		copied.Set(value)
		fill(copied)
		return copied.Interface(), nil
	}
	fill(value)
	return v, nil
}

func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fill(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && holdsLists(v.Field(i).Type()) {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			if v.CanSet() && v.Type().Elem().Kind() != reflect.Uint8 {
				v.Set(reflect.MakeSlice(v.Type(), 0, 0))
			}
			return
		}
		if holdsLists(v.Type().Elem()) {
			for i := range v.Len() {
				fill(v.Index(i))
			}
		}
	}
}

var listTypes sync.Map // reflect.Type → bool

// holdsLists reports whether values of the type can hold a slice anywhere.
func holdsLists(t reflect.Type) bool {
	if known, ok := listTypes.Load(t); ok {
		return known.(bool)
	}
	listTypes.Store(t, true) // a recursive type may hold lists; the walk ends at nil
	holds := false
	switch t.Kind() {
	case reflect.Slice:
		holds = t.Elem().Kind() != reflect.Uint8
	case reflect.Pointer:
		holds = holdsLists(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if t.Field(i).IsExported() && holdsLists(t.Field(i).Type) {
				holds = true
			}
		}
	}
	listTypes.Store(t, holds)
	return holds
}
