// SPDX-License-Identifier: Apache-2.0

package household

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"dangol/internal/dataquality"
)

var today = dataquality.Date{Year: 2026, Month: 11, Day: 30}

func place(address, detail string) Place { return PlaceOf(address, detail, "", today) }

func TestPlaceOf(t *testing.T) {
	t.Parallel()
	road := place("경기도 이천시 중리천로 138-20 (중리동, 중리중흥S클래스)", "120동 1002호")
	for _, row := range []struct {
		name, address, detail string
		agrees, isUnit        bool
	}{
		{"the same without reference", "경기도 이천시 중리천로 138-20", "120동 1002호", true, true},
		{"block and room with a hyphen", "경기도 이천시 중리천로 138-20", "120-1002", true, true},
		{"room with a leading zero", "경기도 이천시 중리천로 138-20", "0120동 01002호", true, true},
		{"lot number with the building's name", "경기도 이천시 중리동 568", "중리중흥S클래스 120동 1002호", true, true},
		{"another flat", "경기도 이천시 중리천로 138-20", "120동 1003호", false, true},
		{"another block", "경기도 이천시 중리천로 138-20", "121동 1002호", false, true},
		{"another number", "경기도 이천시 중리천로 138", "120동 1002호", false, true},
		{"no flat", "경기도 이천시 중리천로 138-20", "", false, false},
		{"the same flat of another town", "경기도 이천시 창전동 568", "중리중흥S클래스 120동 1002호", false, true},
	} {
		got := place(row.address, row.detail)
		agrees := false
		for i := range got.Hashes {
			agrees = agrees || got.Hashes[i] != 0 && got.Hashes[i] == road.Hashes[i]
		}
		if agrees != row.agrees || got.IsUnit != row.isUnit || !got.IsKnown() {
			t.Errorf("%s: agrees %v, is unit %v, known %v", row.name, agrees, got.IsUnit, got.IsKnown())
		}
	}
	for _, row := range [][2]string{
		{"경기도 화성시 노작로53번길 187", "경기도 화성시 동탄구 노작로53번길 187"},
		{"인천광역시 서구 완정로65번길 41", "인천광역시 검단구 완정로65번길 41"},
	} {
		if before, after := place(row[0], "510호"), place(row[1], "510호"); before != after {
			t.Errorf("%s and %s are two places", row[0], row[1])
		}
	}
	if place("상동", "").IsKnown() {
		t.Error("an address that cannot be read is a place")
	}
}

// home makes people of one flat; each text is family name, rest, year of birth, sex.
func home(from int64, flat Place, people ...string) []Human {
	list := make([]Human, len(people))
	for i, text := range people {
		var family, rest string
		var year int
		var sex string
		if _, err := fmt.Sscan(text, &family, &rest, &year, &sex); err != nil {
			panic(err)
		}
		list[i] = Human{ID: from + int64(i), Name: family + rest, Family: family, Birth: (year-1970)*365 + i, Sex: sex[0], Place: flat}
		if year == 0 {
			list[i].Birth = unknownBirth
		}
	}
	return list
}

func sizes(r Result) []int {
	var list []int
	for _, h := range r.Households {
		list = append(list, len(h.Members))
	}
	return list
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	flat := place("서울특별시 강남구 테헤란로 152", "101동 1203호")
	building := place("서울특별시 강남구 테헤란로 152", "")
	crowd := make([]string, 12)
	for i := range crowd {
		crowd[i] = fmt.Sprintf("%c 직원%d %d m", rune('가'+i*600), i, 1960+i)
	}
	colleagues := home(1, flat, "김 철수 1970 m", "이 영희 1972 f", "김 민준 1999 m")
	for i := range colleagues {
		colleagues[i].Phone = 7
	}
	colleagues[0].Firm = 9
	typos := home(1, flat, "김 철수 1970 m", "이 영희 1972 f", "김 민준 2000 m", "김 서연 2003 f", "김 쳘수 0 m", "이 영희씨 0 f", "김 민쥰 0 m", "김 셔연 0 f", "김 서연 0 f")
	for _, row := range []struct {
		name   string
		people []Human
		told   Told
		sizes  []int
	}{
		{"partners with other names", home(1, flat, "김 철수 1970 m", "이 영희 1972 f"), Told{}, []int{2}},
		{"family of four", home(1, flat, "김 철수 1970 m", "이 영희 1972 f", "김 민준 2000 m", "김 서연 2003 f"), Told{}, []int{4}},
		{"one person twice", home(1, flat, "김 철수 1970 m", "김 철수 0 m"), Told{}, nil},
		{"one letter apart", home(1, flat, "이 진원 0 m", "이 친원 0 m"), Told{}, nil},
		{"one person in three spellings", home(1, flat, "이 상규 0 m", "이 상균 0 m", "이 상균씨 0 m"), Told{}, nil},
		{"with a title", home(1, flat, "이 서현 0 m", "이 서현씨 0 m"), Told{}, nil},
		{"neighbours of a building", home(1, building, "김 철수 1970 m", "이 영희 1972 f"), Told{}, nil},
		{"family of a building", home(1, building, "남궁 철수 1970 m", "남궁 영희 1999 f"), Told{}, []int{2}},
		{"told apart", home(1, flat, "김 철수 1970 m", "이 영희 1972 f"), Told{Parted: map[Pair]bool{{1, 2}: true}}, nil},
		{"crowded place", home(1, flat, crowd...), Told{}, nil},
		{"an office: the landline is that of a firm", colleagues, Told{}, nil},
		{"a family with doubles is no crowd", typos, Told{}, []int{9}},
		{"alone", home(1, flat, "김 철수 1970 m"), Told{}, nil},
	} {
		if got := sizes(Suggest(row.people, row.told)); !slices.Equal(got, row.sizes) {
			t.Errorf("%s: households of %v people, want %v", row.name, got, row.sizes)
		}
	}
	guarded := Suggest(home(1, flat, crowd...), Told{})
	if guarded.CrowdCount != 1 || guarded.CrowdPeople != 12 {
		t.Errorf("crowded places: %d with %d people", guarded.CrowdCount, guarded.CrowdPeople)
	}
}

