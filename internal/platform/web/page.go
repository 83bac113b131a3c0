// SPDX-License-Identifier: Apache-2.0

package web

import (
	"context"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Paging is the input of lists that are paged by cursor; embed it.
type Paging struct {
	Cursor string `query:"cursor" doc:"Where to go on: next_cursor of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50" doc:"Rows a page."`
}

// ByID is the input of routes about one thing; embed it or use it as it is.
type ByID struct {
	ID int64 `path:"id" doc:"Id of the thing."`
}

// Total is how many rows there are; capped totals mean "at least".
type Total struct {
	Count  int64 `json:"count"`
	Capped bool  `json:"capped"`
}

// PageBody is the body of a list.
type PageBody[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor" doc:"Empty on the last page."`
	Total      *Total `json:"total,omitempty"`
}

// Page is the output of a list.
type Page[T any] struct {
	Body PageBody[T]
}

// NewPage makes the output of a list; total may be nil.
func NewPage[T any](items []T, next string, total *Total) *Page[T] {
	if items == nil {
		items = []T{}
	}
	return &Page[T]{Body: PageBody[T]{Items: items, NextCursor: next, Total: total}}
}

// Empty is the output of routes that answer with nothing (204).
type Empty struct{}

// Download is the output of routes that answer with a file. Write streams it;
// an error after the first byte breaks the connection, so that a half file is
// never taken for a whole one.
type Download struct {
	Body func(huma.Context)
}

// NewDownload makes a download; name may hold any characters.
func NewDownload(name, contentType string, write func(ctx context.Context, w io.Writer) error) *Download {
	return &Download{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", contentType)
		hc.SetHeader("Content-Disposition", disposition(name))
		out := &counter{to: hc.BodyWriter()}
		if err := write(hc.Context(), out); err != nil {
			if out.written == 0 {
				hc.SetHeader("Content-Disposition", "")
				writeDownloadProblem(hc, err)
				return
			}
			logFrom(hc.Context()).Error("the download broke off", "error", err)
			panic(http.ErrAbortHandler)
		}
	}}
}

func disposition(name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\/;%`, r) {
			return '_'
		}
		return r
	}, name)
	return `attachment; filename="` + ascii + `"; filename*=UTF-8''` + url.PathEscape(strings.Map(dropControls, name))
}

func dropControls(r rune) rune {
	if r < ' ' || r == '/' || r == '\\' {
		return '_'
	}
	return r
}

type counter struct {
	to      io.Writer
	written int64
}

// Write passes the bytes on and counts them.
func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.written += int64(n)
	return n, err
}

// HTML is the output of the few routes that answer with a page of their own.
type HTML struct {
	Status      int
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// NewHTML makes an HTML answer.
func NewHTML(status int, page []byte) *HTML {
	return &HTML{Status: status, ContentType: mime.TypeByExtension(".html"), Body: page}
}

// Redirect is the output of routes that send the browser elsewhere.
type Redirect struct {
	Status   int
	Location string `header:"Location"`
}

// NewRedirect answers 302 to the address.
func NewRedirect(address string) *Redirect {
	return &Redirect{Status: http.StatusFound, Location: address}
}
