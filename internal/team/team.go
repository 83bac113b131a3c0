// SPDX-License-Identifier: Apache-2.0

package team

import (
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

// Kinds of journal entries.
const (
	PersonCreated = "team.person_created"
	PersonUpdated = "team.person_updated"
	RoleCreated   = "team.role_created"
	RoleUpdated   = "team.role_updated"
	RoleDeleted   = "team.role_deleted"
	BranchCreated = "team.branch_created"
)

// Row scopes of a role.
const (
	ScopeAll    = "all"
	ScopeBranch = "branch"
	ScopeOwn    = "own"
)

// nameLongest bounds names of people, roles and branches.
const nameLongest = 100

// Person is a member of staff.
type Person struct {
	ID         int64      `json:"id"`
	Email      string     `json:"email"`
	Name       string     `json:"name"`
	Roles      []string   `json:"roles"`
	Branch     string     `json:"branch"`
	Locale     string     `json:"locale"`
	IsDisabled bool       `json:"is_disabled"`
	DisabledAt *time.Time `json:"disabled_at,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	UpdatedAt  time.Time  `json:"updated_at"`
	Version    int64      `json:"version"`

	passwordHash string
}

// trace is what the journal keeps of a person: their rights,
// not their name or address.
type trace struct {
	Roles      []string `json:"roles"`
	Branch     string   `json:"branch"`
	Locale     string   `json:"locale"`
	IsDisabled bool     `json:"is_disabled"`
	Version    int64    `json:"version"`
}

func (p Person) trace() trace {
	return trace{Roles: p.Roles, Branch: p.Branch, Locale: p.Locale, IsDisabled: p.IsDisabled, Version: p.Version}
}

// Draft is a person to be made. Without a password they cannot sign in until one is set.
type Draft struct {
	Email    string   `json:"email" maxLength:"254"`
	Name     string   `json:"name" maxLength:"100"`
	Password string   `json:"password,omitempty"`
	Roles    []string `json:"roles" minItems:"1"`
	Branch   string   `json:"branch,omitempty"`
	Locale   string   `json:"locale,omitempty" enum:"ko,en"`
}

// Patch is what changes of a person; nil leaves a value as it is.
type Patch struct {
	Version    *int64    `json:"version,omitempty" doc:"The version the change was made on; an older one is refused."`
	Name       *string   `json:"name,omitempty" maxLength:"100"`
	Email      *string   `json:"email,omitempty" maxLength:"254"`
	Roles      *[]string `json:"roles,omitempty"`
	Branch     *string   `json:"branch,omitempty"`
	Locale     *string   `json:"locale,omitempty" enum:"ko,en"`
	IsDisabled *bool     `json:"is_disabled,omitempty"`
	Password   *string   `json:"password,omitempty"`
}

// Role is a named list of permissions with a row scope.
type Role struct {
	ID          int64    `json:"id"`
	Name        string   `json:"name"`
	LabelKo     string   `json:"label_ko"`
	LabelEn     string   `json:"label_en"`
	Permissions []string `json:"permissions" doc:"Patterns: *, capability:*, *:action, capability:action."`
	RowScope    string   `json:"row_scope" enum:"all,branch,own"`
	IsBuiltin   bool     `json:"is_builtin"`
}

// RoleDraft is a role to be made or its new content.
type RoleDraft struct {
	Name        string   `json:"name" maxLength:"50" pattern:"^[a-z][a-z0-9_-]*$"`
	LabelKo     string   `json:"label_ko" maxLength:"100"`
	LabelEn     string   `json:"label_en" maxLength:"100"`
	Permissions []string `json:"permissions"`
	RowScope    string   `json:"row_scope" enum:"all,branch,own"`
}

// Branch is a part of the company.
type Branch struct {
	ID    int64  `json:"id"`
	Name  string `json:"name" doc:"What customers carry as their branch."`
	Label string `json:"label"`
}

func (r Role) scopeFor(person Person) auth.Scope {
	switch r.RowScope {
	case ScopeAll:
		return auth.Scope{All: true}
	case ScopeBranch:
		return auth.Scope{Branch: person.Branch}
	}
	return auth.Scope{OwnerID: person.ID}
}

// covers reports whether somebody with the permissions may hand out the
// pattern: nobody gives what they do not have.
func covers(own auth.Permissions, pattern string) bool {
	capability, action, isPair := strings.Cut(pattern, ":")
	switch {
	case pattern == "*":
		return own.Allows("*")
	case isPair && capability != "*" && action != "*":
		return own.Allows(pattern)
	}
	for _, held := range own.Patterns() {
		if held == "*" || held == pattern {
			return true
		}
	}
	return false
}

func cleanEmail(email string) (string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || len(email) > 254 || strings.ContainsAny(email, "\x00\r\n") {
		return "", fault.New(fault.Invalid, "team.bad_email", "{email} is not an e-mail address; people sign in with one, such as kim@example.com.", "email", email)
	}
	return email, nil
}

func cleanName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > nameLongest || !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
		return "", fault.New(fault.Invalid, "team.bad_name", "Give a name of 1 to {most} characters.", "most", nameLongest)
	}
	return name, nil
}

func cleanLocale(locale string) (string, error) {
	switch locale {
	case "":
		return "ko", nil
	case "ko", "en":
		return locale, nil
	}
	return "", fault.New(fault.Invalid, "team.bad_locale", "The language {locale} is not offered; choose ko or en.", "locale", locale)
}

func checkPatterns(patterns []string) error {
	for _, pattern := range patterns {
		capability, action, isPair := strings.Cut(pattern, ":")
		isWord := func(s string) bool {
			return s == "*" || (s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_-") == "")
		}
		if pattern != "*" && (!isPair || !isWord(capability) || !isWord(action)) {
			return fault.New(fault.Invalid, "team.bad_permission", "{permission} is no permission; the form is capability:action, where either may be *.", "permission", pattern)
		}
	}
	return nil
}

// builtin are the roles of a fresh installation; an administrator may change
// them. Who writes a mail that claims to be no advertisement, or plans a
// campaign, is not who approves it; rules of matching and custom attributes of
// others are an administrator's.
var builtin = []Role{
	{Name: "administrator", LabelKo: "관리자", LabelEn: "Administrator", RowScope: ScopeAll, Permissions: []string{"*"}},
	{Name: "marketer", LabelKo: "마케터", LabelEn: "Marketer", RowScope: ScopeAll, Permissions: []string{
		"attribute:create", "attribute:read", "campaign:answer", "campaign:create", "campaign:delete", "campaign:read", "campaign:send", "campaign:update",
		"consent:create", "consent:read", "cube:*", "customer:create", "customer:export", "customer:import",
		"customer:merge", "customer:read", "customer:unmask", "customer:update", "dataquality:*", "intake:*", "job:read",
		"mail:answer", "mail:create", "mail:delete", "mail:inbox", "mail:read", "mail:send", "mail:update", "match:decide", "match:read", "mining:*", "order:read",
		"performance:*", "segment:*", "system:read", "team:read", "view:share",
	}},
	{Name: "analyst", LabelKo: "분석가", LabelEn: "Analyst", RowScope: ScopeAll, Permissions: []string{
		"attribute:read", "campaign:read", "consent:read", "cube:*", "customer:read", "dataquality:read", "intake:read", "job:read", "mail:read",
		"match:read", "mining:*", "order:read", "performance:*", "segment:*", "system:read", "team:read", "view:share",
	}},
	{Name: "agent", LabelKo: "상담원", LabelEn: "Agent", RowScope: ScopeAll, Permissions: []string{
		"attribute:read", "campaign:answer", "campaign:read", "consent:create", "consent:read", "customer:create", "customer:read", "customer:unmask", "customer:update",
		"dataquality:mend", "dataquality:read", "mail:answer", "mail:inbox", "order:read", "segment:read", "team:read",
	}},
	{Name: "sales", LabelKo: "영업", LabelEn: "Sales", RowScope: ScopeOwn, Permissions: []string{
		"attribute:read", "consent:create", "consent:read", "cube:read", "customer:create", "customer:read", "customer:unmask", "customer:update",
		"dataquality:mend", "dataquality:read", "order:read", "segment:read", "team:read",
	}},
	{Name: "executive", LabelKo: "임원", LabelEn: "Executive", RowScope: ScopeAll, Permissions: []string{
		"attribute:read", "campaign:approve", "campaign:read", "cube:*", "customer:read", "dataquality:read", "mail:approve", "mail:read", "mining:read", "order:read",
		"performance:read", "segment:read", "system:read", "team:read",
	}},
	{Name: "auditor", LabelKo: "감사", LabelEn: "Auditor", RowScope: ScopeAll, Permissions: []string{"*:read"}},
}
