// SPDX-License-Identifier: Apache-2.0

package customer

import (
	"context"
	"encoding/json"

	"dangol/internal/platform/fault"
	"dangol/internal/platform/web"
)

type attributeInput struct {
	Body struct {
		Name       string   `json:"name" minLength:"1" maxLength:"48"`
		LabelKo    string   `json:"label_ko,omitempty" maxLength:"200"`
		LabelEn    string   `json:"label_en,omitempty" maxLength:"200"`
		Type       string   `json:"type" enum:"text,number,integer,date,boolean,choice,money"`
		Choices    []string `json:"choices,omitempty"`
		Currency   string   `json:"currency,omitempty" maxLength:"3"`
		Searchable bool     `json:"searchable,omitempty"`
		IsPersonal bool     `json:"is_personal,omitempty"`
	}
}

type attributePatchInput struct {
	web.ByID
	Body AttributePatch
}

type attributeOutput struct{ Body Attribute }

func (s *Service) attributeRoutes(api web.API) {
	const path = "/api/attributes"
	tags := []string{"attribute"}
	web.Register(api, web.Operation{
		Method: "GET", Path: path, ID: "list-attributes", Permission: "customer:read", Summary: "The custom attributes of customers", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[Attribute], error) {
		list, err := s.ListAttributes(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: path, ID: "create-attribute", Permission: "attribute:create", Summary: "Add a custom attribute", Tags: tags,
	}, func(ctx context.Context, in *attributeInput) (*attributeOutput, error) {
		b := in.Body
		a, err := s.CreateAttribute(ctx, Attribute{
			Name: b.Name, LabelKo: b.LabelKo, LabelEn: b.LabelEn, Type: b.Type, Choices: b.Choices, Currency: b.Currency,
			IsSearchable: b.Searchable, IsPersonal: b.IsPersonal,
		})
		return &attributeOutput{a}, err
	})
	web.Register(api, web.Operation{
		Method: "PATCH", Path: path + "/{id}", ID: "update-attribute", Permission: "attribute:create", Summary: "Change a custom attribute", Tags: tags,
	}, func(ctx context.Context, in *attributePatchInput) (*attributeOutput, error) {
		a, err := s.UpdateAttribute(ctx, in.ID, in.Body)
		return &attributeOutput{a}, err
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: path + "/{id}", ID: "archive-attribute", Permission: "attribute:create",
		Summary: "Archive a custom attribute; its values are kept", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		yes := true
		_, err := s.UpdateAttribute(ctx, in.ID, AttributePatch{IsArchived: &yes})
		return nil, err
	})
}

type viewsInput struct {
	Entity string `query:"entity" maxLength:"48" doc:"List that the views are of; customer by default."`
}

// ViewBody is a saved view as it is sent.
type ViewBody struct {
	Name      *string        `json:"name,omitempty" maxLength:"200"`
	Entity    string         `json:"entity,omitempty" maxLength:"48"`
	IsShared  *bool          `json:"is_shared,omitempty"`
	IsDefault *bool          `json:"is_default,omitempty"`
	Settings  map[string]any `json:"settings,omitempty"`
	Position  *int64         `json:"position,omitempty"`
	Version   int64          `json:"version,omitempty"`
	ID        int64          `json:"id,omitempty"`
	OwnerID   int64          `json:"owner_id,omitempty"`
}

type viewInput struct{ Body ViewBody }

type viewPatchInput struct {
	web.ByID
	Body ViewBody
}

// ShownView is a saved view with its settings as an object.
type ShownView struct {
	View
	Settings map[string]any `json:"settings"`
}

type viewOutput struct{ Body ShownView }

func shown(v View) ShownView {
	out := ShownView{View: v, Settings: map[string]any{}}
	_ = json.Unmarshal(v.Settings, &out.Settings) // settings were valid when saved
	return out
}

func (s *Service) viewRoutes(api web.API) {
	const path = "/api/views"
	tags := []string{"view"}
	web.Register(api, web.Operation{
		Method: "GET", Path: path, ID: "list-views", Permission: "customer:read", Summary: "Saved views of a list", Tags: tags,
	}, func(ctx context.Context, in *viewsInput) (*web.Page[ShownView], error) {
		list, err := s.ListViews(ctx, in.Entity)
		views := make([]ShownView, len(list))
		for i, v := range list {
			views[i] = shown(v)
		}
		return web.NewPage(views, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: path, ID: "create-view", Permission: "customer:read", Summary: "Save a view", Tags: tags,
	}, func(ctx context.Context, in *viewInput) (*viewOutput, error) { return s.saveBody(ctx, View{}, in.Body) })
	web.Register(api, web.Operation{
		Method: "PATCH", Path: path + "/{id}", ID: "update-view", Permission: "customer:read", Summary: "Change a saved view", Tags: tags,
	}, func(ctx context.Context, in *viewPatchInput) (*viewOutput, error) {
		known, err := s.ownView(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		if in.Body.ID != 0 && in.Body.ID != in.ID {
			return nil, fault.New(fault.Invalid, "view.other_id", "The id in the body is not that of the address.")
		}
		known.Version = in.Body.Version
		return s.saveBody(ctx, known, in.Body)
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: path + "/{id}", ID: "delete-view", Permission: "customer:read", Summary: "Delete a saved view", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) { return nil, s.DeleteView(ctx, in.ID) })
}

func (s *Service) saveBody(ctx context.Context, v View, body ViewBody) (*viewOutput, error) {
	if body.Name != nil {
		v.Name = *body.Name
	}
	if body.Entity != "" && v.ID == 0 {
		v.Entity = body.Entity
	}
	if body.IsShared != nil {
		v.IsShared = *body.IsShared
	}
	if body.IsDefault != nil {
		v.IsDefault = *body.IsDefault
	}
	if body.Position != nil {
		v.Position = *body.Position
	}
	if body.Settings != nil || v.Settings == nil {
		raw, err := json.Marshal(body.Settings)
		if err != nil {
			return nil, err
		}
		v.Settings = raw
	}
	saved, err := s.SaveView(ctx, v)
	if err != nil {
		return nil, err
	}
	return &viewOutput{shown(saved)}, nil
}

type schemeInput struct {
	web.ByID
	Body struct {
		Label        string `json:"label" minLength:"1" maxLength:"200"`
		OnePerPerson bool   `json:"one_per_person"`
	}
}

type schemeOutput struct{ Body KeyScheme }

type survivorshipInput struct{ Body SurvivorshipRule }

func (s *Service) ruleRoutes(api web.API) {
	tags := []string{"rule"}
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/key-schemes", ID: "list-key-schemes", Permission: "customer:read", Summary: "The kinds of customer numbers", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[KeyScheme], error) {
		list, err := s.store.ListSchemes(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "PATCH", Path: "/api/key-schemes/{id}", ID: "update-key-scheme", Permission: "match:admin",
		Summary: "Name a kind of customer number; say whether a person has only one", Tags: tags,
	}, func(ctx context.Context, in *schemeInput) (*schemeOutput, error) {
		scheme, err := s.UpdateScheme(ctx, in.ID, in.Body.Label, in.Body.OnePerPerson)
		return &schemeOutput{scheme}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/survivorship", ID: "list-survivorship", Permission: "customer:read",
		Summary: "Which record's value wins, per field", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[SurvivorshipRule], error) {
		list, err := s.store.ListSurvivorship(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/survivorship", ID: "save-survivorship", Permission: "match:admin",
		Summary: "Set the rule of a field; values are computed anew as customers change", Tags: tags,
	}, func(ctx context.Context, in *survivorshipInput) (*web.Empty, error) {
		return nil, s.SaveSurvivorship(ctx, in.Body)
	})
}
