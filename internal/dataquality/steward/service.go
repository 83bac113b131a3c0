// SPDX-License-Identifier: Apache-2.0

package steward

import (
	"context"
	"fmt"
	"time"

	"dangol/internal/customer"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// Outside tells what other capabilities know about the quality of customer data; app connects consent and team.
type Outside interface {
	// BouncedAddresses returns the numbers and addresses that cannot be reached.
	BouncedAddresses(ctx context.Context) (map[string]bool, error)
	// UnprovenConsents returns those of the customers whose consent is claimed without evidence.
	UnprovenConsents(ctx context.Context, customerIDs []int64) (map[int64]bool, error)
	// NamesOf returns the names of people of the staff.
	NamesOf(ctx context.Context, personIDs []int64) (map[int64]string, error)
}

// Service is what the package does.
type Service struct {
	store     *store
	db        *database.DB
	journal   *journal.Journal
	customers *customer.Service
	outside   Outside
	jobs      *job.Queue
	zone      *time.Location
}

// New makes the service.
func New(db *database.DB, j *journal.Journal, customers *customer.Service, outside Outside, zone *time.Location) *Service {
	if zone == nil {
		zone = time.FixedZone("Asia/Seoul", 9*60*60)
	}
	return &Service{store: &store{db: db}, db: db, journal: j, customers: customers, outside: outside, zone: zone}
}

const jobScan = "dataquality.scan"

// RegisterJobs tells the queue what this package does in the background; the scan runs every night.
func (s *Service) RegisterJobs(queue *job.Queue) {
	s.jobs = queue
	queue.Register(jobScan, s.scanJob, job.RegisterOptions{Queue: "intake", MaxAttempts: 3})
	queue.Periodic(jobScan, "40 3 * * *", struct{}{})
}

// StartScan judges the whole base in the background and returns the job.
func (s *Service) StartScan(ctx context.Context) (int64, error) {
	return s.jobs.Add(ctx, jobScan, struct{}{}, job.Options{Unique: "all", PersonID: auth.From(ctx).ID})
}

func (s *Service) scanJob(ctx context.Context, j *job.Job) error {
	ctx = auth.System(ctx, "data quality")
	summary, err := s.Scan(ctx, j.Fence, func(done, total int64) { j.Progress(ctx, done, total, "") })
	if err != nil {
		return err
	}
	return j.SetResult(summary)
}

// around gathers what customers are judged by that their records do not tell.
func (s *Service) around(ctx context.Context) (*around, error) {
	a := &around{now: s.db.Now(ctx), put: func(Cell) *Score { return &Score{} }}
	var err error
	if a.department, err = s.departments(ctx); err != nil {
		return nil, err
	}
	a.bounced, err = s.outside.BouncedAddresses(ctx)
	return a, err
}

func (s *Service) departments(ctx context.Context) (map[int64]string, error) {
	sources, err := s.customers.ListSources(ctx)
	if err != nil {
		return nil, err
	}
	department := map[int64]string{}
	for _, source := range sources {
		department[source.ID] = source.Department
		if source.Department == "" {
			department[source.ID] = source.Label
		}
	}
	return department, nil
}

// judge looks at one customer now.
func (s *Service) judge(ctx context.Context, customerID int64) (*inspection, error) {
	a, err := s.around(ctx)
	if err != nil {
		return nil, err
	}
	store := s.customers.Store()
	list, err := store.LoadCustomers(ctx, []int64{customerID})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "customer.not_found", "There is no customer {id}, or you may not see it.", "id", customerID)
	}
	records, err := store.RecordsOf(ctx, []int64{customerID})
	if err != nil {
		return nil, err
	}
	if a.unproven, err = s.outside.UnprovenConsents(ctx, []int64{customerID}); err != nil {
		return nil, err
	}
	v := &list[0].Values.Text
	if a.shared, err = s.store.sharedBy(ctx, customerID, v[customer.Mobile], v[customer.Email]); err != nil {
		return nil, err
	}
	return a.inspect(list[0], records[customerID]), nil
}

// Judged is a customer with what could be better.
type Judged struct {
	Card
	Issues []ShownIssue `json:"issues"`
}

// Judge returns the card of a customer that the person may see, as it is now.
func (s *Service) Judge(ctx context.Context, customerID int64) (*Judged, error) {
	c, err := s.customers.Find(ctx, customerID)
	if err != nil {
		return nil, err
	}
	in, err := s.judge(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	right, err := s.store.rightOf(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	j := &Judged{Card: in.card(), Issues: []ShownIssue{}}
	for _, issue := range in.issues {
		if right[issueKey{issue.Kind, issue.Field}] != issue.Signature {
			j.Issues = append(j.Issues, ShownIssue{Kind: issue.Kind, Field: issue.Field, Code: issue.Code, CustomerID: c.ID, SourceID: issue.SourceID})
		}
	}
	return j, nil
}

// note writes into the journal what was done with an issue; it holds no value of the customer.
func (s *Service) note(ctx context.Context, kind string, issue *stored) error {
	err := s.journal.Append(ctx, journal.Entry{
		Capability: "dataquality", Kind: kind, SubjectKind: "customer", SubjectIDs: []int64{issue.CustomerID},
		After: []byte(fmt.Sprintf(`{"issue_id":%d,"kind":%q,"field":%q,"outcome":%q}`, issue.ID, issue.Kind, issue.Field, issue.Outcome)),
	})
	if err != nil {
		return fmt.Errorf("journal issue %d: %w", issue.ID, err)
	}
	return nil
}
