// SPDX-License-Identifier: Apache-2.0

package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"dangol/internal/platform/fault"
)

func TestFaultCarriesKindCodeAndFields(t *testing.T) {
	t.Parallel()
	cause := errors.New("driver said no")
	err := fmt.Errorf("save customer 7: %w", fault.Wrap(cause, fault.Conflict, "customer.moved",
		"Customer {id} was changed by {who}; load it again.", "id", 7, "who", "김철수"))
	if !fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) || fault.Is(nil, fault.Conflict) {
		t.Fatal("kind is wrong")
	}
	f, ok := fault.As(err)
	if !ok || f.Message != "Customer 7 was changed by 김철수; load it again." || f.Fields["id"] != 7 {
		t.Fatalf("got %+v", f)
	}
	if fault.CodeOf(err) != "customer.moved" || !errors.Is(err, cause) {
		t.Fatal("code or cause is lost")
	}
	if g := f.With("row", 3); g.Fields["row"] != 3 || f.Fields["row"] != nil {
		t.Fatal("With must copy")
	}
	if fault.CodeOf(cause) != "" || fault.KindOf(cause) != "" {
		t.Fatal("a plain error has no code")
	}
}

func TestBadArgumentsShow(t *testing.T) {
	t.Parallel()
	f, _ := fault.As(fault.New(fault.Invalid, "x", "m", 1, 2, "odd"))
	if f.Fields["!BADNAME(1)"] != 2 || f.Fields["!BADVALUE"] != "odd" {
		t.Fatalf("got %v", f.Fields)
	}
}
