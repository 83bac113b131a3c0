// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"slices"
	"strings"
	"time"

	"dangol/internal/consent"
	"dangol/internal/platform/fault"
)

// What happens to a recipient for whom a field without default has no value.
const (
	MissingSkip  = "skip"  // nothing is sent to them
	MissingEmpty = "empty" // the field stays empty
)

// FieldUnsubscribe is the address of the recipient's own unsubscribe page.
const FieldUnsubscribe = "unsubscribe_url"

// FieldPreferences is the address of the recipient's own preference centre.
const FieldPreferences = "preferences_url"

// Fields of the watchers of a tracked mail; templates do not use them.
const (
	fieldOpen = "open_url"
	fieldTrap = "trap_url"
)

// watchers tell what became of a mail: a picture that is loaded when it is shown, and a
// link that nobody sees. Programs that read aloud skip both.
const watchers = `<a href="{{` + fieldTrap + `}}" style="display:none" aria-hidden="true" tabindex="-1"></a>` +
	`<img src="{{` + fieldOpen + `}}" width="1" height="1" alt="" style="display:block;border:0">`

// Where the pictures of a mail are.
const (
	PicturesLinked = "linked"
	PicturesInside = "inside" // in the message itself, shown without asking
)

// Template is a mail with versions; the latest one is shown and edited.
type Template struct {
	ID         int64         `json:"id"`
	Name       string        `json:"name"`
	Class      consent.Class `json:"class" enum:"ad,informational,statutory_notice"`
	Sender     string        `json:"sender"`
	Category   string        `json:"category"`
	Reason     string        `json:"reason" doc:"Why an informational mail is no advertisement."`
	ApprovedBy int64         `json:"approved_by,omitempty"`
	ApprovedAt *time.Time    `json:"approved_at,omitempty"`
	Latest     Version       `json:"latest"`
	CreatedAt  time.Time     `json:"created_at"`
	UpdatedAt  time.Time     `json:"updated_at"`
	Version    int64         `json:"version"`
	Remarks    []Remark      `json:"remarks,omitempty"`
}

// Version is the content of a template at one time; it is never changed.
type Version struct {
	ID        int64     `json:"id"`
	Number    int64     `json:"number"`
	Subject   string    `json:"subject"`
	HTML      string    `json:"html"`
	Body      string    `json:"text"`
	Missing   string    `json:"missing" enum:"skip,empty"`
	Pictures  string    `json:"pictures" enum:"linked,inside" doc:"Where pictures are: behind a link, or in the message itself."`
	Fields    []string  `json:"fields"`
	CreatedAt time.Time `json:"created_at"`
}

// Draft is a template to be made, or the new content of one.
type Draft struct {
	Name     string        `json:"name" maxLength:"200"`
	Class    consent.Class `json:"class" enum:"ad,informational,statutory_notice"`
	Sender   string        `json:"sender,omitempty"`
	Category string        `json:"category,omitempty" doc:"Kind of goods, for the exemption of recent buyers."`
	Reason   string        `json:"reason,omitempty" doc:"Why an informational mail is no advertisement."`
	Subject  string        `json:"subject" maxLength:"400"`
	HTML     string        `json:"html,omitempty"`
	Body     string        `json:"text,omitempty"`
	Missing  string        `json:"missing,omitempty" enum:"skip,empty" doc:"What happens when a field has no value; empty is skip."`
	Pictures string        `json:"pictures,omitempty" enum:"linked,inside" doc:"Where the product's pictures are: behind a link, or in the message itself."`
}

// Patch is what changes of a template; nil leaves a value as it is.
type Patch struct {
	Version  int64          `json:"version" doc:"The version the change was made on."`
	Name     *string        `json:"name,omitempty"`
	Class    *consent.Class `json:"class,omitempty" enum:"ad,informational,statutory_notice"`
	Sender   *string        `json:"sender,omitempty"`
	Category *string        `json:"category,omitempty"`
	Reason   *string        `json:"reason,omitempty"`
	Subject  *string        `json:"subject,omitempty"`
	HTML     *string        `json:"html,omitempty"`
	Body     *string        `json:"text,omitempty"`
	Missing  *string        `json:"missing,omitempty" enum:"skip,empty"`
	Pictures *string        `json:"pictures,omitempty" enum:"linked,inside"`
}

