package metrics

import (
	"fmt"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// description declares one metric; into says which field holds it, and by its
// type what kind it is.
type description struct {
	Name, Help string
	Labels     []string
	into       func(*Metrics) any
}

// Names are those of all metrics declared here.
func Names() (names []string) {
	for _, d := range descriptions() {
		names = append(names, d.Name)
	}
	return names
}

func descriptions() []description {
	return []description{
		{"confianza_ingested_mentions_total", "Mentions scored for the first time, at processing time; restored from the store at start. For event time ask confianza's own API.",
			[]string{"brand", "source", "language", "polarity", "kind"}, func(m *Metrics) any { return &m.ingested }},
		{"confianza_listening", "1 while the source is heard, 0 while it is not. A watched folder, which brings what others kept, has 0 while it cannot be read, and else nothing: it hears nobody.",
			[]string{"source"}, func(m *Metrics) any { return &m.listening }},
		{"confianza_collector_state", "1 for the state the source is in, 0 for the others.",
			[]string{"source", "state"}, func(m *Metrics) any { return &m.state }},
		{"confianza_collector_lag_seconds", "How far the source time that is completely read is behind the clock.",
			[]string{"source"}, func(m *Metrics) any { return &m.lag }},
		{"confianza_collector_posts_total", "Posts examined.",
			[]string{"source"}, func(m *Metrics) any { return &m.posts }},
		{"confianza_collector_matched_total", "Posts that named a brand.",
			[]string{"source"}, func(m *Metrics) any { return &m.matched }},
		{"confianza_collector_dropped_total", "Posts that were not usable, by reason.",
			[]string{"source", "reason"}, func(m *Metrics) any { return &m.dropped }},
		{"confianza_collector_reconnects_total", "Attempts to hear the source again after one ended.",
			[]string{"source"}, func(m *Metrics) any { return &m.reconnects }},
		{"confianza_collector_failures_total", "Attempts to hear the source that ended with an error, by its cause; docs/operating.md says what to do about each.",
			[]string{"source", "cause"}, func(m *Metrics) any { return &m.failures }},
		{"confianza_collector_troubles", "Parts of the source (single feeds or files) that cannot be read while the rest goes on.",
			[]string{"source"}, func(m *Metrics) any { return &m.troubles }},
		{"confianza_collector_spend_dollars_total", "Money spent at the source's price list, in US dollars; 0 for free sources.",
			[]string{"source"}, func(m *Metrics) any { return &m.spend }},
		{"confianza_collector_removed_posts_total", "Stored posts erased, hidden and restored because the source said so.",
			[]string{"source", "what"}, func(m *Metrics) any { return &m.removed }},
		{"confianza_stage_pending", "Mentions that the stage has not done.",
			[]string{"stage"}, func(m *Metrics) any { return &m.pending }},
		{"confianza_stage_oldest_pending_seconds", "How long the oldest mention that the stage has not done has been waiting, since this process started at most.",
			[]string{"stage"}, func(m *Metrics) any { return &m.waited }},
		{"confianza_stage_seconds", "How long the stage took for one batch of mentions.",
			[]string{"stage"}, func(m *Metrics) any { return &m.seconds }},
		{"confianza_store_size_bytes", "Bytes of the store's files.",
			nil, func(m *Metrics) any { return &m.storeSize }},
		{"confianza_store_disk_free_bytes", "Bytes that confianza may still write to the disk of the store.",
			nil, func(m *Metrics) any { return &m.diskFree }},
		{"confianza_store_disk_size_bytes", "Bytes of the whole disk of the store.",
			nil, func(m *Metrics) any { return &m.diskSize }},
		{"confianza_spike_score", "How unusual the brand's volume is among its last fourteen days: 2 is beyond 99 %, 3 beyond 99.9 %; absent for the first fifty hours.",
			[]string{"brand"}, func(m *Metrics) any { return &m.spike }},
		{"confianza_drop_score", "How far the feeling is below that of the hours before, in deviations; somebody is called beyond 3.9. Absent on the first day.",
			[]string{"brand"}, func(m *Metrics) any { return &m.drop }},
		{"confianza_episode_open", "1 while an episode of the kind (volume, drop, rise) is open: what alerts are for.",
			[]string{"brand", "kind"}, func(m *Metrics) any { return &m.episode }},
		{"confianza_episode_growth", "How many times as much was said when an open episode of volume last grew by half as when it was opened; 0 while none is open.",
			[]string{"brand"}, func(m *Metrics) any { return &m.growth }},
		{"confianza_remote_write_samples_total", "Samples that arrived at the receiver of remote write.",
			[]string{"receiver"}, func(m *Metrics) any { return &m.samples }},
		{"confianza_remote_write_refused_samples_total", "Samples that the receiver will never take, as when it does not allow them out of order.",
			[]string{"receiver"}, func(m *Metrics) any { return &m.refused }},
		{"confianza_remote_write_skipped_mentions_total", "Mentions that changed minutes from before the receiver's window; confianza export openmetrics brings them.",
			[]string{"receiver"}, func(m *Metrics) any { return &m.skipped }},
		{"confianza_remote_write_failing", "1 while nothing arrives at the receiver of remote write, or it refuses samples.",
			[]string{"receiver"}, func(m *Metrics) any { return &m.unsent }},
		{"confianza_store_blocked", "1 while nothing can be stored for this reason: the disk is full, read_only, or unwritable in another way. Nothing is lost, and it goes on by itself.",
			[]string{"reason"}, func(m *Metrics) any { return &m.blocked }},
		{"confianza_clock_doubted", "1 while the clock of this machine was far from its last reading, so that nothing is erased until it has run on for a day.",
			nil, func(m *Metrics) any { return &m.doubted }},
		{"confianza_report_failing", "1 while a report that is due cannot be written to its folder.",
			[]string{"report"}, func(m *Metrics) any { return &m.unwritten }},
		{"confianza_report_last_success_timestamp_seconds", "When the last report was written, Unix time; 0 when none ever was.",
			[]string{"report"}, func(m *Metrics) any { return &m.written }},
		{"confianza_alerts", "Alerts of the rules evaluated here, by state: pending, firing.",
			[]string{"state"}, func(m *Metrics) any { return &m.alerts }},
		{"confianza_rules_failing", "Rules evaluated here whose last evaluation ended with an error.",
			nil, func(m *Metrics) any { return &m.broken }},
		{"confianza_alertmanager_told_alerts_total", "Alerts the Alertmanager has taken, repetitions included.",
			[]string{"alertmanager"}, func(m *Metrics) any { return &m.told }},
		{"confianza_alertmanager_waiting", "Alerts the Alertmanager has not taken yet.",
			[]string{"alertmanager"}, func(m *Metrics) any { return &m.toTell }},
		{"confianza_alertmanager_failing", "1 while alerts do not reach the Alertmanager.",
			[]string{"alertmanager"}, func(m *Metrics) any { return &m.untold }},
		{"confianza_messages_total", "Messages about alerts that the channel has taken; address is the position of one in a list of several, empty elsewhere.",
			[]string{"channel", "address"}, func(m *Metrics) any { return &m.messages }},
		{"confianza_messages_waiting", "Changes of alerts that the channel has not taken yet, while it takes none.",
			[]string{"channel", "address"}, func(m *Metrics) any { return &m.unheard }},
		{"confianza_messages_failing", "1 while the channel takes no messages.",
			[]string{"channel", "address"}, func(m *Metrics) any { return &m.mute }},
		{"confianza_config_last_reload_successful", "1 when the configuration was last read without a mistake.",
			nil, func(m *Metrics) any { return &m.reloadOK }},
		{"confianza_config_last_reload_success_timestamp_seconds", "When the running configuration was read, Unix time.",
			nil, func(m *Metrics) any { return &m.reloadTime }},
		{"confianza_build_info", "1, with the binary's version and Go's.",
			[]string{"version", "goversion"}, func(m *Metrics) any { return &m.build }},
	}
}

// Table is the first part of docs/metrics.md: every metric on /metrics with its
// type, labels and meaning.
func Table() []byte {
	var b strings.Builder
	b.WriteString(`# Metrics

Generated from the declarations in ` + "`internal/metrics`" + ` and ` + "`internal/series`" + ` by ` + "`make golden`" + `; a test keeps it true.

## For a Prometheus to scrape

Everything here is on ` + "`/metrics`" + `, as it is now; the usual ` + "`go_`" + ` and ` + "`process_`" + ` metrics come with it.
Labels are closed sets: never an author, an address, an id or a text.

| Metric | Type | Labels | Meaning |
|---|---|---|---|
`)
	for _, d := range descriptions() {
		kind := "gauge"
		switch d.into(new(Metrics)).(type) {
		case **prometheus.CounterVec:
			kind = "counter"
		case **prometheus.HistogramVec:
			kind = "histogram"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", d.Name, kind, strings.Join(d.Labels, ", "), d.Help)
	}
	return []byte(b.String())
}
