// SPDX-License-Identifier: Apache-2.0

package architecture

import (
	"go/ast"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	// longestFunction and longestFile are the hard limits of style.md.
	longestFunction = 80
	longestFile     = 500
)

// forbidden folder names say nothing about what is inside.
var forbidden = []string{"util", "utils", "common", "helper", "helpers", "base", "core", "misc", "types", "models", "manager", "lib"}

func TestEveryFileNamesItsLicence(t *testing.T) {
	for _, file := range sourceFiles(t) {
		if !strings.HasPrefix(file.source, "// SPDX-License-Identifier: Apache-2.0\n") {
			t.Errorf("%s: the first line must be the SPDX line", file.path)
		}
	}
}

func TestFoldersSayWhatTheyHold(t *testing.T) {
	for _, file := range sourceFiles(t) {
		for _, part := range strings.Split(file.dir, "/") {
			for _, name := range forbidden {
				if part == name {
					t.Errorf("%s: a folder named %q explains nothing", file.path, name)
				}
			}
		}
	}
}

func TestEveryPackageExplainsItself(t *testing.T) {
	documented := map[string]bool{}
	for _, file := range sourceFiles(t) {
		if file.isTest {
			continue
		}
		documented[file.dir] = documented[file.dir] || file.syntax.Doc != nil
	}
	for dir, has := range documented {
		if !has {
			t.Errorf("%s has no package comment; write doc.go", dir)
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	for _, file := range sourceFiles(t) {
		if file.isTest || file.syntax.Name.Name == "main" {
			continue
		}
		for _, declaration := range file.syntax.Decls {
			for _, name := range undocumented(declaration) {
				t.Errorf("%s: exported %s has no comment", file.path, name)
			}
		}
	}
}

func undocumented(declaration ast.Decl) []string {
	var names []string
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && isExportedReceiver(d) {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					names = append(names, s.Name.Name)
				}
			case *ast.ValueSpec:
				if s.Names[0].IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					names = append(names, s.Names[0].Name)
				}
			}
		}
	}
	return names
}

func isExportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return true
	}
	receiver := d.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if index, ok := receiver.(*ast.IndexExpr); ok {
		receiver = index.X
	}
	name, ok := receiver.(*ast.Ident)
	return ok && name.IsExported()
}

func TestFunctionsAndFilesStayShort(t *testing.T) {
	for _, file := range sourceFiles(t) {
		if file.isTest {
			continue
		}
		if lines := strings.Count(file.source, "\n"); lines > longestFile {
			t.Errorf("%s has %d lines, more than %d", file.path, lines, longestFile)
		}
		for _, declaration := range file.syntax.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			length := file.fset.Position(function.End()).Line - file.fset.Position(function.Pos()).Line + 1
			if length > longestFunction {
				t.Errorf("%s: %s has %d lines, more than %d", file.path, function.Name.Name, length, longestFunction)
			}
		}
	}
}

// A page folder has the name of the capability it shows; "app" and "shared"
// are the shell.
func TestPageFoldersAreCapabilities(t *testing.T) {
	entries, err := os.ReadDir(filepath.Join("..", "ui", "src"))
	if err != nil {
		t.Fatal(err)
	}
	shell := map[string]bool{"app": true, "shared": true, "home": true, "platform": true}
	for _, entry := range entries {
		if !entry.IsDir() || shell[entry.Name()] {
			continue
		}
		if _, known := allowed[entry.Name()]; !known {
			t.Errorf("ui/src/%s is not the name of a capability", entry.Name())
		}
	}
}
