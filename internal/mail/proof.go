// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"context"
	"encoding/json"
	"fmt"

	"dangol/internal/platform/auth"
)

// Proof is what the installation asks of mail servers and programs to learn what became of mails.
type Proof struct {
	Delivery bool `json:"delivery" doc:"Ask mail servers for notices of delivery (RFC 3461); each mail then brings one back."`
	Reading  bool `json:"reading" doc:"Ask mail programs to confirm reading (RFC 8098); many people are asked by their program."`
	Opens    bool `json:"opens" doc:"Put a picture into tracked campaign mails that tells when they are shown."`
	Receives bool `json:"receives" doc:"A door or mailbox takes what comes back; without one nothing is asked."`
}

const proofSetting = "mail.proof"

// Proof returns what is asked for.
func (s *Service) Proof(ctx context.Context) (Proof, error) {
	p := Proof{Opens: true}
	text, err := s.store.setting(ctx, proofSetting)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &p)
	}
	p.Receives = s.options.Receives
	if err != nil {
		return p, fmt.Errorf("read what is asked of mail servers: %w", err)
	}
	return p, nil
}

// SetProof changes what is asked for.
func (s *Service) SetProof(ctx context.Context, p Proof) (Proof, error) {
	if err := auth.Check(ctx, "mail:admin"); err != nil {
		return p, err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return p, err
	}
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.saveSetting(ctx, proofSetting, string(text)); err != nil {
			return err
		}
		return s.noteSetting(ctx, "mail.proof_changed", "setting", 0, p)
	})
	if err != nil {
		return p, err
	}
	return s.Proof(ctx)
}

type urgentKey struct{}

// Urgent marks work whose connections may use what relays keep free for it.
func Urgent(ctx context.Context) context.Context { return context.WithValue(ctx, urgentKey{}, true) }

// IsUrgent reports whether the work is marked as urgent.
func IsUrgent(ctx context.Context) bool { return ctx.Value(urgentKey{}) != nil }
