// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"

	"dangol/internal/dataquality"
)

// Read normalises typed or given values by field name as an import would; what cannot be read is left out.
// Nothing is written.
func (s *Service) Read(ctx context.Context, given map[string]string) (Values, error) {
	row := dataquality.NewRow(s.qualityRules(ctx))
	row.Reset()
	for name, text := range given {
		f, ok := fieldByName[name]
		if !ok {
			return Values{}, errUnknownField(name)
		}
		text, err := textOf(name, text)
		if err != nil {
			return Values{}, err
		}
		if in := fields[f].input; in != dataquality.NoField && text != "" {
			redacted, _ := dataquality.Redact(text)
			row.Set(in, "", redacted)
		}
	}
	row.Finish()
	v := FromRow(row)
	v.NameKey = dataquality.SearchKey(v.Text[FullName])
	return v, nil
}

// SourceLabels are the labels of sources by id.
func (s *Service) SourceLabels(ctx context.Context) map[int64]string {
	labels := map[int64]string{}
	for id, source := range s.rules.current(ctx).sources {
		labels[id] = source.Label
	}
	return labels
}
