package web

import (
	"math"
	"strings"

	"confianza/analysis/sentiment"
	"confianza/analysis/shares"
)

// stand says how the present stands against the time before the incident, or
// why nothing can be said. Each has its message, trend_stand_ and its word.
type stand string

const (
	standBelow   stand = "below"
	standAbove   stand = "above"
	standUsual   stand = "usual"   // chance alone may have made the difference
	standNone    stand = "none"    // no incident is configured
	standAhead   stand = "ahead"   // its day is still to come
	standBefore  stand = "before"  // what is shown ends before its day
	standHistory stand = "history" // too little is known from before it
	standFew     stand = "few_now" // too little was said since
)

// needBefore opinions before an incident make a baseline; see [report.New].
const needBefore = 100

// standing is the first sentence of the trend.
type standing struct {
	Is       stand
	By       int64 // points of net sentiment, 1 or more; below and above only
	From, To int64 // ends of its 95 % interval; for usual as a signed difference
}

// judge sets the latest days against those before the incident. Where the
// numbers as written would say "0 points below", nothing was found.
func judge(before, latest sample) standing {
	switch {
	case before.Total() < needBefore || before.Scored() < enough:
		return standing{Is: standHistory}
	case latest.Scored() < enough:
		return standing{Is: standFew}
	}
	d := shares.Difference(latest.net(), before.net())
	points := func(x float64) int64 { return int64(math.Round(100 * x)) }
	value, low, high := points(d.Value), points(d.Low), points(d.High)
	switch {
	case high < 0:
		return standing{standBelow, -value, -high, -low}
	case low > 0:
		return standing{standAbove, value, low, high}
	}
	return standing{standUsual, value, low, high}
}

// Thin tells that the baseline has opinions on fewer than 20 of its 28 days, so
// that a week of news may pass for what was usual.
func (v *trendView) Thin() bool { return v.Known < 20 }

// Mild tells that the scorer is the one whose shares are known to lean where
// people complain; of others nobody measured it.
func (v *trendView) Mild() bool { return strings.HasPrefix(v.S.Shown, sentiment.Default+"@") }

// Unlike tells that the two times compared were not listened to alike.
func (v *trendView) Unlike() bool {
	d := v.HeardWas - v.HeardNow
	return v.HeardWas > 0 && (d > 0.1 || d < -0.1)
}
