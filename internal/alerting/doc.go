// Package alerting evaluates Prometheus' rule files here, for those who have no
// Prometheus to do it, and tells Alertmanagers what fires.
//
// The rules are evaluated by Prometheus' own rules.Manager, over two kinds of
// series: those of the process itself, read from its registry every 15 seconds
// and remembered as long as a rule looks back, with the labels job and instance
// that a scrape would give them; and those of the store. What both have is read
// from the memory, as a Prometheus that scrapes us would.
//
// It promises that an alert reaches every Alertmanager that answers again
// before it is over or afterwards, that a restart neither forgets since when
// one is active nor tells it as new, and that a broken rule file is an error
// before anything is evaluated. It leaves grouping, silences and who is told to
// Alertmanager. Prometheus' rules are imported here and nowhere else.
package alerting
