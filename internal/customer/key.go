// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"

	"dangol/internal/dataquality"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

// keyLimit is the longest key that is kept; longer ones are no keys.
const keyLimit = 200

// NormalKey writes a key the one way it is stored: trimmed, without hidden characters, upper case.
// Leading zeros stay: 0042 and 42 are different members in many systems.
func NormalKey(value string) string {
	if plainKey(value) {
		return value
	}
	line, _ := dataquality.Line(value)
	key := strings.ToUpper(strings.ReplaceAll(dataquality.SearchKey(line), " ", ""))
	if len(key) > keyLimit {
		return ""
	}
	return key
}

func plainKey(value string) bool {
	if len(value) == 0 || len(value) > keyLimit {
		return false
	}
	for i := range len(value) {
		c := value[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// derivedSize is the number of hash bytes of a derived key: at 20 million keys two different people share
// one with a probability of 4e-8.
const derivedSize = 9

// DerivedKeys returns the keys that follow from the values: e-mail or mobile together with the same name,
// never one of them alone. Numbers that expire, placeholders and numbers that reach nobody are no keys.
func DerivedKeys(dst []Key, v *Values) []Key {
	name := strings.ReplaceAll(v.nameKey(), " ", "")
	if name == "" || v.IsDoubtful(FullName) {
		return dst
	}
	if email := v.Text[Email]; email != "" && !v.IsDoubtful(Email) {
		dst = append(dst, Key{EmailAndName, derive(dataquality.EmailKey(email), name)})
	}
	if mobile := v.Text[Mobile]; identifies(mobile) && !v.IsDoubtful(Mobile) {
		dst = append(dst, Key{MobileAndName, derive(mobile, name)})
	}
	return dst
}

// identifies reports whether a mobile number may stand for a person: 050 safe numbers are lent for one
// delivery (F-TEL), and only live mobile numbers reach anybody.
func identifies(mobile string) bool {
	national, isKorean := strings.CutPrefix(mobile, "+82")
	return strings.HasPrefix(mobile, "+") && (!isKorean || strings.HasPrefix(national, "10"))
}

func derive(contact, name string) string {
	var space [128]byte
	text := append(append(append(space[:0], contact...), 0), name...)
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:derivedSize])
}

func errNoScheme(name string) error {
	return fault.New(fault.Invalid, "customer.no_scheme", "There is no key scheme {name}.", "name", name)
}

func errNoSource(name string) error {
	return fault.New(fault.NotFound, "customer.no_source", "There is no source {name}.", "name", name)
}

// FindScheme returns the key scheme of the name, or fault.Invalid.
func (s *Service) FindScheme(ctx context.Context, name string) (KeyScheme, error) {
	list, err := s.store.ListSchemes(ctx)
	if err != nil {
		return KeyScheme{}, err
	}
	for _, k := range list {
		if k.Name == name {
			return k, nil
		}
	}
	return KeyScheme{}, errNoScheme(name)
}

// EnsureScheme returns the declared key scheme of the name and makes it when there is none.
func (s *Service) EnsureScheme(ctx context.Context, name, label string) (KeyScheme, error) {
	var scheme KeyScheme
	err := s.db.Within(ctx, func(ctx context.Context) error {
		list, err := s.store.ListSchemes(ctx)
		if err != nil {
			return err
		}
		for _, k := range list {
			if k.Name == name {
				scheme = k
				return nil
			}
		}
		if label == "" {
			label = name
		}
		scheme, err = s.store.CreateScheme(ctx, KeyScheme{Name: name, Label: label, Kind: "declared"})
		s.rules.forget()
		return err
	})
	return scheme, err
}

// EnsureSource returns the source of the name and makes it when there is none.
func (s *Service) EnsureSource(ctx context.Context, name string) (Source, error) {
	var source Source
	name = strings.TrimSpace(name)
	if name == "" || len(name) > keyLimit {
		return source, fault.New(fault.Invalid, "customer.bad_source", "Name the source that the data comes from, in at most 200 letters.")
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		source, err = s.store.FindSource(ctx, name)
		if fault.Is(err, fault.NotFound) {
			source, err = s.store.CreateSource(ctx, Source{Name: name, Label: name, Kind: "file", Trust: defaultTrust})
			s.rules.forget()
		}
		return err
	})
	return source, err
}

// defaultTrust is the trust of a source that nobody has judged yet.
const defaultTrust = 50

