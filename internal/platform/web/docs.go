// SPDX-License-Identifier: Apache-2.0

package web

import (
	"embed"
	"encoding/json"
	"net/http"
)

// docs is the documentation page of the API: three small files of our own,
// because the usual ones are loaded from the internet.
//
//go:embed docs
var docs embed.FS

func (s *Server) serveOpenAPI(w http.ResponseWriter, r *http.Request) {
	raw, err := s.Document()
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(raw)
}

// Document returns the OpenAPI 3.1 document of all routes as JSON.
func (s *Server) Document() ([]byte, error) {
	return json.MarshalIndent(s.api.OpenAPI(), "", " ")
}

func serveDocsPage(w http.ResponseWriter, r *http.Request) { serveDocs(w, r, "index.html") }

func serveDocsFile(w http.ResponseWriter, r *http.Request) { serveDocs(w, r, r.PathValue("file")) }

func serveDocs(w http.ResponseWriter, r *http.Request, name string) {
	content, err := docs.ReadFile("docs/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", typeOf(name))
	_, _ = w.Write(content)
}
