// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"dangol/internal/consent"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/files"
	"dangol/internal/platform/journal"
)

// Gate is what mail needs of consent.
type Gate interface {
	FindSender(ctx context.Context, code string) (consent.Sender, error)
	PermitTest(ctx context.Context, channel consent.Channel, address string) (consent.Permit, error)
}

// Options are the settings of the service.
type Options struct {
	From string // "Name <address>"; empty is the sender's own
	Site string // address under which recipients reach this product
	// Return is the address to which mail servers return what they could not
	// deliver; the recipient is added before the @. Empty is the sender's own.
	Return string
	// Receives says that a door or a mailbox is set up.
	Receives bool
	Zone     *time.Location // nil is Asia/Seoul
}

// Service keeps templates and makes letters of them.
type Service struct {
	store     *store
	db        *database.DB
	journal   *journal.Journal
	gate      Gate
	transport Transport
	outbox    *Outbox
	files     *files.Store
	ledger    Ledger
	singles   Ledger
	senders   Senders
	proposals Proposals // may be nil
	mailboxes []Mailbox
	publish   func(topic string, data any)
	ways      Ways
	resolver  Resolver
	options   Options

	mu   sync.Mutex
	keys *Keys
}

// New makes the service; transport hands messages over, and outbox may be nil.
func New(db *database.DB, j *journal.Journal, gate Gate, transport Transport, outbox *Outbox, options Options) *Service {
	if options.Zone == nil {
		options.Zone = time.FixedZone("Asia/Seoul", 9*60*60) // no summer time since 1988
	}
	return &Service{
		store: &store{db: db}, db: db, journal: j, gate: gate, transport: transport, outbox: outbox, options: options,
		publish: func(string, any) {},
	}
}

// UseInbox connects what receiving needs: where mails are kept, the ledger of
// sent messages, and who writes from an address.
func (s *Service) UseInbox(keep *files.Store, ledger Ledger, senders Senders) {
	s.files, s.ledger, s.senders = keep, ledger, senders
}

// UseSingles connects the ledger of mails outside campaigns.
func (s *Service) UseSingles(ledger Ledger) { s.singles = ledger }

// UseHub connects the live stream.
func (s *Service) UseHub(publish func(topic string, data any)) { s.publish = publish }

// Transport returns what hands messages over.
func (s *Service) Transport() Transport { return s.transport }

// Zone returns the company's zone.
func (s *Service) Zone() *time.Location { return s.options.Zone }

// Keys returns what signs links; the first call of an installation makes the key.
func (s *Service) Keys(ctx context.Context) (*Keys, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys != nil {
		return s.keys, nil
	}
	list, err := s.store.listKeys(ctx)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		if list, err = s.store.makeKey(ctx); err != nil {
			return nil, err
		}
	}
	s.keys = NewKeys(list)
	return s.keys, nil
}

// Create makes a template with its first version.
func (s *Service) Create(ctx context.Context, d Draft) (Template, error) {
	if err := auth.Check(ctx, "mail:create"); err != nil {
		return Template{}, err
	}
	d.normalise()
	if err := s.checkDraft(ctx, d); err != nil {
		return Template{}, err
	}
	var id int64
	err := s.db.Within(ctx, func(ctx context.Context) error {
		var err error
		if id, err = s.store.create(ctx, d); err != nil {
			return err
		}
		return s.note(ctx, "mail.template_created", id, d)
	})
	if err != nil {
		return Template{}, fmt.Errorf("create template: %w", err)
	}
	return s.Find(ctx, id)
}

func (s *Service) checkDraft(ctx context.Context, d Draft) error {
	catalogue, err := s.Catalogue(ctx)
	if err != nil {
		return err
	}
	if _, err := d.parse(catalogue); err != nil {
		return err
	}
	_, err = s.gate.FindSender(ctx, d.Sender)
	return err
}

// note writes the journal entry of a template; its content is no personal data.
func (s *Service) note(ctx context.Context, kind string, id int64, after any) error {
	text, err := json.Marshal(after)
	if err != nil {
		return fmt.Errorf("journal %s: %w", kind, err)
	}
	return s.journal.Append(ctx, journal.Entry{Capability: "mail", Kind: kind, SubjectKind: "template", SubjectIDs: []int64{id}, After: text})
}

// Find returns a template with its latest version and what the check says of
// it, or fault.NotFound.
func (s *Service) Find(ctx context.Context, id int64) (Template, error) {
	if err := auth.Check(ctx, "mail:read"); err != nil {
		return Template{}, err
	}
	t, err := s.store.find(ctx, id)
	if err != nil {
		return t, err
	}
	sender, err := s.gate.FindSender(ctx, t.Sender)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return t, err
	}
	d := t.draft()
	catalogue, err := s.Catalogue(ctx)
	if err != nil {
		return t, err
	}
	if p, err := d.parse(catalogue); err == nil {
		t.Latest.Fields = p.fields()
	}
	t.Remarks = check(t, t.Latest, sender)
	return t, nil
}

