// SPDX-License-Identifier: Apache-2.0

package match

import (
	"encoding/json"
	"time"

	"dangol/internal/match/linkage"
	"dangol/internal/platform/fault"
)

// State is where a run stands.
type State string

// The states of a run.
const (
	Queued    State = "queued"
	Running   State = "running"
	Done      State = "done"
	Cancelled State = "cancelled"
	Failed    State = "failed"
	Undoing   State = "undoing"
	Undone    State = "undone"
)

// Phase is what a working run does at the moment.
type Phase string

// The phases of a run; merges are planned first and done afterwards, slice by slice.
const (
	PhaseWait  Phase = "wait"
	PhaseRead  Phase = "read"
	PhaseScore Phase = "score"
	PhasePlan  Phase = "plan"
	PhaseLink  Phase = "link"
	PhaseIndex Phase = "index"
	PhaseEnd   Phase = "end"
)

// Settings say how a run is to work.
type Settings struct {
	// Train estimates the model anew from the data; false uses the saved one.
	Train bool `json:"train" doc:"Estimate the model anew from the data; without it the saved model is used."`
	// ReviewOnly links nothing by itself: every match goes to the review queue.
	ReviewOnly bool `json:"review_only,omitempty" doc:"Link nothing by itself: every match goes to the review queue."`
}

// Figures are what a run found.
type Figures struct {
	Records    int64   `json:"records"`
	Customers  int64   `json:"customers"`
	Candidates int64   `json:"candidates"`
	Planned    int64   `json:"planned"`
	Review     int64   `json:"review"`
	Conflicts  int64   `json:"conflicts" doc:"Pairs that look alike but cannot be one person: two numbers of a one-per-person scheme, told apart by a person, or another birth date and sex."`
	LinkAt     float64 `json:"link_at"`
	ReviewAt   float64 `json:"review_at"`
	// Precision and Recall are those that the model expects of the links made by itself.
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	Largest   int     `json:"largest"`
	Seconds   float64 `json:"seconds"`
	Histogram []Bin   `json:"histogram,omitempty"`
}

// Bin counts the pairs of customers whose match weight lies from Weight up to the next bin.
type Bin struct {
	Weight   float64 `json:"weight"`
	Pairs    int64   `json:"pairs"`
	Expected float64 `json:"expected" doc:"How many of them the model expects to be one person."`
}

// Run is one run over the customer base.
type Run struct {
	ID         int64      `json:"id"`
	State      State      `json:"state" enum:"queued,running,done,cancelled,failed,undoing,undone"`
	Phase      Phase      `json:"phase" enum:"wait,read,score,plan,link,index,end"`
	JobID      int64      `json:"job_id"`
	PersonID   int64      `json:"person_id"`
	ModelID    int64      `json:"model_id"`
	Settings   Settings   `json:"settings"`
	Figures    Figures    `json:"figures"`
	Merged     int64      `json:"merged"`
	Skipped    int64      `json:"skipped"`
	Undone     int64      `json:"undone"`
	Error      string     `json:"error,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`
	UndoneAt   *time.Time `json:"undone_at,omitempty"`
	// Progress of the phase at hand, while the run works.
	ProgressDone  int64 `json:"progress_done"`
	ProgressTotal int64 `json:"progress_total"`

	position int64
}

// Model is a saved model: how pairs are scored, and from which weights they are linked or reviewed.
type Model struct {
	ID        int64         `json:"id"`
	Reason    string        `json:"reason" enum:"run,edit,import,decisions"`
	Spec      *linkage.Spec `json:"spec"`
	LinkAt    float64       `json:"link_at" doc:"Match weight from which customers are linked without being asked."`
	ReviewAt  float64       `json:"review_at" doc:"Match weight from which a pair goes to the review queue."`
	IsTuned   bool          `json:"is_tuned" doc:"The thresholds were set by hand and stay when the model is trained anew."`
	CreatedAt time.Time     `json:"created_at"`
	CreatedBy int64         `json:"created_by"`

	frequencies linkage.Frequencies
}

// The decisions about a pair.
const (
	Same      = "same"
	Different = "different"
	Later     = "later"
)

// Pair is two customers that may be one person.
type Pair struct {
	ID         int64     `json:"id"`
	RunID      int64     `json:"run_id"`
	ModelID    int64     `json:"model_id"`
	LowID      int64     `json:"low_id"`
	HighID     int64     `json:"high_id"`
	LowRecord  int64     `json:"low_record"`
	HighRecord int64     `json:"high_record"`
	Weight     float64   `json:"weight"`
	Pattern    string    `json:"pattern"`
	Remark     string    `json:"remark,omitempty" doc:"why a pair above the threshold was not linked: consent, name or group"`
	State      string    `json:"state" enum:"open,later,same,different"`
	CreatedAt  time.Time `json:"created_at"`
}

// Decision is what somebody said about a pair.
type Decision struct {
	ID         int64      `json:"id"`
	PairID     int64      `json:"pair_id"`
	GroupID    int64      `json:"group_id,omitempty"`
	RunID      int64      `json:"run_id"`
	ModelID    int64      `json:"model_id"`
	LowID      int64      `json:"low_id"`
	HighID     int64      `json:"high_id"`
	SurvivorID int64      `json:"survivor_id,omitempty"`
	Weight     float64    `json:"weight"`
	Pattern    string     `json:"pattern"`
	Decision   string     `json:"decision" enum:"same,different"`
	Via        string     `json:"via" enum:"review,pattern,unmerge,create"`
	DecidedAt  time.Time  `json:"decided_at"`
	DecidedBy  int64      `json:"decided_by"`
	UndoneAt   *time.Time `json:"undone_at,omitempty"`
	UndoneBy   int64      `json:"undone_by,omitempty"`
}

// patternDigits writes the level of a comparison as one character; level 0 is a missing value.
const patternDigits = "0123456789abcdefghijklmnopqrstuvwxyz"

// levelBits is how the engine packs levels into a pattern.
const levelBits = 4

func patternText(packed uint64, comparisons int) string {
	text := make([]byte, comparisons)
	for i := range text {
		text[i] = patternDigits[packed>>(i*levelBits)&(1<<levelBits-1)]
	}
	return string(text)
}

func levelsText(levels []uint8) string {
	text := make([]byte, len(levels))
	for i, level := range levels {
		text[i] = patternDigits[level]
	}
	return string(text)
}

func patternLevels(text string) []uint8 {
	levels := make([]uint8, len(text))
	for i := range text {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			levels[i] = c - '0'
		case c >= 'a' && c <= 'z':
			levels[i] = c - 'a' + 10
		}
	}
	return levels
}

func errNoRun(id int64) error {
	return fault.New(fault.NotFound, "match.no_run", "There is no run {id}.", "id", id)
}

func errNoPair(id int64) error {
	return fault.New(fault.NotFound, "match.no_pair", "There is no pair {id}, or you may not see it.", "id", id)
}

func errNoModel() error {
	return fault.New(fault.NotFound, "match.no_model", "There is no model yet: start a run, it trains one from your data.")
}

func jsonText(value any) string {
	raw, err := json.Marshal(value)
	if err != nil { // plain structs always encode
		return "{}"
	}
	return string(raw)
}
