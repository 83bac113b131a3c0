// SPDX-License-Identifier: Apache-2.0

package mining

import "context"

// Introducers knows who introduced whom: customer by the one who introduced
// them, both as they are now.
type Introducers interface {
	IntroducerOf(ctx context.Context) (map[int64]int64, error)
}

// UseIntroducers connects who knows introductions.
func (s *Service) UseIntroducers(i Introducers) { s.introducers = i }

// Family is the value that customers have through others.
type Family struct {
	// Introducers brought Introduced customers with a value, of which Referral counts for them.
	Introducers int     `json:"introducers"`
	Introduced  int     `json:"introduced"`
	Referral    float64 `json:"referral_value"`
	Share       float64 `json:"referral_share" doc:"of the value of those introduced"`
	// Households have at least two buyers; Household is their value together.
	Households int     `json:"households"`
	Members    int     `json:"members"`
	Household  float64 `json:"household_value"`
	Best       float64 `json:"best_household"`
}

// related adds what customers are worth through those whom they introduced and
// with those they live with.
func (s *Service) related(ctx context.Context, out *ValueResult, rows []valueRow, ids []int64) error {
	at := make(map[int64]int, len(rows))
	for i := range rows {
		at[ids[rows[i].customer]] = i
		rows[i].household = rows[i].Value
	}
	out.Family.Share = out.Settings.Referral
	if s.introducers != nil {
		by, err := s.introducers.IntroducerOf(ctx)
		if err != nil {
			return err
		}
		known := map[int64]bool{}
		for whom, introducer := range by {
			i, isBuyer := at[whom]
			above, isWorth := at[introducer]
			if !isBuyer || !isWorth {
				continue
			}
			rows[above].referral += out.Settings.Referral * rows[i].Value
			out.Family.Referral += out.Settings.Referral * rows[i].Value
			out.Family.Introduced++
			known[introducer] = true
		}
		out.Family.Introducers = len(known)
	}
	return s.households(ctx, out, rows, at)
}

func (s *Service) households(ctx context.Context, out *ValueResult, rows []valueRow, at map[int64]int) error {
	if _, there := s.warehouse.Column(customersTable, "household_id"); !there {
		return nil
	}
	list, err := s.warehouse.Query(ctx, "SELECT id, household_id FROM "+customersTable+" WHERE household_id IS NOT NULL")
	if err != nil {
		return err
	}
	defer func() { _ = list.Close() }()
	members := map[int64][]int{}
	for list.Next() {
		var id, household int64
		if err := list.Scan(&id, &household); err != nil {
			return err
		}
		if i, isBuyer := at[id]; isBuyer {
			members[household] = append(members[household], i)
		}
	}
	if err := list.Err(); err != nil {
		return err
	}
	for _, people := range members {
		sum := 0.0
		for _, i := range people {
			sum += rows[i].Value
		}
		for _, i := range people {
			rows[i].household = sum
		}
		if len(people) < 2 {
			continue
		}
		out.Family.Households++
		out.Family.Members += len(people)
		out.Family.Household += sum
		out.Family.Best = max(out.Family.Best, sum)
	}
	return nil
}
