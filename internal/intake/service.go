// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
	"dangol/internal/intake/recognise"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/files"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
)

// Customers is where records go in; customer.Service implements it.
type Customers interface {
	EnsureSource(ctx context.Context, name string) (customer.Source, error)
	EnsureScheme(ctx context.Context, name, label string) (customer.KeyScheme, error)
	ListAttributes(ctx context.Context) ([]customer.Attribute, error)
	CreateAttribute(ctx context.Context, a customer.Attribute) (customer.Attribute, error)
	ListSources(ctx context.Context) ([]customer.Source, error)
	SaveSource(ctx context.Context, source customer.Source) (customer.Source, error)
	// Ingest puts records in, inside the caller's transaction; Judge tells what it would do.
	Ingest(ctx context.Context, slice *customer.Slice) (customer.SliceResult, error)
	Judge(ctx context.Context, slice *customer.Slice) (customer.SliceResult, error)
	// FindHolders finds the records that keys of rows mean; OwnersOf the customers of records.
	FindHolders(ctx context.Context, records []*customer.Record) ([]*customer.Record, error)
	OwnersOf(ctx context.Context, recordIDs []int64) (map[int64]int64, error)
	// UndoMerges and UndoSlice take a batch back.
	UndoMerges(ctx context.Context, batchID int64) error
	UndoSlice(ctx context.Context, u customer.Undo, limit int) (int, error)
	// Touched tells that many customers changed, so that lists look again.
	Touched(n int)
	// PrepareBulk readies the house for an import of about this many rows and returns what ends it.
	PrepareBulk(ctx context.Context, rows int64) (end func(), err error)
}

// Files is where uploads are kept; files.Store implements it.
type Files interface {
	Put(ctx context.Context, r io.Reader) (files.File, error)
	Open(ctx context.Context, id int64) (files.Content, error)
	Find(ctx context.Context, id int64) (files.File, error)
	Delete(ctx context.Context, id int64) error
}

// Config is what the service needs to know of the company.
type Config struct {
	Zone     *time.Location // nil is Asia/Seoul
	Currency string         // "" is KRW
}

// Service takes files in.
type Service struct {
	db        *database.DB
	store     *store
	journal   *journal.Journal
	jobs      *job.Queue
	files     Files
	customers Customers
	facts     FactWriter // nil: only customers can be imported
	config    Config
	consents  ConsentKeeper // nil: claims of consent stay in the records only
	publish   func(topic string, data any)
	lastSeen  func() time.Time
	large     atomic.Int32 // large imports that run now
}

// New makes the service; jobs may be nil when batches are run by Run only.
func New(db *database.DB, j *journal.Journal, jobs *job.Queue, kept Files, customers Customers, config Config) *Service {
	if config.Zone == nil {
		config.Zone = time.FixedZone("Asia/Seoul", 9*60*60)
	}
	if config.Currency == "" {
		config.Currency = "KRW"
	}
	return &Service{
		db: db, store: &store{db}, journal: j, jobs: jobs, files: kept, customers: customers, config: config,
		publish: func(string, any) {},
	}
}

// UseFacts connects who keeps transactions, products, campaigns and coupons.
func (s *Service) UseFacts(writer FactWriter) { s.facts = writer }

// UseConsents connects who keeps what rows say about consent.
func (s *Service) UseConsents(keeper ConsentKeeper) { s.consents = keeper }

// UseHub connects the live stream: topic "batch:<id>".
func (s *Service) UseHub(publish func(topic string, data any)) { s.publish = publish }

// UsePeople connects who knows when a person last asked for something: while people work, imports take
// the writer for short turns only.
func (s *Service) UsePeople(lastSeen func() time.Time) { s.lastSeen = lastSeen }

// IsBusy says that a large import runs: what is computed of all customers is outdated before it is ready.
func (s *Service) IsBusy() bool { return s.large.Load() > 0 }

// Upload keeps a file of a person; nothing is read yet.
func (s *Service) Upload(ctx context.Context, name string, r io.Reader) (files.File, error) {
	if err := auth.Check(ctx, "customer:import"); err != nil {
		return files.File{}, err
	}
	kept, err := s.files.Put(ctx, r)
	if err != nil {
		return kept, err
	}
	return kept, s.store.insertUpload(ctx, kept.ID, baseName(name), auth.From(ctx).ID)
}

