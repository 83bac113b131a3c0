// SPDX-License-Identifier: Apache-2.0

package match

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"dangol/internal/customer"
	"dangol/internal/match/linkage"
	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/job"
)

func errTooFew() error {
	return fault.New(fault.Invalid, "match.too_few", "There are not two records to compare yet. Import customers first.")
}

func errRunning(id int64) error {
	return fault.New(fault.Conflict, "match.running", "Run {id} is working already; wait for it or cancel it first.", "id", id)
}

// Start orders a run over the whole base. Only one works at a time: another gives fault.Conflict.
func (s *Service) Start(ctx context.Context, settings Settings) (*Run, error) {
	if err := wholeBase(ctx); err != nil {
		return nil, err
	}
	run := &Run{State: Queued, Phase: PhaseWait, PersonID: auth.From(ctx).ID, Settings: settings}
	err := s.db.Within(ctx, func(ctx context.Context) error {
		active, err := s.store.activeRun(ctx)
		if err != nil {
			return err
		}
		if active != nil {
			if !s.isAbandoned(ctx, active) {
				return errRunning(active.ID)
			}
			if err := s.end(ctx, active, Failed, abandonedMessage); err != nil {
				return err
			}
		}
		if err := s.store.createRun(ctx, run); err != nil {
			return err
		}
		if run.JobID, err = s.jobs.Add(ctx, jobRun, runArgs{run.ID}, job.Options{}); err != nil {
			return err
		}
		if err := s.store.saveRun(ctx, run); err != nil {
			return err
		}
		return s.log(ctx, "match.started", "match_run", run.ID, nil, settings)
	})
	return run, err
}

// FindRun returns a run with its progress, or fault.NotFound.
func (s *Service) FindRun(ctx context.Context, id int64) (*Run, error) {
	run, err := s.store.findRun(ctx, id)
	if err != nil {
		return nil, err
	}
	s.addProgress(ctx, run)
	return run, nil
}

// ListRuns returns runs, newest first.
func (s *Service) ListRuns(ctx context.Context, before int64, limit int) ([]*Run, error) {
	runs, err := s.store.listRuns(ctx, before, limit)
	for _, run := range runs {
		run.Figures.Histogram = nil
		s.addProgress(ctx, run)
	}
	return runs, err
}

func (s *Service) addProgress(ctx context.Context, run *Run) {
	if run.State != Queued && run.State != Running && run.State != Undoing {
		return
	}
	if s.isAbandoned(ctx, run) {
		run.State, run.Error = Failed, abandonedMessage
		return
	}
	if info, err := s.jobs.Find(ctx, run.JobID); err == nil {
		run.ProgressDone, run.ProgressTotal = info.Done, info.Total
	}
}

const abandonedMessage = "The program ended again and again while the run worked, so it was given up. What it merged stays and can be undone; start another run."

// isAbandoned reports whether the job of a working run was given up: its process was killed more often than it
// has attempts, and nobody was left to say so.
func (s *Service) isAbandoned(ctx context.Context, run *Run) bool {
	info, err := s.jobs.Find(ctx, run.JobID)
	return fault.Is(err, fault.NotFound) || err == nil && info.State == job.Dead
}

