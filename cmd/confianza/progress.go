package main

import (
	"fmt"
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"
)

// progress shows how a task goes: as bars to a person, as a line now and then
// to a log.
func progress() func(job string, done, total int64) {
	if isatty.IsTerminal(os.Stderr.Fd()) {
		return bars()
	}
	return linesEvery(30*time.Second, time.Now)
}

// bars shows one bar for each job, with the time it may still take.
func bars() func(job string, done, total int64) {
	var bar *progressbar.ProgressBar
	present := ""
	return func(job string, done, total int64) {
		if job != present {
			if bar != nil {
				bar.Finish()
			}
			present = job
			bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(job),
				progressbar.OptionShowBytes(job == "reading"), progressbar.OptionSetPredictTime(true),
				progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
		}
		bar.Set64(done)
	}
}

// linesEvery writes a line at most so often.
func linesEvery(every time.Duration, now func() time.Time) func(job string, done, total int64) {
	var present string
	var began, said time.Time
	var first int64 // done when the job was met: an earlier run's share says nothing of this one's speed
	return func(job string, done, total int64) {
		if job != present {
			present, began, said, first = job, now(), now(), done
		}
		if t := now(); t.Sub(said) >= every && total > 0 {
			said = t
			fmt.Fprintf(os.Stderr, "%s: %d %%%s\n", job, 100*done/total, forecast(t.Sub(began), done-first, total-done))
		}
	}
}

// forecast says how long what is left may take, when that can be told.
func forecast(spent time.Duration, done, left int64) string {
	if done <= 0 {
		return ""
	}
	return ", about " + time.Duration(float64(spent)*float64(left)/float64(done)).Round(time.Second).String() + " left"
}