// baseName keeps of a file name what is no path.
func baseName(name string) string {
	if i := strings.LastIndexAny(name, "/\\"); i >= 0 {
		name = name[i+1:]
	}
	line, _ := dataquality.Line(name)
	if line == "" {
		line = "file"
	}
	return line[:min(len(line), 300)]
}

// named fills in what the file of a request was called. Only who sent a file may use it.
func (s *Service) named(ctx context.Context, request *Request) error {
	name, personID, err := s.store.uploadName(ctx, request.FileID)
	if err != nil {
		return err
	}
	if person := auth.From(ctx); !person.IsSystem && personID != person.ID {
		return fault.New(fault.NotFound, "intake.no_file", "There is no uploaded file {id}; upload it again.", "id", request.FileID)
	}
	if request.FileName == "" {
		request.FileName = name
	}
	return nil
}

// Request asks for a batch.
type Request struct {
	FileID   int64
	FileName string
	Source   string
	Kind     recognise.Kind
	Mapping  *recognise.Mapping // corrections; nil takes what was remembered or recognised
	Options  Options
}

// Create makes a batch of an uploaded file: the file is looked at, the mapping settled and checked. A
// file that cannot be imported fails here, before anything is written.
func (s *Service) Create(ctx context.Context, request Request) (*Batch, error) {
	if err := auth.Check(ctx, "customer:import"); err != nil {
		return nil, err
	}
	look, err := s.Look(ctx, request)
	if err != nil {
		return nil, err
	}
	if err := checkMapping(&look.Mapping, s.facts != nil); err != nil {
		return nil, err
	}
	b := &Batch{
		Kind: look.Mapping.Kind, State: Prepared, FileID: request.FileID, FileName: look.Name, Shape: look.Shape.WithoutSamples(),
		Mapping: look.Mapping.WithoutSamples(), Options: request.Options, Total: look.Shape.RowsAbout, PersonID: auth.From(ctx).ID,
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		source, err := s.customers.EnsureSource(ctx, request.Source)
		if err != nil {
			return err
		}
		b.SourceID, b.Source = source.ID, source.Name
		if err := s.store.remember(ctx, source.ID, &b.Mapping); err != nil {
			return fmt.Errorf("remember mapping: %w", err)
		}
		return s.store.insertBatch(ctx, b)
	})
	return b, err
}

// checkMapping refuses a mapping that cannot be imported.
func checkMapping(m *recognise.Mapping, hasFacts bool) error {
	if err := m.Validate(); err != nil {
		return err
	}
	if m.Kind == recognise.Customers || hasFacts {
		return nil
	}
	return fault.New(fault.Invalid, "intake.kind_unknown", "Files of the kind {kind} cannot be imported here.", "kind", string(m.Kind))
}

// Find returns a batch.
func (s *Service) Find(ctx context.Context, id int64) (*Batch, error) {
	if err := auth.Check(ctx, "customer:import"); err != nil {
		return nil, err
	}
	b, err := s.store.find(ctx, id)
	if err != nil {
		return nil, err
	}
	return b, s.mourn(ctx, b)
}

// mourn ends a batch whose job has died for good, so that a person can start it again or undo it.
func (s *Service) mourn(ctx context.Context, b *Batch) error {
	if b.JobID == 0 || b.State != Running && b.State != Trying && b.State != Undoing {
		return nil
	}
	info, err := s.jobs.Find(ctx, b.JobID)
	if fault.Is(err, fault.NotFound) || err == nil && info.State == job.Dead {
		b.State, b.Error = Failed, "The program ended several times during this work without getting on. What was written stays; start it again, or undo it."
		if saveErr := s.db.Within(ctx, func(ctx context.Context) error { return s.store.saveState(ctx, b) }); saveErr != nil {
			return saveErr
		}
		return nil
	}
	return err
}

// List returns batches, newest first.
func (s *Service) List(ctx context.Context, sourceID, before int64, limit int) ([]*Batch, error) {
	if err := auth.Check(ctx, "customer:import"); err != nil {
		return nil, err
	}
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	return s.store.list(ctx, sourceID, before, limit)
}
