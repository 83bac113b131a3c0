// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"os"
	"strings"

	"golang.org/x/term"

	"dangol/internal/platform/fault"
	"dangol/internal/team"
)

type userCommand struct {
	Add      userAddCommand      `cmd:"" help:"Add a person."`
	List     userListCommand     `cmd:"" help:"List people."`
	Password userPasswordCommand `cmd:"" help:"Set a person's password; it ends their sessions and tokens."`
	Disable  userDisableCommand  `cmd:"" help:"Keep a person from signing in; it ends their sessions and tokens at once."`
}

// passwordFlags say where a password comes from: asked on a terminal, read from
// a pipe, or made up and printed.
type passwordFlags struct {
	PasswordStdin bool `help:"Read the password from standard input." xor:"password"`
	Generate      bool `help:"Make a password up and print it." xor:"password"`
}

type userAddCommand struct {
	Email  string   `arg:"" help:"Address to sign in with."`
	Name   string   `help:"The person's name (default: the address)."`
	Role   []string `help:"Role; may be repeated: administrator, marketer, analyst, agent, sales, executive, auditor, or one of your own." required:"" placeholder:"ROLE"`
	Branch string   `help:"Branch whose customers they see, for roles limited to a branch."`
	Locale string   `help:"Language of their pages." enum:"ko,en" default:"ko"`
	passwordFlags
}

// Help teaches by examples.
func (userAddCommand) Help() string {
	return `Examples:
  dangol user add kim@example.com --name 김단골 --role marketer            asks for the password
  echo "$SECRET" | dangol user add ci@example.com --role analyst --password-stdin
  dangol user add lee@example.com --role sales --role agent --generate`
}

// Run adds the person.
func (u userAddCommand) Run(s *session) (err error) {
	password, made, err := u.read(s)
	if err != nil {
		return err
	}
	c, err := s.open("user add")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if u.Name == "" {
		u.Name = u.Email
	}
	var person team.Person
	draft := team.Draft{Email: u.Email, Name: u.Name, Roles: u.Role, Branch: u.Branch, Locale: u.Locale, Password: password}
	if err := c.call(s.ctx, "POST", "/api/people", draft, &person); err != nil {
		return err
	}
	return s.print(withPassword{person, made}, tellPassword(fmt.Sprintf("%s was added with the role %s.", person.Email, strings.Join(person.Roles, ", ")), made))
}

type withPassword struct {
	team.Person
	Password string `json:"password,omitempty"`
}

func tellPassword(text, made string) string {
	if made != "" {
		text += "\nPassword: " + made
	}
	return text
}

// read returns the password, and the same again when it was made up here.
func (f passwordFlags) read(s *session) (password, made string, err error) {
	switch {
	case f.Generate:
		made, err = makePassword()
		return made, made, err
	case f.PasswordStdin:
		line, err := bufio.NewReader(s.In).ReadString('\n')
		if line == "" && err != nil {
			return "", "", fault.New(fault.Invalid, "app.no_password", "Standard input holds no password.")
		}
		return strings.TrimRight(line, "\r\n"), "", nil
	}
	file, ok := s.In.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return "", "", fault.New(fault.Invalid, "app.no_password", "There is no terminal to ask for the password; use --password-stdin or --generate.")
	}
	_, _ = fmt.Fprint(s.Err, "Password (at least 8 characters): ")
	first, err := term.ReadPassword(int(file.Fd()))
	if err != nil {
		return "", "", err
	}
	_, _ = fmt.Fprint(s.Err, "\nThe same again: ")
	second, err := term.ReadPassword(int(file.Fd()))
	_, _ = fmt.Fprintln(s.Err)
	if err != nil {
		return "", "", err
	}
	if string(first) != string(second) {
		return "", "", fault.New(fault.Invalid, "app.passwords_differ", "The two passwords differ; nothing was changed.")
	}
	return string(first), "", nil
}

// makePassword makes 20 letters and digits that are not taken for each other:
// about 98 random bits.
func makePassword() (string, error) {
	const letters = "abcdefghijkmnpqrstuvwxyz23456789"
	out := make([]byte, 0, 24)
	for i := range 20 {
		if i > 0 && i%5 == 0 {
			out = append(out, '-')
		}
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		if err != nil {
			return "", err
		}
		out = append(out, letters[n.Int64()])
	}
	return string(out), nil
}

type userListCommand struct{}

// Run lists people.
func (userListCommand) Run(s *session) (err error) {
	c, err := s.open("user list")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	people, err := c.people(s)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, person := range people {
		state := ""
		if person.IsDisabled {
			state = "  (disabled)"
		}
		fmt.Fprintf(&text, "%-32s %-16s %s%s\n", person.Email, person.Name, strings.Join(person.Roles, ", "), state)
	}
	if len(people) == 0 {
		text.WriteString("There is nobody yet; see dangol user add --help.")
	}
	return s.print(people, text.String())
}

func (c *client) people(s *session) ([]team.Person, error) {
	var list struct {
		Items []team.Person `json:"items"`
	}
	err := c.call(s.ctx, "GET", "/api/people", nil, &list)
	return list.Items, err
}

// change finds the person by address and changes them.
func (c *client) change(s *session, email string, patch team.Patch) (team.Person, error) {
	people, err := c.people(s)
	if err != nil {
		return team.Person{}, err
	}
	for _, person := range people {
		if strings.EqualFold(person.Email, strings.TrimSpace(email)) {
			var changed team.Person
			err := c.call(s.ctx, "PATCH", fmt.Sprintf("/api/people/%d", person.ID), patch, &changed)
			return changed, err
		}
	}
	return team.Person{}, fault.New(fault.NotFound, "team.email_not_found", "Nobody signs in with {email}.", "email", email)
}

type userPasswordCommand struct {
	Email string `arg:"" help:"Address the person signs in with."`
	passwordFlags
}

// Run sets the password.
func (u userPasswordCommand) Run(s *session) (err error) {
	password, made, err := u.read(s)
	if err != nil {
		return err
	}
	c, err := s.open("user password")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	person, err := c.change(s, u.Email, team.Patch{Password: &password})
	if err != nil {
		return err
	}
	return s.print(withPassword{person, made}, tellPassword("The password of "+person.Email+" was set; their sessions have ended.", made))
}

type userDisableCommand struct {
	Email  string `arg:"" help:"Address the person signs in with."`
	Enable bool   `help:"Let them in again instead."`
}

// Run disables the person, or lets them in again.
func (u userDisableCommand) Run(s *session) (err error) {
	c, err := s.open("user disable")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	isDisabled := !u.Enable
	person, err := c.change(s, u.Email, team.Patch{IsDisabled: &isDisabled})
	if err != nil {
		return err
	}
	text := person.Email + " can no longer sign in; their sessions have ended."
	if u.Enable {
		text = person.Email + " can sign in again."
	}
	return s.print(person, text)
}
