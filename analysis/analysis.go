// Package analysis is the workshop: pure functions that turn texts into values
// and values into findings.
//
// Nothing below it asks the clock, the network or the disk, or starts a
// goroutine; time is passed in. Findings of one room meet those of another
// only as values.
package analysis