// Cancel stops a run. What it has linked so far stays and can be undone.
func (s *Service) Cancel(ctx context.Context, id int64) (*Run, error) {
	err := s.db.Within(ctx, func(ctx context.Context) error {
		run, err := s.store.findRun(ctx, id)
		if err != nil {
			return err
		}
		if run.State != Queued && run.State != Running && run.State != Undoing {
			return fault.New(fault.Conflict, "match.ended", "Run {id} has ended already.", "id", id)
		}
		if err := s.jobs.Cancel(ctx, run.JobID); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
		if run.State == Queued || s.isAbandoned(ctx, run) { // its job will never run
			return s.end(ctx, run, Cancelled, "")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.FindRun(ctx, id)
}

// end stores how a run ended, in the transaction of ctx.
func (s *Service) end(ctx context.Context, run *Run, state State, message string) error {
	at := database.Time(ctx)
	run.State, run.Error = state, message
	if state == Undone {
		run.UndoneAt = &at
	} else if run.FinishedAt == nil {
		run.FinishedAt = &at
	}
	if state == Done || state == Undone {
		run.Phase = PhaseEnd
	}
	if err := s.store.saveRun(ctx, run); err != nil {
		return err
	}
	figures := run.Figures
	figures.Histogram = nil
	return s.log(ctx, "match."+string(state), "match_run", run.ID, nil, map[string]any{"merged": run.Merged, "undone": run.Undone, "figures": figures})
}

// work does a run, or goes on with one that was cut off. A run that had not planned its merges yet starts
// clean; one that had goes on behind the last slice.
func (s *Service) work(ctx context.Context, j *job.Job, id int64) error {
	run, err := s.store.findRun(ctx, id)
	if err != nil {
		return err
	}
	if run.State != Queued && run.State != Running {
		return nil
	}
	started := time.Now()
	run.State = Running
	if run.Phase != PhaseLink && run.Phase != PhaseIndex {
		if err := s.db.Within(ctx, func(ctx context.Context) error { return s.store.forgetPlan(ctx, run.ID) }); err != nil {
			return err
		}
		if err := s.findOut(ctx, j, run); err != nil {
			return err
		}
	}
	if run.Phase == PhaseLink {
		if err := s.link(ctx, j, run); err != nil {
			return err
		}
	}
	if err := s.index(ctx, j, run); err != nil {
		return err
	}
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := j.Fence(ctx); err != nil {
			return err
		}
		run.Figures.Seconds += time.Since(started).Seconds()
		return s.end(ctx, run, Done, "")
	})
}

// phase stores that a run goes on to the next phase.
func (s *Service) phase(ctx context.Context, j *job.Job, run *Run, phase Phase) error {
	run.Phase = phase
	j.Progress(ctx, 0, 0, string(phase))
	return s.db.Within(ctx, func(ctx context.Context) error {
		if err := j.Fence(ctx); err != nil {
			return err
		}
		return s.store.saveRun(ctx, run)
	})
}

// findOut reads, scores and plans; nothing is merged yet.
func (s *Service) findOut(ctx context.Context, j *job.Job, run *Run) error {
	if err := s.phase(ctx, j, run, PhaseRead); err != nil {
		return err
	}
	b, err := s.read(ctx, func(done, total int64) { j.Progress(ctx, done, total, string(PhaseRead)) })
	if err != nil {
		return err
	}
	run.Figures.Records, run.Figures.Customers = int64(len(b.records)), int64(len(b.customers))
	if err := s.phase(ctx, j, run, PhaseScore); err != nil {
		return err
	}
	model, result, err := s.score(ctx, run, b.builder.Table())
	if err != nil {
		return err
	}
	edges := edgesOf(b, result.Pairs, result.Model.PriorWeight(), binFloor)
	run.Figures.Candidates = result.Candidates
	result.Pairs = nil
	run.Figures.Histogram = histogram(edges)
	if !model.IsTuned {
		model.LinkAt, model.ReviewAt = chooseThresholds(run.Figures.Histogram)
	}
	run.Figures.LinkAt, run.Figures.ReviewAt = model.LinkAt, model.ReviewAt
	run.Figures.Precision, run.Figures.Recall = expectation(run.Figures.Histogram, model.LinkAt)
	linkAt := model.LinkAt
	if run.Settings.ReviewOnly {
		linkAt = 1 << 20 // beyond every weight
	}
	if err := s.remarkConsents(ctx, b, edges, linkAt); err != nil {
		return err
	}
	remarkNames(model.Spec, edges, linkAt)
	out := cluster(b, edges, linkAt, model.ReviewAt, len(result.Model.Comparisons))
	run.Figures.Planned, run.Figures.Review = int64(len(out.merges)), int64(len(out.reviews))
	run.Figures.Conflicts, run.Figures.Largest = out.conflicts, out.largest
	return s.plan(ctx, j, run, model, b, out)
}

// score runs the engine, with the saved model when that is wanted and fits the columns.
func (s *Service) score(ctx context.Context, run *Run, t *linkage.Table) (*Model, *linkage.Result, error) {
	saved, err := s.store.findModel(ctx, 0)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, nil, err
	}
	options := linkage.Options{Seed: 1}
	if saved != nil && !run.Settings.Train && saved.Spec.Validate() == nil && saved.Spec.Fits(t) {
		options.Spec = saved.Spec
	}
	result, err := linkage.Run(ctx, t, options)
	if err != nil {
		return nil, nil, err
	}
	if options.Spec != nil {
		return saved, result, nil
	}
	model := &Model{Reason: "run", Spec: result.Spec(), CreatedBy: run.PersonID}
	model.frequencies = model.Spec.FrequenciesOf(t, mostFrequencies)
	if saved != nil && saved.IsTuned {
		model.IsTuned, model.LinkAt, model.ReviewAt = true, saved.LinkAt, saved.ReviewAt
	}
	return model, result, nil
}

