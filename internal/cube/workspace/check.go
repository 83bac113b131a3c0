// SPDX-License-Identifier: Apache-2.0

package workspace

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"dangol/internal/platform/fault"
)

// tableFunctions may stand behind FROM: they make rows out of their arguments
// alone. All others read files, the catalogue, settings, or run text as SQL.
var tableFunctions = []string{"range", "generate_series", "unnest"}

// forbidden are scalar functions that tell of the engine or change its state.
var forbidden = regexp.MustCompile(`^(read_|write_|duckdb_|pragma_|pg_|sql_auto|sniff|glob$|getenv|getvariable|current_setting|set_config|nextval|currval|` +
	`txid_current|in_search_path|current_schemas?$|current_database$|current_catalog$|current_role$|current_user$|session_user$|user$|version$|` +
	`query$|query_table$|parse_duckdb|json_execute|json_deserialize|from_substrait|get_substrait|which_secret|add_parquet_key|checkpoint|force_checkpoint|error$|sleep)`)

// fromTypes are the kinds of table references that may occur.
var fromTypes = []string{"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "EMPTY_FROM", "PIVOT", "CTE"}

// referenceKeys are where table references stand in DuckDB's parse tree.
var referenceKeys = []string{"from_table", "left", "right", "source"}

// inspector walks the parse tree of a statement.
type inspector struct {
	visible []string // tables that may be read
	hidden  []string // tables that exist but may not
	named   map[string]bool
	used    map[string]bool
	err     error
}

// inspect checks DuckDB's own parse tree of a statement and lists the tables
// that it reads.
func inspect(tree []byte, visible, hidden []string) ([]string, error) {
	var parsed struct {
		Error      bool              `json:"error"`
		Message    string            `json:"error_message"`
		Statements []json.RawMessage `json:"statements"`
	}
	if err := json.Unmarshal(tree, &parsed); err != nil {
		return nil, errSyntax(err.Error())
	}
	switch {
	case parsed.Error && strings.Contains(parsed.Message, "Only SELECT"):
		return nil, fault.New(fault.Forbidden, "cube.sql_only_select", "Only SELECT can be run here: nothing can be changed, attached, installed, copied or set.")
	case parsed.Error:
		return nil, errSyntax(parsed.Message)
	case len(parsed.Statements) != 1:
		return nil, fault.New(fault.Invalid, "cube.sql_one_statement", "Run one statement at a time; here are {count}.", "count", len(parsed.Statements))
	}
	var root any
	if err := json.Unmarshal(parsed.Statements[0], &root); err != nil {
		return nil, errSyntax(err.Error())
	}
	in := &inspector{visible: visible, hidden: hidden, named: map[string]bool{}, used: map[string]bool{}}
	in.names(root)
	in.walk(root, "")
	if in.err != nil {
		return nil, in.err
	}
	used := make([]string, 0, len(in.used))
	for name := range in.used {
		used = append(used, name)
	}
	slices.Sort(used)
	return used, nil
}

// names collects what the statement itself names with WITH. Such a name must
// not be that of a table: outside the WITH it would mean the table again.
func (in *inspector) names(node any) {
	switch n := node.(type) {
	case map[string]any:
		for key, child := range n {
			if key == "cte_map" {
				in.nameAll(child)
			}
			in.names(child)
		}
		if name, ok := n["cte_name"].(string); ok {
			in.name(name)
		}
		if name, ok := n["ctename"].(string); ok {
			in.name(name)
		}
	case []any:
		for _, child := range n {
			in.names(child)
		}
	}
}

func (in *inspector) nameAll(node any) {
	entries, _ := node.(map[string]any)
	list, _ := entries["map"].([]any)
	for _, entry := range list {
		pair, _ := entry.(map[string]any)
		if name, ok := pair["key"].(string); ok {
			in.name(name)
		}
	}
}

func (in *inspector) name(name string) {
	name = strings.ToLower(name)
	if slices.Contains(in.hidden, name) || slices.Contains(in.visible, name) {
		in.fail(fault.New(fault.Invalid, "cube.sql_taken_name", "{name} is the name of a table; give the WITH another one.", "name", name))
	}
	in.named[name] = true
}

func (in *inspector) fail(err error) {
	if in.err == nil {
		in.err = err
	}
}

func (in *inspector) walk(node any, key string) {
	switch n := node.(type) {
	case map[string]any:
		in.object(n, key)
		for childKey, child := range n {
			in.walk(child, childKey)
		}
	case []any:
		for _, child := range n {
			in.walk(child, key)
		}
	}
}

func (in *inspector) object(n map[string]any, key string) {
	kind, _ := n["type"].(string)
	if slices.Contains(referenceKeys, key) && n["class"] == nil && kind != "" && !slices.Contains(fromTypes, kind) && !strings.HasSuffix(kind, "_NODE") {
		in.fail(fault.New(fault.Forbidden, "cube.sql_bad_source", "{kind} cannot stand behind FROM here.", "kind", kind))
	}
	switch kind {
	case "BASE_TABLE":
		in.table(n)
	case "TABLE_FUNCTION":
		function, _ := n["function"].(map[string]any)
		name, _ := function["function_name"].(string)
		if !slices.Contains(tableFunctions, strings.ToLower(name)) {
			in.fail(fault.New(fault.Forbidden, "cube.sql_bad_source",
				"{kind} cannot stand behind FROM here: only tables of the schema, subqueries, range, generate_series and unnest.", "kind", name+"()"))
		}
		return
	case "SHOW_REF", "COLUMN_DATA", "BOUND_TABLE_REF", "DELIM_GET":
		in.fail(fault.New(fault.Forbidden, "cube.sql_bad_source", "{kind} cannot stand behind FROM here.", "kind", kind))
	}
	if name, ok := n["function_name"].(string); ok {
		in.function(strings.ToLower(name), n)
	}
}

func (in *inspector) table(n map[string]any) {
	name, _ := n["table_name"].(string)
	schema, _ := n["schema_name"].(string)
	catalog, _ := n["catalog_name"].(string)
	lower := strings.ToLower(name)
	switch {
	case schema != "" || catalog != "":
		in.fail(fault.New(fault.Forbidden, "cube.sql_qualified", "{name}: write names of tables without schema and database.", "name", strings.Trim(catalog+"."+schema+"."+name, ".")))
	case slices.Contains(in.visible, lower):
		in.used[lower] = true
	case in.named[lower]:
	default:
		in.fail(fault.New(fault.NotFound, "cube.sql_no_table", "There is no table {name} that you may read; the schema lists them.", "name", name))
	}
}

func (in *inspector) function(name string, n map[string]any) {
	if schema, _ := n["schema"].(string); schema != "" && schema != "main" {
		in.fail(fault.New(fault.Forbidden, "cube.sql_bad_function", "{name} cannot be called here.", "name", schema+"."+name))
	}
	if catalog, _ := n["catalog"].(string); catalog != "" {
		in.fail(fault.New(fault.Forbidden, "cube.sql_bad_function", "{name} cannot be called here.", "name", catalog+"."+name))
	}
	if forbidden.MatchString(name) {
		in.fail(fault.New(fault.Forbidden, "cube.sql_bad_function", "{name} cannot be called here.", "name", name))
	}
}
