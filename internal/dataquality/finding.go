// SPDX-License-Identifier: Apache-2.0

package dataquality

// Severity says how much a finding matters.
type Severity string

// The severities of findings.
const (
	// Error says that the value cannot be used: the normalised value is empty, the given text is kept in the record.
	Error Severity = "error"
	// Warning says that the value is kept but is probably wrong.
	Warning Severity = "warning"
	// Info says that the value was repaired or is worth a look.
	Info Severity = "info"
)

// Finding is one thing noticed about one value.
type Finding struct {
	Field    string   `json:"field"`
	Value    string   `json:"value,omitempty"` // masked or redacted, never the value in clear where it is personal
	Rule     string   `json:"rule"`            // rule id of the Korea rulebook, such as F-TEL-3
	Code     string   `json:"code"`            // stable dotted id for translation, such as phone.e_notation
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	Remedy   string   `json:"remedy,omitempty"`
}

// For names the field of findings that a normaliser of a kind could not know, and returns them.
func For(field string, findings []Finding) []Finding {
	for i := range findings {
		findings[i].Field = field
	}
	return findings
}

// Worst returns the highest severity among the findings, "" when there is none.
func Worst(findings []Finding) Severity {
	worst := Severity("")
	for i := range findings {
		switch findings[i].Severity {
		case Error:
			return Error
		case Warning:
			worst = Warning
		case Info:
			if worst == "" {
				worst = Info
			}
		}
	}
	return worst
}
