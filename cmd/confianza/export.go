package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/mattn/go-isatty"

	"confianza/internal/config"
	"confianza/internal/daemon"
)

type exportCommand struct {
	Weekly   weeklyCommand   `cmd:"" help:"The weekly trend of each brand: mentions, voices, shares, net sentiment, changes."`
	Mentions mentionsCommand `cmd:"" help:"The mentions of a selection, @names and addresses masked."`

	OpenMetrics openMetricsCommand `cmd:"" name:"openmetrics" help:"A series by event time, for promtool tsdb create-blocks-from openmetrics."`
}

// target is where an export goes; what is read is not changed, and a running
// confianza need not be stopped.
type target struct {
	Config   string `help:"The configuration file." placeholder:"FILE" type:"path"`
	Data     string `help:"The folder everything is kept in (default ./data)." placeholder:"DIR" type:"path"`
	Language string `help:"Language of headers and notes: es or en." enum:"es,en" default:"en"`
	Out      string `short:"o" help:"The file to write; otherwise it goes to standard output." placeholder:"FILE" type:"path"`
	BOM      bool   `name:"bom" help:"Begin CSV with a byte order mark, for Excel."`
}

func (t target) load() (*config.Config, error) {
	return storage{configuration{Config: t.Config}, t.Data}.load()
}

func (t target) to(format string) (daemon.ExportTo, error) {
	if format == "xlsx" && t.Out == "" && isatty.IsTerminal(os.Stdout.Fd()) {
		return daemon.ExportTo{}, errors.New("export: a workbook is nothing for a terminal: say --out FILE")
	}
	return daemon.ExportTo{Out: os.Stdout, File: t.Out, Format: format, Language: t.Language, BOM: t.BOM}, nil
}

type weeklyCommand struct {
	target
	Format   string   `help:"csv, xlsx or json." enum:"csv,xlsx,json" default:"csv"`
	Brand    []string `help:"A brand; otherwise those of the configuration, or all there are." placeholder:"NAME" sep:"none"`
	From     string   `help:"A day of the first week; otherwise a year ago." placeholder:"YYYY-MM-DD"`
	To       string   `help:"A day of the last week; otherwise today." placeholder:"YYYY-MM-DD"`
	Incident string   `help:"The day of the incident, in place of the configuration's: the 28 days before are the baseline." placeholder:"YYYY-MM-DD"`
}

// Run exports weeks.
func (w *weeklyCommand) Run(ctx context.Context) error {
	c, err := w.load()
	if err != nil {
		return err
	}
	to, err := w.to(w.Format)
	if err != nil {
		return err
	}
	return daemon.ExportWeekly(ctx, c, daemon.WeeklyExport{ExportTo: to, Brands: w.Brand, From: w.From, To: w.To, Incident: w.Incident}, time.Now())
}

type mentionsCommand struct {
	target
	Format   string `help:"csv, xlsx or jsonl." enum:"csv,xlsx,jsonl" default:"csv"`
	Brand    string `help:"A brand." placeholder:"NAME"`
	From     string `help:"The first day." placeholder:"YYYY-MM-DD"`
	To       string `help:"The last day." placeholder:"YYYY-MM-DD"`
	Polarity string `help:"negative, neutral, positive or unknown." placeholder:"P"`
	In       string `help:"The language of the texts, such as es." placeholder:"CODE"`
	Source   string `help:"A source." placeholder:"NAME"`
	Text     string `help:"Words that a text must hold, \"in quotes\" as they follow each other, beginnings*." placeholder:"WORDS"`
	Unmasked bool   `help:"With addresses, ids and @names as they are: personal data."`
}

// Run exports mentions.
func (m *mentionsCommand) Run(ctx context.Context) error {
	c, err := m.load()
	if err != nil {
		return err
	}
	to, err := m.to(m.Format)
	if err != nil {
		return err
	}
	n, err := daemon.ExportMentions(ctx, c, daemon.MentionsExport{ExportTo: to, Brand: m.Brand, Source: m.Source, Spoken: m.In,
		Polarity: m.Polarity, Text: m.Text, From: m.From, To: m.To, Unmasked: m.Unmasked,
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil))}, time.Now())
	if err == nil {
		fmt.Fprintf(os.Stderr, "%d mentions\n", n)
	}
	return err
}

type openMetricsCommand struct {
	Config string   `help:"The configuration file." placeholder:"FILE" type:"path"`
	Data   string   `help:"The folder everything is kept in (default ./data)." placeholder:"DIR" type:"path"`
	Out    string   `short:"o" help:"The file to write; otherwise it goes to standard output." placeholder:"FILE" type:"path"`
	Metric string   `help:"The series." default:"confianza_mentions" placeholder:"NAME"`
	Brand  []string `help:"A brand; otherwise all." placeholder:"NAME" sep:"none"`
	From   string   `help:"The first day; otherwise all there is." placeholder:"YYYY-MM-DD"`
	To     string   `help:"The last day; otherwise until now." placeholder:"YYYY-MM-DD"`
	Zeros  bool     `help:"Quiet minutes too; sums are the same without them."`
}

// Run exports samples.
func (o *openMetricsCommand) Run(ctx context.Context) error {
	c, err := storage{configuration{Config: o.Config}, o.Data}.load()
	if err != nil {
		return err
	}
	n, err := daemon.ExportOpenMetrics(ctx, c, daemon.OpenMetricsExport{ExportTo: daemon.ExportTo{Out: os.Stdout, File: o.Out},
		Metric: o.Metric, Brands: o.Brand, From: o.From, To: o.To, Zeros: o.Zeros}, time.Now())
	if err == nil {
		fmt.Fprintf(os.Stderr, "%d samples\n", n)
	}
	return err
}
