// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// identityFields are all that may be kept of who was party to a trade: what tells them apart and reaches them
// (E-Commerce Act, article 6(2)).
var identityFields = []Field{FullName, Company, BRN, Mobile, Phone, Email, PostalCode, Address, AddressDetail}

// KeptIdentity is who was party to a trade; nothing else is kept of an erased person.
type KeptIdentity struct {
	Values map[string]string `json:"values" doc:"By names of standard fields."`
	Keys   []string          `json:"keys" doc:"Keys of the person in other systems."`
}

// Kept is an identity that a law keeps apart from all other data until a day.
type Kept struct {
	ID int64 `json:"id"`
	Duty
	// Identity is there when it was opened.
	Identity *KeptIdentity `json:"identity,omitempty"`
}

// ErasureRow is one line of the register of erasures.
type ErasureRow struct {
	ID         int64     `json:"id"`
	CustomerID int64     `json:"customer_id"`
	Reason     string    `json:"reason" enum:"request,retention,mistake"`
	Records    int       `json:"records"`
	ErasedAt   time.Time `json:"erased_at"`
	ErasedBy   int64     `json:"erased_by"`
	Kept       []Kept    `json:"kept" doc:"What is kept apart still, without its contents."`
}

// keepApart seals the identity of the person for each law that asks for it, before their values go.
func (s *Service) keepApart(ctx context.Context, e *Erasure) error {
	if len(e.Kept) == 0 {
		return nil
	}
	c, err := s.store.Find(ctx, e.CustomerID)
	if err != nil {
		return err
	}
	identity := KeptIdentity{Values: map[string]string{}, Keys: []string{}}
	for _, f := range identityFields {
		if value := c.Values.Text[f]; value != "" {
			identity.Values[fields[f].Name] = value
		}
	}
	for _, r := range e.Records {
		for _, key := range declaredKeys(r.Keys) {
			if !slices.Contains(identity.Keys, key.Value) {
				identity.Keys = append(identity.Keys, key.Value)
			}
		}
	}
	plain, err := json.Marshal(identity)
	if err != nil {
		return err
	}
	for _, duty := range e.Kept {
		sealed, err := s.journal.SealApart(keptPlace(e.ID, duty.Law), plain)
		if err != nil {
			return fmt.Errorf("seal who customer %d was: %w", e.CustomerID, err)
		}
		if err := s.store.insertKept(ctx, e, &duty, sealed); err != nil {
			return err
		}
	}
	return nil
}

// keptPlace binds a sealed identity to its erasure and law.
func keptPlace(erasureID int64, law string) string { return fmt.Sprintf("kept/%d/%s", erasureID, law) }

// wholeCompany refuses those who see a part of the customers only: an erased customer has no branch any more.
func wholeCompany(ctx context.Context) error {
	if auth.ScopeOf(ctx).All {
		return nil
	}
	return fault.New(fault.Forbidden, "customer.whole_company", "The register of erasures is for those who may see all customers.")
}

// ListErasures returns the register, newest first.
func (s *Service) ListErasures(ctx context.Context, before int64, limit int) ([]ErasureRow, error) {
	if err := wholeCompany(ctx); err != nil {
		return nil, err
	}
	rows, err := s.store.listErasures(ctx, before, limit)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		sealed, err := s.store.listKept(ctx, rows[i].ID)
		if err != nil {
			return nil, err
		}
		rows[i].Kept = []Kept{}
		for _, one := range sealed {
			rows[i].Kept = append(rows[i].Kept, one.Kept)
		}
	}
	return rows, nil
}

// OpenKept shows who an erased person was, where a law keeps that, and logs who looked and why.
func (s *Service) OpenKept(ctx context.Context, erasureID int64, purpose string) ([]Kept, error) {
	if err := wholeCompany(ctx); err != nil {
		return nil, err
	}
	if purpose = strings.TrimSpace(purpose); purpose == "" {
		return nil, fault.New(fault.Invalid, "customer.no_purpose", "Say what you need it for; that is logged.")
	}
	sealed, err := s.store.listKept(ctx, erasureID)
	if err != nil {
		return nil, err
	}
	if len(sealed) == 0 {
		return nil, fault.New(fault.NotFound, "customer.nothing_kept", "Nothing is kept of erasure {id}: no law asks for it, or its day is over.", "id", erasureID)
	}
	list := make([]Kept, len(sealed))
	for i, one := range sealed {
		plain, err := s.journal.OpenApart(keptPlace(erasureID, one.Law), one.sealed)
		if err != nil {
			return nil, err
		}
		list[i] = one.Kept
		if err := json.Unmarshal(plain, &list[i].Identity); err != nil {
			return nil, fmt.Errorf("read what is kept of erasure %d: %w", erasureID, err)
		}
	}
	person := auth.From(ctx)
	return list, s.journal.LogAccess(ctx, journal.AccessEntry{
		ActorID: person.ID, Actor: person.Name, IP: person.Address, Work: "customer.kept", Purpose: purpose,
		SubjectKind: "customer", SubjectIDs: []int64{sealed[0].customerID},
	})
}

// jobEndKept destroys what the law no longer keeps, every night.
const jobEndKept = "customer.end_kept"

func (s *Service) endKeptJob(ctx context.Context, j *job.Job) error {
	ctx = auth.System(ctx, "erasure")
	n, err := s.EndKept(ctx)
	if err != nil {
		return err
	}
	return j.SetResult(map[string]int64{"ended": n})
}

// EndKept destroys the identities whose last day is over.
func (s *Service) EndKept(ctx context.Context) (ended int64, err error) {
	err = s.db.Within(ctx, func(ctx context.Context) error {
		ids, err := s.store.endKept(ctx, database.Time(ctx).In(s.zone).Format(time.DateOnly))
		if ended = int64(len(ids)); err != nil || ended == 0 {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{
			Capability: "customer", Kind: "customer.kept_ended", SubjectKind: "customer", SubjectIDs: ids,
		})
	})
	return ended, err
}
