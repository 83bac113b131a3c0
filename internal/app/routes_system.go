// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
	"dangol/internal/platform/journal"
	"dangol/internal/platform/web"
)

// Job is background work as screens show it.
type Job struct {
	ID          int64           `json:"id"`
	Kind        string          `json:"kind"`
	State       string          `json:"state" enum:"waiting,running,done,failed,dead,cancelled" doc:"failed is tried again at run_at; dead is not."`
	Done        int64           `json:"done"`
	Total       int64           `json:"total"`
	Note        string          `json:"note"`
	Attempt     int             `json:"attempt"`
	MaxAttempts int             `json:"max_attempts"`
	Error       string          `json:"error,omitempty"`
	Result      json.RawMessage `json:"result,omitempty"`
	PersonID    int64           `json:"person_id"`
	Person      string          `json:"person"`
	IsCancelled bool            `json:"is_cancelled" doc:"It was asked to stop and has not stopped yet."`
	RunAt       time.Time       `json:"run_at"`
	CreatedAt   time.Time       `json:"created_at"`
	StartedAt   *time.Time      `json:"started_at,omitempty"`
	FinishedAt  *time.Time      `json:"finished_at,omitempty"`
}

// jobStates are the names of the API for the states of the queue.
var jobStates = map[string]job.State{"waiting": job.Ready, "failed": job.Ready, "running": job.Running, "done": job.Succeeded, "dead": job.Dead, "cancelled": job.Cancelled}