// mostFrequencies is how many common values of a comparison a saved model keeps.
const mostFrequencies = 50_000

// planSlice is how many planned merges or pairs are written at once.
const planSlice = 2000

// plan writes down what was decided, slice by slice; only the last slice makes it count.
func (s *Service) plan(ctx context.Context, j *job.Job, run *Run, model *Model, b *base, out *outcome) error {
	if err := s.phase(ctx, j, run, PhasePlan); err != nil {
		return err
	}
	total, done := int64(len(out.merges)+len(out.reviews)), int64(0)
	for part := range slices.Chunk(out.merges, planSlice) {
		for i := range part {
			part[i].RunID = run.ID
		}
		if err := s.db.WithinBulk(ctx, func(ctx context.Context) error { return s.store.insertMerges(ctx, part) }); err != nil {
			return fmt.Errorf("write planned merges: %w", err)
		}
		done += int64(len(part))
		j.Progress(ctx, done, total, string(PhasePlan))
	}
	err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
		if model.ID == 0 {
			if err := s.store.createModel(ctx, model); err != nil {
				return fmt.Errorf("save the model: %w", err)
			}
		}
		run.ModelID = model.ID
		return s.store.dropOpen(ctx, run.ID)
	})
	if err != nil {
		return err
	}
	comparisons := len(model.Spec.Model.Comparisons)
	for part := range slices.Chunk(out.reviews, planSlice) {
		pairs := make([]Pair, len(part))
		for i, e := range part {
			pairs[i] = b.pair(e, run, comparisons)
		}
		if err := s.db.WithinBulk(ctx, func(ctx context.Context) error { return s.store.upsertPairs(ctx, pairs) }); err != nil {
			return fmt.Errorf("fill the review queue: %w", err)
		}
		done += int64(len(part))
		j.Progress(ctx, done, total, string(PhasePlan))
	}
	s.live.forget()
	return s.phase(ctx, j, run, PhaseLink)
}

func (b *base) pair(e edge, run *Run, comparisons int) Pair {
	p := Pair{
		RunID: run.ID, ModelID: run.ModelID, LowRecord: b.records[e.a], HighRecord: b.records[e.b],
		Weight: e.weight, Pattern: patternText(e.pattern, comparisons), Remark: e.remark,
	}
	p.LowID, p.HighID = b.pairOf(e.low, e.high)
	if p.LowID != b.customers[e.low] {
		p.LowRecord, p.HighRecord = p.HighRecord, p.LowRecord
	}
	return p
}

