// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"dangol/internal/customer"
	"dangol/internal/dataquality"
	"dangol/internal/intake/reader"
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
	publish   func(topic string, data any)
	lastSeen  func() time.Time
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

// UseHub connects the live stream: topic "batch:<id>".
func (s *Service) UseHub(publish func(topic string, data any)) { s.publish = publish }

// UsePeople connects who knows when a person last asked for something: while people work, imports take
// the writer for short turns only.
func (s *Service) UsePeople(lastSeen func() time.Time) { s.lastSeen = lastSeen }

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
		Kind: look.Mapping.Kind, State: Prepared, FileID: request.FileID, FileName: request.FileName, Shape: look.Shape,
		Mapping: look.Mapping, Options: request.Options, Total: look.Shape.RowsAbout, PersonID: auth.From(ctx).ID,
	}
	b.Shape.Sample = nil
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
	return s.store.find(ctx, id)
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

// planOf makes the mapping of a batch ready: schemes and custom attributes that it names are made when
// they do not exist yet.
func (s *Service) planOf(ctx context.Context, b *Batch) (*plan, error) {
	p := &plan{kind: b.Kind, headers: b.Shape.Headers(), primary: -1, rules: s.rules(ctx)}
	attributes, err := s.attributesOf(ctx, &b.Mapping)
	if err != nil {
		return nil, err
	}
	for _, a := range attributes {
		if a.IsSearchable && a.ArchivedAt == nil {
			p.searchable = append(p.searchable, a.Name)
		}
	}
	for _, column := range b.Mapping.Columns {
		c := cellPlan{index: column.Index, header: column.Header, format: column.Format, isScanned: !column.NotScanned, isSparse: column.IsSparse}
		switch {
		case column.Field == recognise.FieldKey:
			scheme, err := s.customers.EnsureScheme(ctx, column.Scheme, column.Header)
			if err != nil {
				return nil, err
			}
			c.scheme = scheme.ID
		case column.Field == recognise.FieldAttribute && column.Attribute != nil:
			a := attributes[column.Attribute.Slug]
			c.attribute = &a
			p.isPerson = true
		case column.Field == recognise.FieldExtra:
			c.isExtra = true
		case dataquality.FieldOf(column.Field) != dataquality.NoField:
			c.field = dataquality.FieldOf(column.Field)
			p.isPerson = true
		case column.Field != recognise.FieldIgnore:
			c.fact = column.Field
		}
		p.cells = append(p.cells, c)
	}
	p.orderKeys(&b.Mapping)
	return p, nil
}

// orderKeys puts the strongest key first.
func (p *plan) orderKeys(m *recognise.Mapping) {
	add := func(index int) {
		for at := range p.cells {
			if p.cells[at].index == index && p.cells[at].scheme != 0 {
				p.keyed = append(p.keyed, at)
			}
		}
	}
	for _, index := range m.KeyColumns {
		add(index)
	}
	for at := range p.cells {
		known := false
		for _, k := range p.keyed {
			known = known || k == at
		}
		if p.cells[at].scheme != 0 && !known {
			p.keyed = append(p.keyed, at)
		}
	}
	for _, at := range p.keyed {
		if !p.cells[at].isSparse {
			p.primary = at
			return
		}
	}
}

// primaryScheme is the scheme of the column that tells the rows of the source apart, 0 for none.
func (p *plan) primaryScheme() int64 {
	if p.primary < 0 {
		return 0
	}
	return p.cells[p.primary].scheme
}

// headerOf returns the header of the column that fills the field of a fact.
func (p *plan) headerOf(field string) string {
	for _, c := range p.cells {
		if c.fact == field {
			return c.header
		}
	}
	return field
}

func (s *Service) rules(ctx context.Context) dataquality.Rules {
	today := s.db.Now(ctx).In(s.config.Zone)
	return dataquality.Rules{
		Zone: s.config.Zone, Currency: s.config.Currency,
		Today: dataquality.Date{Year: today.Year(), Month: int(today.Month()), Day: today.Day()},
	}
}

// attributesOf returns all custom attributes by name, those made that the mapping asks for.
func (s *Service) attributesOf(ctx context.Context, m *recognise.Mapping) (map[string]customer.Attribute, error) {
	known := map[string]customer.Attribute{}
	list, err := s.customers.ListAttributes(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		known[a.Name] = a
	}
	for _, column := range m.Columns {
		if column.Field != recognise.FieldAttribute || column.Attribute == nil {
			continue
		}
		if _, ok := known[column.Attribute.Slug]; ok {
			continue
		}
		if err := auth.Check(ctx, "attribute:create"); err != nil {
			return nil, fault.New(fault.Forbidden, "intake.no_attribute",
				"The column {column} needs the new attribute {name}, and you may not make one. Map it to another field, or ask an administrator.",
				"column", column.Header, "name", column.Attribute.Slug)
		}
		a, err := s.customers.CreateAttribute(ctx, customer.Attribute{
			Name: column.Attribute.Slug, LabelKo: column.Attribute.Label, LabelEn: column.Attribute.Label, Type: column.Attribute.Type,
		})
		if err != nil {
			return nil, err
		}
		known[a.Name] = a
	}
	return known, nil
}

// open opens the file of a batch as it was looked at.
func (s *Service) open(ctx context.Context, b *Batch) (*reader.File, io.Closer, error) {
	content, size, err := s.content(ctx, b.FileID)
	if err != nil {
		return nil, nil, err
	}
	options := b.Options.reading()
	options.Format, options.Encoding, options.Sheet = b.Shape.Format, b.Shape.Encoding, b.Shape.Sheet
	if b.Shape.Delimiter != "" {
		options.Delimiter = b.Shape.Delimiter[0]
	}
	options.HeaderRow = b.Shape.HeaderRow
	if options.HeaderRow == 0 {
		options.HeaderRow = reader.NoHeader
	}
	file, err := reader.OpenAt(content, size, b.FileName, options)
	if err != nil {
		_ = content.Close()
		return nil, nil, err
	}
	return file, content, nil
}

func (s *Service) content(ctx context.Context, id int64) (files.Content, int64, error) {
	if id == 0 {
		return nil, 0, fault.New(fault.Conflict, "intake.file_gone", "The file was deleted after its import; upload it again.")
	}
	info, err := s.files.Find(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	content, err := s.files.Open(ctx, id)
	return content, info.Size, err
}

func redactText(text string) (string, int) {
	return dataquality.Redact(strings.ToValidUTF8(text, "\ufffd"))
}
