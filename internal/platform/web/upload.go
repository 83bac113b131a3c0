// SPDX-License-Identifier: Apache-2.0

package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"dangol/internal/platform/fault"
)

// uploadLimit is the largest file that is taken; bigger ones come by the command line.
const uploadLimit = 4 << 30

var uploadType = reflect.TypeFor[Upload]()

// Upload is embedded in the input of routes that take a file. The file is
// streamed: nothing of it is held in memory or in a temporary file.
type Upload struct {
	reader *multipart.Reader
	body   io.Reader
	name   string
}

// Part is the uploaded file.
type Part struct {
	Name        string
	ContentType string
	io.Reader
}

// Resolve takes the body of the request; called by the router.
func (u *Upload) Resolve(hc huma.Context) []error {
	kind, params, err := mime.ParseMediaType(hc.Header("Content-Type"))
	if err == nil && kind == "multipart/form-data" && params["boundary"] != "" {
		u.reader = multipart.NewReader(hc.BodyReader(), params["boundary"])
		return nil
	}
	u.body, u.name = hc.BodyReader(), hc.Query("name")
	return nil
}

// Next returns the first file of the form (or the bare body with ?name=), or
// fault.Invalid when there is none. Read errors past the size limit are fault.TooLarge.
func (u *Upload) Next() (*Part, error) {
	if u.reader == nil {
		if u.name == "" {
			return nil, errNoFile()
		}
		return &Part{Name: u.name, Reader: limited{u.body}}, nil
	}
	for {
		part, err := u.reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, errNoFile()
		}
		if err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "web.upload_broken", "The upload broke off before the file was complete; send it again.")
		}
		if part.FileName() != "" {
			return &Part{Name: part.FileName(), ContentType: part.Header.Get("Content-Type"), Reader: limited{part}}, nil
		}
	}
}

func errNoFile() error {
	return fault.New(fault.Invalid, "web.no_file", "The request carries no file; send one as multipart/form-data in the field \"file\".")
}

// limited turns the limit of http.MaxBytesReader into a fault.
type limited struct{ from io.Reader }

// Read reads on and names what went wrong.
func (l limited) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return n, fault.New(fault.TooLarge, "web.upload_too_large", "The file is larger than {limit} MB; load it with \"dangol import\" on the server instead.", "limit", tooLarge.Limit>>20)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, fault.Wrap(err, fault.Invalid, "web.upload_broken", "The upload broke off before the file was complete; send it again.")
	}
	return n, err
}

func uploadBody() *huma.RequestBody {
	return &huma.RequestBody{
		Required: true,
		Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
			Type:       "object",
			Properties: map[string]*huma.Schema{"file": {Type: "string", Format: "binary", Description: "The file."}},
			Required:   []string{"file"},
		}}},
	}
}