// List returns a page of templates, the latest changed first.
func (s *Service) List(ctx context.Context, cursor string, limit int) ([]Template, string, error) {
	if err := auth.Check(ctx, "mail:read"); err != nil {
		return nil, "", err
	}
	return s.store.list(ctx, cursor, limit)
}

// Update changes a template: new content is a new version. Whatever changes
// takes back the approval of an informational mail.
func (s *Service) Update(ctx context.Context, id int64, p Patch) (Template, error) {
	if err := auth.Check(ctx, "mail:update"); err != nil {
		return Template{}, err
	}
	before, err := s.store.find(ctx, id)
	if err != nil {
		return Template{}, err
	}
	d := before.draft()
	d.change(p)
	if err := s.checkDraft(ctx, d); err != nil {
		return Template{}, err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.update(ctx, before, d, p.Version); err != nil {
			return err
		}
		return s.note(ctx, "mail.template_updated", id, d)
	})
	if err != nil {
		return Template{}, fmt.Errorf("update template %d: %w", id, err)
	}
	return s.Find(ctx, id)
}

// Approve confirms why an informational mail is no advertisement.
func (s *Service) Approve(ctx context.Context, id int64) (Template, error) {
	if err := auth.Check(ctx, "mail:approve"); err != nil {
		return Template{}, err
	}
	t, err := s.store.find(ctx, id)
	if err != nil {
		return t, err
	}
	if t.Class != consent.Informational || t.Reason == "" {
		return t, fault.New(fault.Conflict, "mail.nothing_to_approve", "Only an informational mail with a reason can be approved.")
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.approve(ctx, t, auth.From(ctx).ID); err != nil {
			return err
		}
		return s.note(ctx, "mail.template_approved", id, map[string]any{"reason": t.Reason, "version": t.Latest.Number})
	})
	if err != nil {
		return t, err
	}
	return s.Find(ctx, id)
}

// Delete takes a template out of the lists; campaigns that used it keep their version.
func (s *Service) Delete(ctx context.Context, id int64) error {
	if err := auth.Check(ctx, "mail:delete"); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.archive(ctx, id); err != nil {
			return err
		}
		return s.note(ctx, "mail.template_deleted", id, nil)
	})
}

// ListVersions returns the last hundred versions of a template, the newest first.
func (s *Service) ListVersions(ctx context.Context, templateID int64) ([]Version, error) {
	if err := auth.Check(ctx, "mail:read"); err != nil {
		return nil, err
	}
	if _, err := s.store.find(ctx, templateID); err != nil {
		return nil, err
	}
	return s.store.listVersions(ctx, templateID)
}

// FindVersion returns the template with the pinned version as its latest, for campaigns.
func (s *Service) FindVersion(ctx context.Context, templateID, versionID int64) (Template, error) {
	t, err := s.store.find(ctx, templateID)
	if err != nil {
		return t, err
	}
	t.Latest, err = s.store.findVersion(ctx, templateID, versionID)
	return t, err
}

// TemplateOf returns a template for work of the product itself, or fault.NotFound.
func (s *Service) TemplateOf(ctx context.Context, id int64) (Template, error) {
	return s.store.find(ctx, id)
}

// Compile makes a letter of a template's latest version, for campaigns and previews.
func (s *Service) Compile(ctx context.Context, t Template, campaignID int64, campaign string, track func([]string) ([]int64, error)) (*Letter, error) {
	sender, err := s.gate.FindSender(ctx, t.Sender)
	if err != nil {
		return nil, err
	}
	keys, err := s.Keys(ctx)
	if err != nil {
		return nil, err
	}
	catalogue, err := s.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	proof, err := s.Proof(ctx)
	if err != nil {
		return nil, err
	}
	version, images := t.Latest, []File(nil)
	if version.HTML, images, err = s.withPictures(ctx, version.HTML, version.Pictures == PicturesInside); err != nil {
		return nil, err
	}
	return Compile(version, LetterOptions{
		Images: images, Opens: proof.Opens && track != nil,
		AsksReceipt: proof.Reading, Confirms: proof.Delivery,
		Class: t.Class, Sender: sender, From: s.options.From, Site: s.options.Site, Return: s.options.Return, CampaignID: campaignID, Campaign: campaign,
		Catalogue: catalogue, Keys: keys, Zone: s.options.Zone, Track: track,
	})
}