// UpdateScheme names a key scheme and says whether a person has only one key of it. Records that are
// linked already stay so; the next ones are judged by the new rule.
func (s *Service) UpdateScheme(ctx context.Context, id int64, label string, onePerPerson bool) (KeyScheme, error) {
	var scheme KeyScheme
	err := s.db.Within(ctx, func(ctx context.Context) error {
		list, err := s.store.ListSchemes(ctx)
		if err != nil {
			return err
		}
		for _, k := range list {
			if k.ID == id {
				scheme = k
			}
		}
		if scheme.ID == 0 {
			return fault.New(fault.NotFound, "customer.no_scheme", "There is no key scheme {name}.", "name", id)
		}
		scheme.Label, scheme.OnePerPerson = label, onePerPerson && scheme.Kind == "declared"
		if err := s.store.UpdateScheme(ctx, scheme); err != nil {
			return err
		}
		return s.logRule(ctx, "match.scheme_changed", scheme.ID, scheme)
	})
	s.rules.forget()
	return scheme, err
}

// SaveSurvivorship sets the order of criteria of one field; no criteria lets the default hold again.
func (s *Service) SaveSurvivorship(ctx context.Context, rule SurvivorshipRule) error {
	if rule.Criteria != "" {
		if _, err := ParseCriteria(rule.Criteria); err != nil {
			return err
		}
	}
	if rule.Field != "*" && !s.isField(ctx, rule.Field) || rule.Field == "*" && rule.Criteria == "" {
		return errUnknownField(rule.Field)
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.SaveSurvivorship(ctx, rule); err != nil {
			return err
		}
		if err := s.orderRecompute(ctx); err != nil {
			return err
		}
		return s.logRule(ctx, "customer.rule_changed", 0, rule)
	})
	s.rules.forget()
	return err
}

func (s *Service) logRule(ctx context.Context, kind string, id int64, after any) error {
	entry := journal.Entry{Capability: "customer", Kind: kind, SubjectKind: "rule"}
	if id != 0 {
		entry.SubjectIDs = []int64{id}
	}
	entry.After, _ = json.Marshal(after) // plain structs
	return s.journal.Append(ctx, entry)
}

// ListSources returns where records come from.
func (s *Service) ListSources(ctx context.Context) ([]Source, error) { return s.store.ListSources(ctx) }

// SaveSource makes (id 0) or changes a source; its name never changes. A new trust shows in golden rows
// as soon as they have been computed anew in the background.
func (s *Service) SaveSource(ctx context.Context, source Source) (Source, error) {
	if source.Trust < 0 || source.Trust > 100 {
		return source, fault.New(fault.Invalid, "customer.bad_trust", "Trust is a number from 0 to 100.")
	}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		if source.ID == 0 {
			return s.createSource(ctx, &source)
		}
		list, err := s.store.ListSources(ctx)
		if err != nil {
			return err
		}
		for _, known := range list {
			if known.ID != source.ID {
				continue
			}
			source.Name, source.Kind, source.CreatedAt = known.Name, known.Kind, known.CreatedAt
			if err := s.store.UpdateSource(ctx, source); err != nil {
				return err
			}
			if known.Trust != source.Trust {
				if err := s.orderRecompute(ctx); err != nil {
					return err
				}
			}
			return s.logRule(ctx, "intake.source_changed", source.ID, source)
		}
		return fault.New(fault.NotFound, "customer.no_source", "There is no source {name}.", "name", source.ID)
	})
	s.rules.forget()
	return source, err
}

func (s *Service) createSource(ctx context.Context, source *Source) error {
	source.Name = strings.TrimSpace(source.Name)
	if source.Name == "" || len(source.Name) > keyLimit {
		return fault.New(fault.Invalid, "customer.bad_source", "Name the source that the data comes from, in at most 200 letters.")
	}
	if _, err := s.store.FindSource(ctx, source.Name); !fault.Is(err, fault.NotFound) {
		if err != nil {
			return err
		}
		return fault.New(fault.Conflict, "customer.source_exists", "There is a source {name} already.", "name", source.Name)
	}
	if source.Label == "" {
		source.Label = source.Name
	}
	source.Kind = "file"
	made, err := s.store.CreateSource(ctx, *source)
	if err != nil {
		return err
	}
	*source = made
	return s.logRule(ctx, "intake.source_created", made.ID, made)
}
