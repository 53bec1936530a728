// Package series answers PromQL over what the store counts, by event time.
//
// It is the real Prometheus engine on a storage.Queryable of our own: late
// posts, imports, deletions and rescoring change the past, and the next answer
// shows it. The Prometheus library is imported here and below, and its
// rules in package alerting.
//
//	q := series.New(series.Options{Store: s.Reader, Brands: brands, Sources: sources})
//	e := series.NewEngine(q, series.Limits{})
//	query, err := e.Instant(ctx, `sum(sum_over_time(confianza_mentions[1d]))`, now)
//	result := query.Exec(ctx)
//	query.Close()
//
// A [Queryable] used without an [Engine] (remote read, export) gives one sample
// a minute, as [Metrics] describes them, stamped one millisecond before the
// minute ends. Rules are evaluated with [Engine.QueryFunc]. An [Engine] answers
// the same, and faster: it plans the resolution of sum_over_time.
//
// It promises that an answer comes from one moment of the store, that a quiet
// minute of a source that was heard is 0 and one of a deaf source is absent, and
// that no series mixes scorers. It leaves HTTP to package api.
package series
