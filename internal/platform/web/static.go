// SPDX-License-Identifier: Apache-2.0

package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// pages serves the built user interface.
type pages struct {
	files fs.FS
	tags  sync.Map // name → entity tag
}

const notBuilt = `<!doctype html><meta charset="utf-8"><title>Dangol</title><p>The pages are not built into this binary. Run <code>make build</code>, or use the <a href="/api/docs">API</a>.</p>`

func (s *Server) servePages() http.HandlerFunc {
	p := &pages{files: s.options.Pages}
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
			return
		}
		p.serve(w, r)
	}
}

func (p *pages) serve(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	switch {
	case p.files == nil:
		name = ""
	case name == "" || !p.has(name):
		// Addresses of the application itself have no file; addresses of files that
		// are missing must not be answered with a page.
		if path.Ext(name) != "" || isStatic(r.URL.Path) {
			http.NotFound(w, r)
			return
		}
		name = "index.html"
	}
	if name == "" || !p.has(name) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, notBuilt)
		return
	}
	if isStatic(r.URL.Path) {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable") // their names hold a hash of what is inside
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	p.write(w, r, name)
}

func (p *pages) has(name string) bool {
	info, err := fs.Stat(p.files, name)
	return err == nil && !info.IsDir()
}

// write sends the file, packed if a packed twin was built.
func (p *pages) write(w http.ResponseWriter, r *http.Request, name string) {
	w.Header().Set("Content-Type", typeOf(name))
	w.Header().Add("Vary", "Accept-Encoding")
	stored := name
	for _, packing := range []struct{ suffix, encoding string }{{".br", "br"}, {".gz", "gzip"}} {
		if accepts(r, packing.encoding) && p.has(name+packing.suffix) {
			stored = name + packing.suffix
			w.Header().Set("Content-Encoding", packing.encoding)
			break
		}
	}
	content, err := fs.ReadFile(p.files, stored)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			http.NotFound(w, r)
			return
		}
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("ETag", p.tag(stored, content))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

func (p *pages) tag(name string, content []byte) string {
	if known, ok := p.tags.Load(name); ok {
		return known.(string)
	}
	sum := sha256.Sum256(content)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	p.tags.Store(name, tag)
	return tag
}

func accepts(r *http.Request, encoding string) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		refused := strings.Trim(strings.TrimPrefix(strings.TrimSpace(quality), "q="), "0.") == "" && quality != ""
		if name == encoding && !refused {
			return true
		}
	}
	return false
}

// typeOf does not ask the machine's own tables, which differ.
func typeOf(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".json", ".webmanifest":
		return "application/json"
	case ".ico":
		return "image/x-icon"
	}
	if known := mime.TypeByExtension(path.Ext(name)); known != "" {
		return known
	}
	return "application/octet-stream"
}