func shownJob(info job.Info, names map[int64]string) Job {
	shown := Job{
		ID: info.ID, Kind: info.Kind, State: string(info.State), Done: info.Done, Total: info.Total, Note: info.Note,
		Attempt: info.Attempt, MaxAttempts: info.MaxAttempts, Error: info.Error, Result: info.Result, PersonID: info.PersonID,
		Person: names[info.PersonID], IsCancelled: info.IsCancelled, RunAt: info.RunAt, CreatedAt: info.CreatedAt,
		StartedAt: known(info.StartedAt), FinishedAt: known(info.FinishedAt),
	}
	switch {
	case info.State == job.Ready && info.Error != "":
		shown.State = "failed"
	case info.State == job.Ready:
		shown.State = "waiting"
	case info.State == job.Succeeded:
		shown.State = "done"
	}
	return shown
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type jobsInput struct {
	web.Paging
	State string `query:"state" enum:"waiting,running,done,failed,dead,cancelled"`
	Kind  string `query:"kind"`
	Mine  bool   `query:"mine" doc:"Only work that I ordered."`
}

type jobOutput struct{ Body Job }

func (a *App) systemRoutes(api web.API) {
	a.jobRoutes(api)
	a.journalRoutes(api)
	tags := []string{"system"}
	web.Register(api, web.Operation{Method: http.MethodGet, Path: "/api/system", ID: "get-system", Permission: "system:read", Cost: web.List, Summary: "Version, sizes and positions", Tags: tags},
		func(ctx context.Context, _ *struct{}) (*systemOutput, error) {
			status, err := a.Status(ctx)
			return &systemOutput{Body: status}, err
		})
	web.Register(api, web.Operation{Method: http.MethodGet, Path: "/api/system/image", ID: "get-image-state", Permission: web.SignedIn, Summary: "Whether the customer image answers, is being built, or was found damaged", Tags: tags},
		func(_ context.Context, _ *struct{}) (*imageOutput, error) {
			out := &imageOutput{}
			out.Body.State = a.Image.Status().State
			if a.Mirror != nil {
				out.Body.ClickHouse = a.Mirror.Status().State
			}
			return out, nil
		})
	web.Register(api, web.Operation{Method: http.MethodPost, Path: "/api/system/rebuild", ID: "rebuild-warehouse", Permission: "system:admin", Cost: web.Batch, Status: http.StatusAccepted, Summary: "Build the analysis data anew", Tags: tags},
		func(ctx context.Context, _ *struct{}) (*orderedOutput, error) {
			id, err := a.Jobs.Add(ctx, rebuildJob, struct{}{}, job.Options{Unique: rebuildJob})
			return orderedJob(id), err
		})
	web.Register(api, web.Operation{Method: http.MethodPost, Path: "/api/system/check", ID: "check-installation", Permission: "system:admin", Cost: web.Batch, Status: http.StatusAccepted, Summary: "Check database, journal, files and analysis data", Tags: tags},
		func(ctx context.Context, _ *struct{}) (*orderedOutput, error) {
			id, err := a.Jobs.Add(ctx, checkJob, struct{}{}, job.Options{Unique: checkJob, MaxAttempts: 1})
			return orderedJob(id), err
		})
	api.Hub().Allow("job", "job:read")
	api.Hub().Allow("journal", web.SignedIn)
	api.Hub().Allow("warehouse", web.SignedIn)
}

type systemOutput struct{ Body Status }

type imageOutput struct {
	Body struct {
		State string `json:"state" enum:"ready,building,damaged"`
		// ClickHouse is the state of the mirror; absent without one.
		ClickHouse string `json:"clickhouse,omitempty" enum:"loading,level,lost"`
	}
}

type orderedOutput struct {
	Body struct {
		JobID int64 `json:"job_id"`
	}
}

func orderedJob(id int64) *orderedOutput {
	out := &orderedOutput{}
	out.Body.JobID = id
	return out
}

func (a *App) jobRoutes(api web.API) {
	tags := []string{"job"}
	web.Register(api, web.Operation{Method: http.MethodGet, Path: "/api/jobs", ID: "list-jobs", Permission: "job:read", Cost: web.List, Summary: "List background work, newest first", Tags: tags}, a.listJobs)
	web.Register(api, web.Operation{Method: http.MethodGet, Path: "/api/jobs/{id}", ID: "find-job", Permission: "job:read", Summary: "Find background work", Tags: tags},
		func(ctx context.Context, in *web.ByID) (*jobOutput, error) { return a.findJob(ctx, in.ID) })
	web.Register(api, web.Operation{Method: http.MethodPost, Path: "/api/jobs/{id}/cancel", ID: "cancel-job", Permission: "job:read", Summary: "Stop background work; somebody else's needs job:admin", Tags: tags},
		func(ctx context.Context, in *web.ByID) (*jobOutput, error) {
			return a.changeJob(ctx, in.ID, a.Jobs.Cancel)
		})
	web.Register(api, web.Operation{Method: http.MethodPost, Path: "/api/jobs/{id}/retry", ID: "retry-job", Permission: "job:read", Summary: "Try dead or cancelled work again; somebody else's needs job:admin", Tags: tags},
		func(ctx context.Context, in *web.ByID) (*jobOutput, error) {
			return a.changeJob(ctx, in.ID, a.Jobs.Retry)
		})
}

func (a *App) listJobs(ctx context.Context, in *jobsInput) (*web.Page[Job], error) {
	cursor, err := cursorOf(in.Cursor)
	if err != nil {
		return nil, err
	}
	filter := job.Filter{Kind: in.Kind, State: jobStates[in.State], Cursor: cursor, Limit: in.Limit}
	if in.Mine {
		filter.PersonID = auth.From(ctx).ID
	}
	list, err := a.Jobs.List(ctx, filter)
	if err != nil {
		return nil, err
	}
	names, err := a.names(ctx)
	if err != nil {
		return nil, err
	}
	var items []Job
	for _, info := range list {
		if one := shownJob(info, names); in.State == "" || one.State == in.State {
			items = append(items, one)
		}
	}
	next := ""
	if len(list) == in.Limit {
		next = strconv.FormatInt(list[len(list)-1].ID, 10)
	}
	return web.NewPage(items, next, nil), nil
}

func (a *App) findJob(ctx context.Context, id int64) (*jobOutput, error) {
	info, err := a.Jobs.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	names, err := a.names(ctx)
	return &jobOutput{Body: shownJob(info, names)}, err
}

func (a *App) changeJob(ctx context.Context, id int64, change func(context.Context, int64) error) (*jobOutput, error) {
	info, err := a.Jobs.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	if info.PersonID == 0 || info.PersonID != auth.From(ctx).ID {
		if err := auth.Check(ctx, "job:admin"); err != nil {
			return nil, err
		}
	}
	if err := change(ctx, id); err != nil {
		return nil, err
	}
	return a.findJob(ctx, id)
}

// names of staff by id.
func (a *App) names(ctx context.Context) (map[int64]string, error) {
	people, err := a.Team.List(ctx)
	names := make(map[int64]string, len(people))
	for _, person := range people {
		names[person.ID] = person.Name
	}
	return names, err
}

func cursorOf(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	cursor, err := strconv.ParseInt(text, 10, 64)
	if err != nil || cursor < 1 {
		return 0, fault.New(fault.Invalid, "web.bad_cursor", "The cursor {cursor} is none of this list.", "cursor", text)
	}
	return cursor, nil
}

// Entry is a journal entry as screens show it; before and after are there only
// for those who may see clear values.
type Entry struct {
	ID          int64           `json:"id"`
	Seq         int64           `json:"seq"`
	At          time.Time       `json:"at"`
	ActorID     int64           `json:"actor_id"`
	Actor       string          `json:"actor"`
	Capability  string          `json:"capability"`
	Kind        string          `json:"kind"`
	SubjectKind string          `json:"subject_kind"`
	SubjectIDs  []int64         `json:"subject_ids"`
	Rows        int             `json:"rows" doc:"Row changes of a bulk entry."`
	Batch       int64           `json:"batch_id,omitempty"`
	Before      json.RawMessage `json:"before,omitempty"`
	After       json.RawMessage `json:"after,omitempty"`
}

// Access is an access to personal data as screens show it.
type Access struct {
	ID          int64     `json:"id"`
	At          time.Time `json:"at"`
	ActorID     int64     `json:"actor_id"`
	Actor       string    `json:"actor"`
	Address     string    `json:"address"`
	Work        string    `json:"work"`
	Purpose     string    `json:"purpose"`
	SubjectKind string    `json:"subject_kind"`
	SubjectIDs  []int64   `json:"subject_ids" doc:"At most the first 100."`
	Count       int       `json:"count"`
	Detail      string    `json:"detail,omitempty"`
}

type journalInput struct {
	web.Paging
	Capability string    `query:"capability"`
	Kind       string    `query:"kind"`
	PersonID   int64     `query:"person_id"`
	BatchID    int64     `query:"batch_id"`
	From       time.Time `query:"from"`
	To         time.Time `query:"to"`
}

type accessInput struct {
	web.Paging
	PersonID    int64     `query:"person_id"`
	SubjectKind string    `query:"subject_kind"`
	SubjectID   int64     `query:"subject_id" doc:"Who has seen this one's data."`
	Work        string    `query:"work"`
	From        time.Time `query:"from"`
	To          time.Time `query:"to"`
}

func (a *App) journalRoutes(api web.API) {
	tags := []string{"journal"}
	web.Register(api, web.Operation{Method: http.MethodGet, Path: "/api/journal", ID: "list-journal", Permission: "journal:read", Cost: web.List, Summary: "List changes, newest first", Tags: tags}, a.listJournal)
	web.Register(api, web.Operation{Method: http.MethodGet, Path: "/api/access-log", ID: "list-access-log", Permission: "journal:read", Cost: web.List, Summary: "List accesses to personal data, newest first", Tags: tags}, a.listAccess)
}

func (a *App) listJournal(ctx context.Context, in *journalInput) (*web.Page[Entry], error) {
	cursor, err := cursorOf(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := a.Journal.List(ctx, journal.Filter{Capability: in.Capability, Kind: in.Kind, ActorID: in.PersonID, Batch: in.BatchID, From: in.From, To: in.To, Cursor: cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	isClear := auth.CanSeeClear(ctx)
	items := make([]Entry, len(list))
	var seen []int64
	for i, e := range list {
		items[i] = Entry{ID: e.ID, Seq: e.Seq, At: e.At, ActorID: e.ActorID, Actor: e.Actor, Capability: e.Capability, Kind: e.Kind, SubjectKind: e.SubjectKind, SubjectIDs: e.SubjectIDs, Rows: e.Rows, Batch: e.Batch}
		if isClear || e.RecordID == 0 {
			items[i].Before, items[i].After = e.Before, e.After
		}
		if isClear && e.RecordID != 0 && e.SubjectKind == "customer" {
			seen = append(seen, e.SubjectIDs...)
		}
	}
	if len(seen) > 0 {
		person := auth.From(ctx)
		err := a.Journal.LogAccess(ctx, journal.AccessEntry{Work: "journal.read", Purpose: person.UnmaskPurpose, IP: person.Address, SubjectKind: "customer", SubjectIDs: seen})
		if err != nil {
			return nil, err
		}
	}
	next := ""
	if len(list) == in.Limit {
		next = strconv.FormatInt(list[len(list)-1].ID, 10)
	}
	return web.NewPage(items, next, nil), nil
}

// shownSubjects bounds a row of the access log: an export may name a million.
const shownSubjects = 100

func (a *App) listAccess(ctx context.Context, in *accessInput) (*web.Page[Access], error) {
	cursor, err := cursorOf(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := a.Journal.ListAccess(ctx, journal.AccessFilter{ActorID: in.PersonID, SubjectKind: in.SubjectKind, SubjectID: in.SubjectID, Work: in.Work, From: in.From, To: in.To, Cursor: cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	items := make([]Access, len(list))
	for i, e := range list {
		items[i] = Access{ID: e.ID, At: e.At, ActorID: e.ActorID, Actor: e.Actor, Address: e.IP, Work: e.Work, Purpose: e.Purpose, SubjectKind: e.SubjectKind, SubjectIDs: e.SubjectIDs[:min(len(e.SubjectIDs), shownSubjects)], Count: e.Count, Detail: e.Detail}
	}
	next := ""
	if len(list) == in.Limit {
		next = strconv.FormatInt(list[len(list)-1].ID, 10)
	}
	return web.NewPage(items, next, nil), nil
}

// publishJournal tells open pages which capabilities have news; no ids, because
// a page may not know every row.
func (a *App) publishJournal(_ context.Context, entries []journal.Entry) error {
	kinds := map[string]bool{}
	for _, entry := range entries {
		kinds[entry.Kind] = true
	}
	list := make([]string, 0, len(kinds))
	for kind := range kinds {
		list = append(list, kind)
	}
	a.Web.Hub().Publish("journal", map[string]any{"seq": entries[len(entries)-1].Seq, "kinds": list})
	return nil
}