// remarkConsents marks sure pairs of which one customer refused what the other agreed to: the merge would
// change what may be sent to whom, so a person decides.
func (s *Service) remarkConsents(ctx context.Context, b *base, edges []edge, linkAt float64) error {
	const slice = 1000
	for from := 0; from < len(edges) && edges[from].weight >= linkAt; from += slice {
		part := edges[from:min(from+slice, len(edges))]
		ids := map[int64]bool{}
		for i := range part {
			ids[b.customers[part[i].low]], ids[b.customers[part[i].high]] = true, true
		}
		list := make([]int64, 0, len(ids))
		for id := range ids {
			list = append(list, id)
		}
		stakes, err := s.stakesOf(ctx, list)
		if err != nil {
			return fmt.Errorf("look up consents: %w", err)
		}
		for i := range part {
			if consentsClash(stakes[b.customers[part[i].low]], stakes[b.customers[part[i].high]]) {
				part[i].remark = "consent"
			}
		}
	}
	return nil
}

func consentsClash(x, y Stake) bool {
	for _, a := range x.Consents {
		for _, c := range y.Consents {
			if a.Channel == c.Channel && a.IsGrant != c.IsGrant {
				return true
			}
		}
	}
	return false
}

// mergeSlice is the most merges in one transaction.
const mergeSlice = 400

// link does the planned merges, in slices that let people go first; the run's position is committed with
// each slice.
func (s *Service) link(ctx context.Context, j *job.Job, run *Run) error {
	pacer := s.db.NewPacer(mergeSlice)
	for {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		n := 0
		before := *run
		err := s.db.WithinBulk(ctx, func(ctx context.Context) error {
			started := time.Now()
			if err := j.Fence(ctx); err != nil {
				return err
			}
			list, err := s.store.mergesAfter(ctx, run.ID, run.position, pacer.Rows())
			if err != nil || len(list) == 0 {
				return err
			}
			if err := s.mergeSlice(ctx, run, list); err != nil {
				return err
			}
			n = len(list)
			pacer.Done(n, time.Since(started))
			return s.store.saveRun(ctx, run)
		})
		if err != nil {
			*run = before
			return fmt.Errorf("link customers: %w", err)
		}
		if n == 0 {
			return s.phase(ctx, j, run, PhaseIndex)
		}
		s.customers.Touched(2 * n)
		j.Progress(ctx, run.position, run.Figures.Planned, string(PhaseLink))
	}
}

func (s *Service) mergeSlice(ctx context.Context, run *Run, list []merge) error {
	pairs := make([]customer.MergePair, len(list))
	for i, m := range list {
		pairs[i] = customer.MergePair{SurvivorID: m.SurvivorID, OtherID: m.OtherID, Reason: reasonOfRun(run.ID)}
	}
	done, err := s.customers.MergeMany(ctx, pairs)
	if err != nil {
		return err
	}
	for i, m := range list {
		state := "skipped"
		if done[i] {
			state = "merged"
			run.Merged++
		} else {
			run.Skipped++
		}
		if err := s.store.setMergeState(ctx, m, state); err != nil {
			return err
		}
		run.position = m.Position
	}
	return nil
}

// reasonOfRun is what links made by a run carry as their reason.
func reasonOfRun(id int64) string { return fmt.Sprintf("match run %d", id) }

// settle stores how a run ended that did not come to its end: cancelled and failed ones are over, one that
// will be tried again stays as it is.
func (s *Service) settle(ctx context.Context, id int64, err error, isLast bool) error {
	state, message := Failed, err.Error()
	if f, ok := fault.As(err); ok {
		message = f.Message
	}
	switch {
	case errors.Is(err, job.ErrCancelled) || errors.Is(context.Cause(ctx), job.ErrCancelled):
		state, message = Cancelled, ""
	case errors.Is(context.Cause(ctx), job.ErrShutdown), errors.Is(err, job.ErrLeaseLost), !isLast && fault.KindOf(err) != fault.Invalid:
		return err
	}
	end := context.WithoutCancel(ctx)
	return errors.Join(err, s.db.Within(end, func(ctx context.Context) error {
		run, findErr := s.store.findRun(ctx, id)
		if findErr != nil {
			return findErr
		}
		if run.State == Undoing && state == Cancelled {
			state = Done // what is left of it can be undone later
		}
		return s.end(ctx, run, state, message)
	}))
}
