// SPDX-License-Identifier: Apache-2.0

package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// goFile is one parsed Go file of the repository.
type goFile struct {
	path    string // slash-separated, relative to the repository root
	dir     string
	name    string
	isTest  bool
	syntax  *ast.File
	fset    *token.FileSet
	source  string
	imports []string
}

const moduleName = "dangol"

// sourceFiles parses every Go file of the product; generated files are left out.
func sourceFiles(t *testing.T) []goFile {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	var files []goFile
	walk := func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			switch entry.Name() {
			case "node_modules", ".git", "dist", "testdata", "data", "bin":
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, ".gen.go") {
			return nil
		}
		file, err := parse(root, path)
		if err != nil {
			return err
		}
		files = append(files, file)
		return nil
	}
	if err := filepath.WalkDir(root, walk); err != nil {
		t.Fatal(err)
	}
	if len(files) < 10 {
		t.Fatalf("only %d Go files found below %s", len(files), root)
	}
	return files
}

func parse(root, path string) (goFile, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return goFile{}, err
	}
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, path, source, parser.ParseComments)
	if err != nil {
		return goFile{}, err
	}
	relative, err := filepath.Rel(root, path)
	if err != nil {
		return goFile{}, err
	}
	relative = filepath.ToSlash(relative)
	file := goFile{
		path: relative, dir: filepath.ToSlash(filepath.Dir(relative)), name: filepath.Base(relative),
		isTest: strings.HasSuffix(relative, "_test.go"), syntax: syntax, fset: fset, source: string(source),
	}
	for _, spec := range syntax.Imports {
		file.imports = append(file.imports, strings.Trim(spec.Path.Value, `"`))
	}
	return file, nil
}

// capabilityOf answers the capability a folder belongs to: "customer" for
// internal/customer and all below it, "" for platform, app and the rest.
func capabilityOf(dir string) string {
	parts := strings.Split(dir, "/")
	if len(parts) < 2 || parts[0] != "internal" {
		return ""
	}
	if parts[1] == "app" || parts[1] == "platform" || parts[1] == "demo" {
		return ""
	}
	return parts[1]
}
