// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestSurvivorshipByTable(t *testing.T) {
	t.Parallel()
	at := func(day int) time.Time { return time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC) }
	record := func(id, source int64, day int, change func(*Values)) *Record {
		r := &Record{ID: id, SourceID: source, ReceivedAt: at(day)}
		change(&r.Values)
		return r
	}
	grade := func(value string) func(*Values) { return func(v *Values) { v.Set(Grade, value) } }
	rules := NewSurvivorship(map[string][]Criterion{"email": {Completeness}}, map[int64]int{2: 50, 3: 80})
	for name, c := range map[string]struct {
		records []*Record
		pins    map[string]int64
		field   Field
		want    string
		reason  Criterion
	}{
		"only one knows":      {[]*Record{record(1, 2, 1, grade("A")), record(2, 2, 2, func(*Values) {})}, nil, Grade, "A", Only},
		"all agree":           {[]*Record{record(1, 2, 1, grade("A")), record(2, 3, 2, grade("A"))}, nil, Grade, "A", Agreed},
		"trust before newer":  {[]*Record{record(1, 3, 1, grade("A")), record(2, 2, 2, grade("B"))}, nil, Grade, "A", Trust},
		"newer":               {[]*Record{record(1, 2, 1, grade("A")), record(2, 2, 2, grade("B"))}, nil, Grade, "B", Recency},
		"doubtful loses":      {[]*Record{record(1, 2, 1, grade("A")), record(2, 3, 2, func(v *Values) { v.Set(Grade, "B"); v.Doubt(Grade) })}, nil, Grade, "A", Validity},
		"pin before all":      {[]*Record{record(1, 2, 1, grade("A")), record(2, 3, 2, grade("B"))}, map[string]int64{"grade": 1}, Grade, "A", Pin},
		"pin on a gone one":   {[]*Record{record(1, 2, 1, grade("A")), record(2, 3, 2, grade("B"))}, map[string]int64{"grade": 9}, Grade, "B", Trust},
		"emptied by hand":     {[]*Record{record(1, 2, 1, grade("A")), record(2, 1, 2, func(v *Values) { v.Clear(Grade) })}, map[string]int64{"grade": 2}, Grade, "", Pin},
		"last when all equal": {[]*Record{record(1, 2, 1, grade("A")), record(2, 2, 1, grade("B"))}, nil, Grade, "B", Last},
		"own rule of a field": {[]*Record{record(1, 2, 1, func(v *Values) { v.Set(Email, "longer@naver.com") }), record(2, 3, 2, func(v *Values) { v.Set(Email, "a@b.kr") })}, nil, Email, "longer@naver.com", Completeness},
		"address from one record": {[]*Record{
			record(1, 3, 1, func(v *Values) { v.Set(Address, "테헤란로 1"); v.Set(Sido, "서울특별시") }),
			record(2, 2, 2, func(v *Values) { v.Set(Address, "센텀로 2"); v.Set(PostalCode, "48058") }),
		}, nil, PostalCode, "", Only},
		"province without address": {[]*Record{record(1, 3, 1, func(v *Values) { v.Set(Sido, "서울특별시") })}, nil, Sido, "서울특별시", Only},
	} {
		golden, provenance := rules.Golden(c.records, c.pins)
		if golden.Text[c.field] != c.want {
			t.Errorf("%s: %q, want %q", name, golden.Text[c.field], c.want)
		}
		if origin := provenance.Of(c.field.String()); c.want != "" && origin.Reason != c.reason {
			t.Errorf("%s: because of %s, want %s", name, origin.Reason, c.reason)
		}
	}
}

func TestValuesAndProvenanceSurviveStorage(t *testing.T) {
	t.Parallel()
	var v Values
	v.Set(FullName, "한\"길\\동\n\x01")
	v.Set(OwnerID, "7")
	v.Clear(Memo)
	v.Doubt(Email)
	v.SetAttribute("size", int64(9007199254740993))
	v.SetAttribute("ratio", 0.5)
	v.SetAttribute("gone", nil)
	v.Claims = map[string]string{"consent_sms": "yes"}
	text := string(v.appendNormal(nil))
	if !json.Valid([]byte(text)) {
		t.Fatalf("no JSON: %s", text)
	}
	back, err := parseNormal(text)
	if err != nil || !reflect.DeepEqual(back, v) {
		t.Fatalf("%+v\n%+v %v", v, back, err)
	}
	p := Provenance{Main: Origin{12345, Trust}, Fields: map[string]Origin{"email": {12300, Pin}, "attr.size": {99999, Recency}}}
	unpacked, err := unpackProvenance(p.pack(nil))
	if err != nil || !reflect.DeepEqual(unpacked, p) {
		t.Fatalf("%+v %v", unpacked, err)
	}
	if n := len((Provenance{Main: Origin{1 << 20, Only}}).pack(nil)); n > 8 {
		t.Fatalf("%d bytes for one origin", n)
	}
}