func TestDoublesLookLikeNoFamily(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		a, b string
		same bool
	}{
		{"이준영씨", "이준엉", true},
		{"김수진(모)", "김슈진", true},
		{"정지석사모", "정치석", true},
		{"지은나", "나지은", true},
		{"서준안", "안셔준", true},
		{"김윤서", "kimyoonseo", true},
		{"이지훈", "jihoonrhee", true},
		{"kangeun-jung", "강은정", true},
		{"윤서한", "hanyoonseo", true},
		{"jungsoo-bin", "정수빈", true},
		{"김철수", "이영희", false},
		{"김민준", "김서연", false},
		{"송현정", "choyjung-min", false},
		{"김정미", "kimseoyeon", false},
		{"김씨", "이씨", false},
	} {
		a, b := Human{Name: row.a, Birth: unknownBirth}, Human{Name: row.b, Birth: unknownBirth}
		if isSamePerson(&a, &b) != row.same || isSamePerson(&b, &a) != row.same {
			t.Errorf("%s and %s: may be one person is %v", row.a, row.b, !row.same)
		}
	}
}

// The answer does not depend on the order of the people, nobody is in two households, nobody who was told
// apart is together, and every member has evidence.
func TestSuggestProperties(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		var people []Human
		parted := map[Pair]bool{}
		for i := range 200 {
			flat := place(fmt.Sprintf("서울특별시 강남구 테헤란로 %d", 1+r.IntN(12)), fmt.Sprintf("%d동 %d호", 101+r.IntN(2), 101+r.IntN(3)))
			family := string([]rune{'김', '이', '박', '최'}[r.IntN(4)])
			people = append(people, home(int64(i+1), flat, fmt.Sprintf("%s %c%c %d %c", family, '가'+rune(r.IntN(500)), '나'+rune(r.IntN(500)), 1940+r.IntN(70), "mf"[r.IntN(2)]))...)
		}
		for range 40 {
			parted[PairOf(int64(1+r.IntN(200)), int64(1+r.IntN(200)))] = true
		}
		first := Suggest(slices.Clone(people), Told{Parted: parted})
		r.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
		second := Suggest(people, Told{Parted: parted})
		if fmt.Sprint(first) != fmt.Sprint(second) {
			t.Fatalf("seed %d: the order of the people changes the answer", seed)
		}
		seen := map[int64]bool{}
		for _, h := range first.Households {
			if len(h.Members) < 2 || len(h.Members) > largest || h.Confidence < 500 || h.Confidence > 1000 {
				t.Fatalf("seed %d: household of %d members with confidence %d", seed, len(h.Members), h.Confidence)
			}
			for i, m := range h.Members {
				if seen[m.CustomerID] || len(m.Evidence) == 0 {
					t.Fatalf("seed %d: customer %d is twice there or has no evidence", seed, m.CustomerID)
				}
				seen[m.CustomerID] = true
				for _, other := range h.Members[i+1:] {
					if parted[PairOf(m.CustomerID, other.CustomerID)] {
						t.Fatalf("seed %d: %d and %d were told apart", seed, m.CustomerID, other.CustomerID)
					}
				}
			}
		}
	}
}

func TestWeighIsSymmetric(t *testing.T) {
	t.Parallel()
	r := rates{familyU: 0.1}
	people := home(1, place("서울특별시 강남구 테헤란로 152", "101동 1203호"), "김 철수 1970 m", "이 영희 1972 f", "김 민준 2000 m", "박 서연 0 f")
	people[0].Phone, people[1].Phone = 5, 5
	for i := range people {
		for j := range people {
			a, b := r.weigh(&people[i], &people[j], true, false, 2), r.weigh(&people[j], &people[i], true, false, 2)
			if a.Probability != b.Probability || !slices.Equal(a.Reasons, b.Reasons) || a.Probability <= 0 || a.Probability >= 1 {
				t.Errorf("%d and %d: %v, %v", i, j, a, b)
			}
		}
	}
}
