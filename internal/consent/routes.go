// SPDX-License-Identifier: Apache-2.0

package consent

import (
	"context"

	"dangol/internal/platform/web"
)

type (
	overviewOutput    struct{ Body Overview }
	consentOutput     struct{ Body Consent }
	policyOutput      struct{ Body Policy }
	senderOutput      struct{ Body Sender }
	suppressionOutput struct{ Body Suppression }
	recordInput       struct{ Body Expression }
	policyInput       struct{ Body Policy }
	senderInput       struct {
		Code string `path:"code" maxLength:"40"`
		Body senderBody
	}
	senderBody struct {
		Name      string `json:"name"`
		NameEn    string `json:"name_en,omitempty"`
		Email     string `json:"email,omitempty"`
		Phone     string `json:"phone,omitempty"`
		Address   string `json:"address,omitempty"`
		AddressEn string `json:"address_en,omitempty"`
	}
	noticesInput struct {
		Body struct {
			Notices []noticeBody `json:"notices" minItems:"1" maxItems:"1000"`
		}
	}
	noticeBody struct {
		ConsentID int64      `json:"consent_id"`
		Kind      NoticeKind `json:"kind" enum:"result,biennial"`
		Channel   Channel    `json:"channel"`
	}
	suppressionsInput struct {
		web.Paging
		Address string `query:"address" doc:"Only this address."`
	}
	suppressInput struct {
		Body struct {
			Channel Channel         `json:"channel" enum:"email,sms,call,post,push,kakao,fax"`
			Address string          `json:"address"`
			Kind    SuppressionKind `json:"kind" enum:"do_not_contact,hard_bounce,complaint,refused,suspended"`
			Note    string          `json:"note,omitempty"`
		}
	}
)

// Routes registers the routes of consents, suppressions and senders.
func (s *Service) Routes(api web.API) {
	tags := []string{"consent"}
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/customers/{id}/consents", ID: "list-consents", Permission: "consent:read",
		Summary: "What a customer agreed to and refused", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*overviewOutput, error) {
		found, err := s.Overview(ctx, in.ID)
		return &overviewOutput{found}, err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/consents", ID: "record-consent", Permission: "consent:create", Status: 201,
		Summary: "Record what a customer expressed", Tags: tags,
	}, func(ctx context.Context, in *recordInput) (*consentOutput, error) {
		made, err := s.Record(ctx, in.Body)
		return &consentOutput{made}, err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/consents/parameters", ID: "list-legal-parameters", Permission: "consent:read",
		Summary: "Figures of the law with the days they hold", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[Parameter], error) {
		list, err := s.ListParameters(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/consents/due", ID: "list-due-notices", Permission: "consent:read", Cost: web.List,
		Summary: "Notices that have to be given", Tags: tags,
	}, func(ctx context.Context, in *web.Paging) (*web.Page[Due], error) {
		list, err := s.ListDue(ctx, in.Limit)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/consents/notices", ID: "record-notices", Permission: "consent:create",
		Summary: "Record that people were told", Tags: tags,
	}, s.handleNotices)
	s.settingRoutes(api, tags)
	s.suppressionRoutes(api, tags)
	s.explainRoutes(api, tags)
	s.askRoutes(api, tags)
	s.publicRoutes(api)
}

func (s *Service) handleNotices(ctx context.Context, in *noticesInput) (*web.Empty, error) {
	notices := make([]Notice, 0, len(in.Body.Notices))
	for _, n := range in.Body.Notices {
		notices = append(notices, Notice{ConsentID: n.ConsentID, Kind: n.Kind, Channel: n.Channel})
	}
	return &web.Empty{}, s.Notify(ctx, notices)
}

func (s *Service) settingRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/consents/policy", ID: "find-consent-policy", Permission: "consent:read",
		Summary: "The company's own sending rules", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*policyOutput, error) {
		p, err := s.Policy(ctx)
		return &policyOutput{p}, err
	})
	web.Register(api, web.Operation{
		Method: "PUT", Path: "/api/consents/policy", ID: "set-consent-policy", Permission: "consent:admin",
		Summary: "Change the company's own sending rules", Tags: tags,
	}, func(ctx context.Context, in *policyInput) (*policyOutput, error) {
		return &policyOutput{in.Body}, s.SetPolicy(ctx, in.Body)
	})
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/senders", ID: "list-senders", Permission: "consent:read",
		Summary: "Entities on whose behalf messages go out", Tags: tags,
	}, func(ctx context.Context, _ *struct{}) (*web.Page[Sender], error) {
		list, err := s.ListSenders(ctx)
		return web.NewPage(list, "", nil), err
	})
	web.Register(api, web.Operation{
		Method: "PUT", Path: "/api/senders/{code}", ID: "save-sender", Permission: "consent:admin",
		Summary: "Change or add a sender", Tags: tags,
	}, func(ctx context.Context, in *senderInput) (*senderOutput, error) {
		b := in.Body
		saved, err := s.SaveSender(ctx, Sender{
			Code: in.Code, Name: b.Name, NameEn: b.NameEn, Email: b.Email, Phone: b.Phone, Address: b.Address, AddressEn: b.AddressEn,
		})
		return &senderOutput{saved}, err
	})
}

func (s *Service) suppressionRoutes(api web.API, tags []string) {
	web.Register(api, web.Operation{
		Method: "GET", Path: "/api/suppressions", ID: "list-suppressions", Permission: "consent:read", Cost: web.List,
		Summary: "Barred addresses", Tags: tags,
	}, func(ctx context.Context, in *suppressionsInput) (*web.Page[Suppression], error) {
		list, next, err := s.ListSuppressions(ctx, in.Address, in.Cursor, in.Limit)
		return web.NewPage(list, next, nil), err
	})
	web.Register(api, web.Operation{
		Method: "POST", Path: "/api/suppressions", ID: "suppress", Permission: "consent:suppress", Status: 201,
		Summary: "Bar an address", Tags: tags,
	}, func(ctx context.Context, in *suppressInput) (*suppressionOutput, error) {
		made, err := s.Suppress(ctx, Suppression{Channel: in.Body.Channel, Address: in.Body.Address, Kind: in.Body.Kind, Note: in.Body.Note})
		return &suppressionOutput{made}, err
	})
	web.Register(api, web.Operation{
		Method: "DELETE", Path: "/api/suppressions/{id}", ID: "end-suppression", Permission: "consent:suppress",
		Summary: "Lift the bar of an address", Tags: tags,
	}, func(ctx context.Context, in *web.ByID) (*web.Empty, error) {
		return &web.Empty{}, s.EndSuppression(ctx, in.ID)
	})
}