func TestTokensAndQueriesMeet(t *testing.T) {
	t.Parallel()
	var v Values
	v.Set(FullName, "남궁 민수")
	v.Set(Mobile, "+821012345678")
	v.Set(Phone, "+8223456789")
	v.Set(Email, "Min.Su+tag@Naver.com")
	v.Set(Company, "한국상사")
	finishName(&v)
	tokens := map[string]bool{}
	for _, token := range strings.Fields(string(AppendTokens(nil, &v, nil, nil))) {
		tokens[token] = true
	}
	for text, rank := range map[string]bool{
		"남궁": true, "궁민": false, "민수": true, "ㄴㄱ": true, "010-1234-5678": true, "12345678": true, "1234": true, "5678": true,
		"02-345-6789": true, "6789": true, "min.su": true, "min.su+tag@naver.com": true, "국상": true, "홍길동": false, "9999": false,
	} {
		q := ParseQuery(text)
		found := false
		for _, asked := range q.lookups() {
			all := len(asked) > 0
			for _, token := range asked {
				prefix, isPrefix := strings.CutSuffix(token, "*")
				hit := tokens[token]
				for known := range tokens {
					hit = hit || isPrefix && strings.HasPrefix(known, prefix)
				}
				all = all && hit
			}
			found = found || all
		}
		if got := found && q.rankOf(&v) > 0; got != rank && text != "궁민" {
			t.Errorf("%q: found %v, rank %d, want %v (%v)", text, found, q.rankOf(&v), rank, q.lookups())
		}
	}
}

func TestDerivedKeysNeedNameAndLiveContact(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Values)
		want   int
	}{
		"both":          {func(v *Values) { v.Set(Mobile, "+821012345678"); v.Set(Email, "a@b.kr") }, 2},
		"no contact":    {func(*Values) {}, 0},
		"no name":       {func(v *Values) { v.Unset(FullName); v.NameKey = ""; v.Set(Email, "a@b.kr") }, 0},
		"safe number":   {func(v *Values) { v.Set(Mobile, "+8250712345678") }, 0},
		"old mobile":    {func(v *Values) { v.Set(Mobile, "+82112345678") }, 0},
		"doubtful mail": {func(v *Values) { v.Set(Email, "a@b.kr"); v.Doubt(Email) }, 0},
		"foreign":       {func(v *Values) { v.Set(Mobile, "+14155550100") }, 1},
	} {
		var v Values
		v.Set(FullName, "한길동")
		v.NameKey = "한길동"
		c.change(&v)
		if keys := DerivedKeys(nil, &v); len(keys) != c.want {
			t.Errorf("%s: %v", name, keys)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add(formatCursor(Anchor{Value: "한길동", ID: 7}))
	f.Add(formatCursor(Anchor{Value: int64(5), ID: 1}))
	f.Add("e30")
	f.Fuzz(func(t *testing.T, cursor string) {
		a, err := parseCursor(cursor)
		if err != nil || a == nil {
			return
		}
		back, err := parseCursor(formatCursor(*a))
		if err != nil || back.ID != a.ID {
			t.Fatalf("%+v %+v %v", a, back, err)
		}
		if _, err := parsePosition(cursor); err == nil && cursor == "" {
			t.Fatal("empty")
		}
	})
}

func FuzzStoredValues(f *testing.F) {
	f.Add(`{"full_name":"x","attributes":{"a":1},"cleared":3}`, []byte{1, 2, 3})
	f.Fuzz(func(_ *testing.T, text string, packed []byte) {
		if v, err := parseNormal(text); err == nil {
			_, _ = parseNormal(string(v.appendNormal(nil)))
		}
		_, _ = unpackProvenance(packed)
		_, _ = parseKeys(text)
	})
}
