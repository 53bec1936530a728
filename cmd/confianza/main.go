// Command confianza listens to what people say about a brand after a data
// breach, and measures whether their trust comes back.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"confianza/internal/daemon"
)

// commands is the command line.
type commands struct {
	Run           runCommand           `cmd:"" help:"Listen, score, count and serve the page until stopped."`
	Check         checkCommand         `cmd:"" help:"Say what is wrong with a configuration, or why a text is taken or not."`
	Import        importCommand        `cmd:"" help:"Bring past mentions from files: CSV, TSV, JSON Lines, or Twitter archives."`
	Backfill      backfillCommand      `cmd:"" help:"Fetch what sources still have of the past."`
	Sources       sourcesCommand       `cmd:"" help:"List what can be listened to."`
	Rescore       rescoreCommand       `cmd:"" help:"Score everything again with another scorer, and say how far it is."`
	Score         scoreCommand         `cmd:"" help:"Score the texts on standard input, one a line."`
	Eval          evalCommand          `cmd:"" help:"Measure how good analysis is, on labelled data."`
	Forget        forgetCommand        `cmd:"" help:"Erase a person's posts, and say how many."`
	Export        exportCommand        `cmd:"" help:"Write weekly numbers or mentions into files for spreadsheets and programs."`
	Backup        backupCommand        `cmd:"" help:"Copy the store into a new folder, while it runs."`
	Restore       restoreCommand       `cmd:"" help:"Make a store from a backup, with the deletions made since."`
	Example       exampleCommand       `cmd:"" help:"Print a configuration with every default explained."`
	Train         trainCommand         `cmd:"" help:"Learn a scorer from labelled texts."`
	TrainLanguage trainLanguageCommand `cmd:"" name:"train-language" help:"Learn which language a text is in."`
	Version       versionCommand       `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // whatever hangs then, a second Ctrl-C ends us at once
	var c commands
	k := kong.Parse(&c, kong.Name("confianza"), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Description("What people say about a brand after a data breach, and whether their trust comes back."))
	err := k.Run()
	switch {
	case err == nil:
		return
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		os.Exit(130)
	case errors.Is(err, daemon.ErrNothing):
		fmt.Println("No brand takes this text.")
		os.Exit(1)
	}
	fmt.Fprintln(os.Stderr, "confianza:", err)
	os.Exit(1)
}
