// SPDX-License-Identifier: Apache-2.0

package team

import (
	"context"
	"net/http"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/web"
)

var tags = []string{"team"}

// Routes registers the session, people, roles, branches and tokens.
func (s *Service) Routes(api web.API) {
	s.sessionRoutes(api)
	s.peopleRoutes(api)
	s.roleRoutes(api)
	s.tokenRoutes(api)
}

type signInInput struct {
	web.VisitorInput
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"1000"`
	}
}

type sessionOutput struct{ Body Session }

type hintOutput struct{ Body Hint }

type visitorInput struct{ web.VisitorInput }

type ownInput struct{ Body OwnPatch }

type unmaskInput struct {
	Body struct {
		Purpose string `json:"purpose" minLength:"3" maxLength:"200" doc:"What the clear values are needed for; it is logged."`
	}
}

type unmaskOutput struct {
	Body struct {
		UnmaskUntil time.Time `json:"unmask_until"`
	}
}

func (s *Service) sessionRoutes(api web.API) {
	const path = "/api/session"
	current := func(ctx context.Context) *sessionOutput {
		return &sessionOutput{Body: s.Current(ctx, known(api))}
	}
	web.Register(api, web.Operation{Method: http.MethodPost, Path: path, ID: "sign-in", Permission: web.Public, Summary: "Sign in", Tags: []string{"session"}},
		func(ctx context.Context, in *signInInput) (*sessionOutput, error) {
			session, err := s.SignIn(ctx, in.Body.Email, in.Body.Password, in.Visitor(ctx))
			if err != nil {
				return nil, err
			}
			in.Keep(session)
			return current(auth.With(ctx, session.Person)), nil
		})
	web.Register(api, web.Operation{Method: http.MethodGet, Path: path, ID: "get-session", Permission: web.SignedIn, Summary: "Who is signed in", Tags: []string{"session"}},
		func(ctx context.Context, _ *struct{}) (*sessionOutput, error) { return current(ctx), nil })
	web.Register(api, web.Operation{Method: http.MethodGet, Path: path + "/hint", ID: "get-sign-in-hint", Permission: web.Public, Summary: "What the sign-in page shows", Tags: []string{"session"}},
		func(context.Context, *struct{}) (*hintOutput, error) { return &hintOutput{Body: s.Hint()}, nil })
	web.Register(api, web.Operation{Method: http.MethodDelete, Path: path, ID: "sign-out", Permission: web.SignedIn, Summary: "Sign out", Tags: []string{"session"}},
		func(ctx context.Context, in *visitorInput) (*web.Empty, error) {
			in.Forget()
			return nil, s.SignOut(ctx)
		})
	web.Register(api, web.Operation{Method: http.MethodPatch, Path: path, ID: "update-session", Permission: web.SignedIn, Summary: "Change one's own language, name or password", Tags: []string{"session"}},
		func(ctx context.Context, in *ownInput) (*sessionOutput, error) {
			if err := s.UpdateOwn(ctx, in.Body); err != nil {
				return nil, err
			}
			person := auth.From(ctx)
			renewed, err := s.FindPerson(ctx, person.ID)
			if err != nil {
				return nil, err
			}
			person.Name, person.Locale = renewed.Name, renewed.Locale
			return current(auth.With(ctx, person)), nil
		})
	web.Register(api, web.Operation{Method: http.MethodPost, Path: path + "/unmask", ID: "unmask", Permission: "customer:unmask", Summary: "See personal values in clear for a purpose", Tags: []string{"session"}},
		func(ctx context.Context, in *unmaskInput) (*unmaskOutput, error) {
			until, err := s.Unmask(ctx, in.Body.Purpose)
			out := &unmaskOutput{}
			out.Body.UnmaskUntil = until
			return out, err
		})
	web.Register(api, web.Operation{Method: http.MethodDelete, Path: path + "/unmask", ID: "mask", Permission: web.SignedIn, Summary: "Hide personal values again", Tags: []string{"session"}},
		func(ctx context.Context, _ *struct{}) (*web.Empty, error) { return nil, s.Mask(ctx) })
}

// known lists every permission that routes ask for.
func known(api web.API) []string { return api.Permissions() }

type peopleOutput struct {
	Body struct {
		Items []Person `json:"items"`
	}
}

type draftInput struct{ Body Draft }

type patchInput struct {
	web.ByID
	Body Patch
}

type personOutput struct{ Body Person }

func (s *Service) peopleRoutes(api web.API) {
	web.Register(api, web.Operation{Method: http.MethodGet, Path: "/api/people", ID: "list-people", Permission: "team:read", Cost: web.List, Summary: "List people of the staff", Tags: tags},
		func(ctx context.Context, _ *struct{}) (*peopleOutput, error) {
			people, err := s.List(ctx)
			out := &peopleOutput{}
			out.Body.Items = people
			return out, err
		})
	web.Register(api, web.Operation{Method: http.MethodPost, Path: "/api/people", ID: "create-person", Permission: "team:admin", Status: http.StatusCreated, Summary: "Add a person to the staff", Tags: tags},
		func(ctx context.Context, in *draftInput) (*personOutput, error) {
			person, err := s.Create(ctx, in.Body)
			return &personOutput{Body: person}, err
		})
	web.Register(api, web.Operation{Method: http.MethodPatch, Path: "/api/people/{id}", ID: "update-person", Permission: "team:admin", Summary: "Change a person, their roles or password, or disable them", Tags: tags},
		func(ctx context.Context, in *patchInput) (*personOutput, error) {
			person, err := s.Update(ctx, in.ID, in.Body)
			return &personOutput{Body: person}, err
		})
}

type rolesOutput struct {
	Body struct {
		Items       []Role   `json:"items"`
		Permissions []string `json:"permissions" doc:"Every permission that a route asks for."`
	}
}

type roleInput struct{ Body RoleDraft }

type rolePatchInput struct {
	web.ByID
	Body RoleDraft
}

type roleOutput struct{ Body Role }

type branchesOutput struct {
	Body struct {
		Items []Branch `json:"items"`
	}
}

type branchInput struct {
	Body struct {
		Name  string `json:"name" maxLength:"100"`
		Label string `json:"label,omitempty" maxLength:"100"`
	}
}

type branchOutput struct{ Body Branch }

func (s *Service) roleRoutes(api web.API) {
	web.Register(api, web.Operation{Method: http.MethodGet, Path: "/api/roles", ID: "list-roles", Permission: "team:read", Summary: "List roles and all permissions", Tags: tags},
		func(ctx context.Context, _ *struct{}) (*rolesOutput, error) {
			roles, err := s.ListRoles(ctx)
			out := &rolesOutput{}
			out.Body.Items, out.Body.Permissions = roles, known(api)
			return out, err
		})
	web.Register(api, web.Operation{Method: http.MethodPost, Path: "/api/roles", ID: "create-role", Permission: "team:admin", Status: http.StatusCreated, Summary: "Make a role", Tags: tags},
		func(ctx context.Context, in *roleInput) (*roleOutput, error) {
			role, err := s.CreateRole(ctx, in.Body)
			return &roleOutput{Body: role}, err
		})
	web.Register(api, web.Operation{Method: http.MethodPatch, Path: "/api/roles/{id}", ID: "update-role", Permission: "team:admin", Summary: "Change a role", Tags: tags},
		func(ctx context.Context, in *rolePatchInput) (*roleOutput, error) {
			role, err := s.UpdateRole(ctx, in.ID, in.Body)
			return &roleOutput{Body: role}, err
		})
	web.Register(api, web.Operation{Method: http.MethodDelete, Path: "/api/roles/{id}", ID: "delete-role", Permission: "team:admin", Summary: "Remove a role that nobody has", Tags: tags},
		func(ctx context.Context, in *web.ByID) (*web.Empty, error) { return nil, s.DeleteRole(ctx, in.ID) })
	web.Register(api, web.Operation{Method: http.MethodGet, Path: "/api/branches", ID: "list-branches", Permission: web.SignedIn, Summary: "List branches", Tags: tags},
		func(ctx context.Context, _ *struct{}) (*branchesOutput, error) {
			branches, err := s.ListBranches(ctx)
			out := &branchesOutput{}
			out.Body.Items = branches
			return out, err
		})
	web.Register(api, web.Operation{Method: http.MethodPost, Path: "/api/branches", ID: "create-branch", Permission: "team:admin", Status: http.StatusCreated, Summary: "Make a branch", Tags: tags},
		func(ctx context.Context, in *branchInput) (*branchOutput, error) {
			branch, err := s.CreateBranch(ctx, Branch{Name: in.Body.Name, Label: in.Body.Label})
			return &branchOutput{Body: branch}, err
		})
}

type token struct {
	ID         int64      `json:"id"`
	Name       string     `json:"name"`
	Hint       string     `json:"hint" doc:"How the token begins."`
	Scopes     []string   `json:"scopes"`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  time.Time  `json:"expires_at"`
	LastUsedAt *time.Time `json:"last_used_at,omitempty"`
}

type newToken struct {
	token
	Secret string `json:"secret" doc:"The token itself; shown this once."`
}

type tokensOutput struct {
	Body struct {
		Items []token `json:"items"`
	}
}

type tokenInput struct {
	Body struct {
		Name   string   `json:"name" minLength:"1" maxLength:"100"`
		Scopes []string `json:"scopes" minItems:"1" doc:"Permissions of the token; clear values need customer:unmask among them."`
		Days   int      `json:"days" minimum:"1" maximum:"366" doc:"Life of the token."`
	}
}

type tokenOutput struct{ Body newToken }

func (s *Service) tokenRoutes(api web.API) {
	web.Register(api, web.Operation{Method: http.MethodGet, Path: "/api/tokens", ID: "list-tokens", Permission: web.SignedIn, Summary: "List one's own API tokens", Tags: tags},
		func(ctx context.Context, _ *struct{}) (*tokensOutput, error) {
			tokens, err := s.auth.ListTokens(ctx)
			out := &tokensOutput{}
			for _, one := range tokens {
				out.Body.Items = append(out.Body.Items, shown(one))
			}
			return out, err
		})
	web.Register(api, web.Operation{Method: http.MethodPost, Path: "/api/tokens", ID: "create-token", Permission: web.SignedIn, Status: http.StatusCreated, Summary: "Make an API token", Tags: tags},
		func(ctx context.Context, in *tokenInput) (*tokenOutput, error) {
			if err := checkPatterns(in.Body.Scopes); err != nil {
				return nil, err
			}
			made, secret, err := s.auth.CreateToken(ctx, in.Body.Name, in.Body.Scopes, time.Duration(in.Body.Days)*24*time.Hour)
			return &tokenOutput{Body: newToken{token: shown(made), Secret: secret}}, err
		})
	web.Register(api, web.Operation{Method: http.MethodDelete, Path: "/api/tokens/{id}", ID: "delete-token", Permission: web.SignedIn, Summary: "Revoke one's own API token", Tags: tags},
		func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
			return nil, s.auth.RevokeToken(ctx, in.ID)
		})
}

func shown(t auth.Token) token {
	out := token{ID: t.ID, Name: t.Name, Hint: t.Hint, Scopes: t.Scopes, CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt}
	if !t.LastUsedAt.IsZero() {
		out.LastUsedAt = &t.LastUsedAt
	}
	return out
}
