package daemon

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"confianza/analysis/match"
	"confianza/collectors"
	"confianza/collectors/archive"
	"confianza/collectors/files"
	"confianza/collectors/twitterv1"
	"confianza/internal/mention"
	"confianza/internal/pipeline"
	"confianza/internal/store"
)

// ImportTask brings past mentions from files, scores them, and says what came
// of it. Killed and done again, it goes on; done twice, it changes nothing.
type ImportTask struct {
	Files      []string // absolute paths
	Source     string   // files or twitterv1
	Map        string   // `text=COLUMN,…`; of files
	Zone       string   // of times that do not say theirs; of files
	TimeFormat string   // as Go writes layouts; of files
	Country    string   // ISO 3166-1; of twitterv1: what is withheld elsewhere stays
}

func (*ImportTask) name() string { return "import" }

func (t *ImportTask) run(ctx context.Context, d *desk) error {
	if len(d.config.Brands) == 0 {
		return errors.New("import: no brand to look for: say --brand NAME, or list brands in the file that --config names")
	}
	m, err := match.New(d.config.Matched())
	if err != nil {
		return err
	}
	in := &importing{t: t, d: d, dropped: map[collectors.Reason]int{}}
	collector, err := in.collector()
	if err != nil {
		return err
	}
	if err := in.collect(ctx, collector, pipeline.NewDoor(m)); err != nil {
		return err
	}
	if err := d.scored(ctx, d); err != nil {
		return err
	}
	return in.say(ctx)
}

// importing is one run of an import.
type importing struct {
	t       *ImportTask
	d       *desk
	added   store.Added
	posts   int
	dropped map[collectors.Reason]int // by reading and by the door
	reports []archive.Report
}

func (in *importing) collector() (*archive.Import, error) {
	var i *archive.Import
	var err error
	switch in.t.Source {
	case files.Name:
		columns, mapErr := files.ParseMap(in.t.Map)
		if mapErr != nil {
			return nil, mapErr
		}
		i, err = files.Import(in.t.Files, files.Options{Map: columns, Zone: in.t.Zone, TimeFormat: in.t.TimeFormat})
	case twitterv1.Name:
		i, err = twitterv1.Import(in.t.Files, in.t.Country)
	default:
		return nil, fmt.Errorf("import: files are read as %s or %s, not %q", files.Name, twitterv1.Name, in.t.Source)
	}
	if err != nil {
		return nil, err
	}
	i.Report = func(r archive.Report) { in.reports = append(in.reports, r) }
	i.Progress = func(done, total int64) { in.d.say.progress("reading", done, total) }
	return i, nil
}

// collect reads the files. An import has a cursor of its own, so that it does
// not move the place of a watched folder or a stream of the same source.
func (in *importing) collect(ctx context.Context, c collectors.Collector, door *pipeline.Door) error {
	reader := "import/" + in.t.Source
	from, err := in.d.store.Cursor(ctx, reader)
	if err != nil {
		return err
	}
	intake := &pipeline.Intake{Store: in.d.store, Door: door, Metrics: in.d.metrics, Reader: reader}
	deliver := intake.Deliver(in.t.Source, func(b collectors.Batch, a store.Added) {
		in.posts += len(b.Posts)
		for reason, n := range b.Dropped {
			in.dropped[reason] += n
		}
		in.added.New += a.New
		in.added.Revised += a.Revised
		in.added.Known += a.Known
		in.added.Blocked += a.Blocked
		in.added.Erased += a.Erased
	})
	return c.Collect(ctx, collectors.Cursor(from), collectors.Wanted{Names: door.Names}, deliver)
}

// say reports by file, and what the store holds now.
func (in *importing) say(ctx context.Context) error {
	out := in.d.say.Out
	for _, r := range in.reports {
		fmt.Fprintf(out, "%s: %d rows, %d posts", r.Path, r.Records, r.Posts)
		for _, reason := range slices.Sorted(maps.Keys(r.Dropped)) {
			fmt.Fprintf(out, ", %d %s", r.Dropped[reason], strings.ReplaceAll(string(reason), "_", " "))
		}
		fmt.Fprintln(out)
		for _, bad := range r.Bad {
			fmt.Fprintf(out, "  %s\n", bad)
		}
		if r.Err != nil {
			fmt.Fprintf(out, "  not read to its end: %v\n", r.Err)
		}
	}
	a, strangers, future := in.added, in.atTheDoor(collectors.UnknownBrand), in.atTheDoor(collectors.NoTime)
	fmt.Fprintf(out, "%d new mentions, %d known already, %d revised, %d deleted before, %d that name no brand",
		a.New, a.Known, a.Revised, a.Blocked, in.posts-a.New-a.Known-a.Revised-a.Blocked-strangers-future)
	if strangers > 0 {
		fmt.Fprintf(out, ", %d of a brand that is not configured", strangers)
	}
	if future > 0 {
		fmt.Fprintf(out, ", %d dated in the future", future)
	}
	fmt.Fprintln(out)
	if err := in.table(ctx); err != nil {
		return err
	}
	for _, r := range in.reports {
		if r.Err != nil {
			return errors.New("import: not every file could be read")
		}
	}
	return nil
}

// atTheDoor is how many posts were dropped for a reason after they were read.
func (in *importing) atTheDoor(reason collectors.Reason) int {
	n := in.dropped[reason]
	for _, r := range in.reports {
		n -= r.Dropped[reason]
	}
	return n
}

// table shows all mentions of the source by brand and polarity.
func (in *importing) table(ctx context.Context) error {
	totals, err := in.d.store.Totals(ctx)
	if err != nil {
		return err
	}
	sum := map[string]map[mention.Polarity]int64{}
	for _, t := range totals {
		if t.Source != in.t.Source {
			continue
		}
		if sum[t.Brand] == nil {
			sum[t.Brand] = map[mention.Polarity]int64{}
		}
		sum[t.Brand][t.Polarity] += t.N
	}
	if len(sum) == 0 {
		return nil
	}
	w := tabwriter.NewWriter(in.d.say.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\nAll mentions from %s\tnegative\tneutral\tpositive\tunknown\ttotal\t\n", in.t.Source)
	for _, brand := range slices.Sorted(maps.Keys(sum)) {
		fmt.Fprintf(w, "%s\t", brand)
		var all int64
		for _, p := range mention.Polarities() {
			fmt.Fprintf(w, "%d\t", sum[brand][p])
			all += sum[brand][p]
		}
		fmt.Fprintf(w, "%d\t\n", all)
	}
	return w.Flush()
}