// normalise fills in what may be left out.
func (d *Draft) normalise() {
	if d.Sender == "" {
		d.Sender = consent.DefaultSender
	}
	if d.Missing == "" {
		d.Missing = MissingSkip
	}
	if d.Pictures == "" {
		d.Pictures = PicturesLinked
	}
	d.Name, d.Subject = strings.TrimSpace(d.Name), strings.TrimSpace(d.Subject)
}

// parts are the parsed parts of a version.
type parts struct {
	subject, html, body *program
}

// parse checks a draft and parses its parts; catalogue lists the fields there are.
func (d *Draft) parse(catalogue []Field) (parts, error) {
	var p parts
	var err error
	switch {
	case d.Name == "":
		return p, fault.New(fault.Invalid, "mail.no_name", "Give the template a name.")
	case !slices.Contains(consent.Classes(), d.Class):
		return p, fault.New(fault.Invalid, "mail.bad_class", "\"{class}\" is no class of messages.", "class", string(d.Class))
	case d.Missing != MissingSkip && d.Missing != MissingEmpty:
		return p, fault.New(fault.Invalid, "mail.bad_missing", "\"{value}\" is no rule for missing values; there are skip and empty.", "value", d.Missing)
	case d.Subject == "":
		return p, fault.New(fault.Invalid, "mail.no_subject", "Give the mail a subject.")
	case strings.ContainsAny(d.Subject, "\r\n\x00"):
		return p, fault.New(fault.Invalid, "mail.bad_subject", "The subject must be one line.")
	case strings.TrimSpace(d.HTML) == "" && strings.TrimSpace(d.Body) == "":
		return p, fault.New(fault.Invalid, "mail.no_content", "The mail has no content.")
	case strings.ContainsRune(d.HTML+d.Body, 0):
		return p, fault.New(fault.Invalid, "mail.bad_character", "The template contains a NUL character.")
	}
	if p.subject, err = parseText(d.Subject, oneLine); err != nil {
		return p, err
	}
	if p.html, err = parseHTML(d.HTML); err != nil {
		return p, err
	}
	if p.body, err = parseText(d.Body, plainText); err != nil {
		return p, err
	}
	return p, p.checkFields(catalogue)
}

// fields lists the merge fields of all parts, each once.
func (p parts) fields() []string {
	var all []string
	for _, part := range []*program{p.subject, p.html, p.body} {
		for _, f := range part.fields {
			if !slices.Contains(all, f) {
				all = append(all, f)
			}
		}
	}
	return all
}

func (p parts) checkFields(catalogue []Field) error {
	for _, name := range p.fields() {
		if name == FieldUnsubscribe || name == fieldOpen || name == fieldTrap || strings.HasPrefix(name, givenPrefix) || slices.ContainsFunc(catalogue, func(f Field) bool { return f.Name == name }) {
			continue
		}
		known := make([]string, 0, len(catalogue))
		for _, f := range catalogue {
			known = append(known, f.Name)
		}
		return fault.New(fault.Invalid, "mail.unknown_field", "There is no field {field}. There are: {known}.",
			"field", name, "known", strings.Join(known, ", "))
	}
	return nil
}

// draft gives a template's content as a draft, to be changed.
func (t Template) draft() Draft {
	return Draft{
		Name: t.Name, Class: t.Class, Sender: t.Sender, Category: t.Category, Reason: t.Reason,
		Subject: t.Latest.Subject, HTML: t.Latest.HTML, Body: t.Latest.Body, Missing: t.Latest.Missing, Pictures: t.Latest.Pictures,
	}
}

// change applies a patch.
func (d *Draft) change(p Patch) {
	for _, pair := range []struct{ to, from *string }{
		{&d.Name, p.Name},
		{&d.Sender, p.Sender},
		{&d.Category, p.Category},
		{&d.Reason, p.Reason},
		{&d.Subject, p.Subject},
		{&d.HTML, p.HTML},
		{&d.Body, p.Body},
		{&d.Missing, p.Missing},
		{&d.Pictures, p.Pictures},
	} {
		if pair.from != nil {
			*pair.to = *pair.from
		}
	}
	if p.Class != nil {
		d.Class = *p.Class
	}
	d.normalise()
}
