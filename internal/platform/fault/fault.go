// SPDX-License-Identifier: Apache-2.0

package fault

import (
	"errors"
	"fmt"
	"maps"
	"strings"
)

// Kind is the sort of a failure; platform/web maps it to one HTTP status.
type Kind string

// The kinds of faults.
const (
	// NotFound says that the thing does not exist or the asker may not know that it does.
	NotFound Kind = "not_found"
	// Invalid says that the input breaks a rule and has to be changed.
	Invalid Kind = "invalid"
	// Conflict says that the input was right but the data has moved or exists already.
	Conflict Kind = "conflict"
	// Forbidden says that the person is known but lacks the right.
	Forbidden Kind = "forbidden"
	// Unauthenticated says that nobody is signed in.
	Unauthenticated Kind = "unauthenticated"
	// TooLarge says that the input passes a size limit.
	TooLarge Kind = "too_large"
	// Busy says that the product has too much to do right now and the same request may work later.
	Busy Kind = "busy"
	// Unavailable says that something the product needs (disk, database, peer) does not work.
	Unavailable Kind = "unavailable"
)

// Fault is an error whose message may be shown to people.
type Fault struct {
	Kind    Kind
	Code    string
	Message string
	Fields  map[string]any
	cause   error
}

// New makes a fault; the message names its values as {name}, and args are name, value pairs as in slog:
//
//	fault.New(fault.NotFound, "customer.not_found", "Customer {id} does not exist.", "id", 7)
func New(kind Kind, code, message string, args ...any) error {
	return build(kind, code, message, nil, args)
}

// Wrap makes a fault as New does and keeps the cause for the log; people never see the cause.
func Wrap(cause error, kind Kind, code, message string, args ...any) error {
	return build(kind, code, message, cause, args)
}

// build fills the placeholders of the message.
func build(kind Kind, code, message string, cause error, args []any) *Fault {
	f := &Fault{Kind: kind, Code: code, Message: message, cause: cause}
	if len(args) == 0 {
		return f
	}
	f.Fields = make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			name = fmt.Sprintf("!BADNAME(%v)", args[i])
		}
		f.Fields[name] = args[i+1]
		f.Message = strings.ReplaceAll(f.Message, "{"+name+"}", fmt.Sprint(args[i+1]))
	}
	if len(args)%2 == 1 {
		f.Fields["!BADVALUE"] = args[len(args)-1]
	}
	return f
}

// Error returns the message followed by the cause, for logs.
func (f *Fault) Error() string {
	if f.cause != nil {
		return f.Message + ": " + f.cause.Error()
	}
	return f.Message
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.cause }

// With returns a copy of the fault that carries one more field.
func (f *Fault) With(name string, value any) *Fault {
	c := *f
	c.Fields = maps.Clone(f.Fields)
	if c.Fields == nil {
		c.Fields = map[string]any{}
	}
	c.Fields[name] = value
	return &c
}

// As returns the outermost fault in the chain of err.
func As(err error) (*Fault, bool) {
	var f *Fault
	ok := errors.As(err, &f)
	return f, ok
}

// KindOf returns the kind of the outermost fault in the chain of err, or "" when there is none.
func KindOf(err error) Kind {
	if f, ok := As(err); ok {
		return f.Kind
	}
	return ""
}

// Is reports whether the outermost fault in the chain of err is of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// CodeOf returns the code of the outermost fault in the chain of err, or "".
func CodeOf(err error) string {
	if f, ok := As(err); ok {
		return f.Code
	}
	return ""
}
