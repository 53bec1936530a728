package collectortest

import (
	"strings"
	"testing"
	"time"

	"confianza/collectors"
)

// polite are the answers of a server that says what is wrong.
var polite = []fault{
	{name: "a server that rejects its credentials (401)", serve: answer(401), judge: rejected, cause: collectors.CauseCredentials},
	{name: "a server that wants to be paid (402)", serve: answer(402), judge: rejected, cause: collectors.CausePayment},
	{name: "a server that forbids it (403)", serve: answer(403), judge: rejected, cause: collectors.CauseCredentials},
	{name: "a server that is asked too often (429)", serve: answer(429, "Retry-After", "90"), judge: throttled, cause: collectors.CauseThrottled},
	{name: "a date to come back (429)", serve: comeBackAt(90*time.Second, 0), judge: throttled, cause: collectors.CauseThrottled},
	{name: "a date to come back by a clock three hours ahead (429)", serve: comeBackAt(90*time.Second, 3*time.Hour), judge: throttled, cause: collectors.CauseThrottled},
	{name: "a date to come back by a clock years behind (429)", serve: comeBackAt(90*time.Second, -9000*time.Hour), judge: throttled, cause: collectors.CauseThrottled},
	{name: "no time to come back (429)", serve: answer(429), judge: throttledSomehow, cause: collectors.CauseThrottled},
	{name: "a time to come back in the past (429)", serve: answer(429, "Retry-After", "-5"), judge: throttledSomehow, cause: collectors.CauseThrottled},
	{name: "a time to come back in the year 9999 (429)", serve: answer(429, "Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"), judge: throttledSomehow, cause: collectors.CauseThrottled},
	{name: "a busy server (503) that says when", serve: answer(503, "Retry-After", "90"), judge: throttled, cause: collectors.CauseThrottled},
	{name: "a busy server (503)", serve: answer(503), judge: failed, cause: collectors.CauseServer},
	{name: "a broken server (500)", serve: answer(500), judge: failed, cause: collectors.CauseServer},
	{name: "a broken gateway (502)", serve: answer(502), judge: failed, cause: collectors.CauseServer},
	{name: "a cursor the server refuses (400)", serve: answer(400), judge: failed, cause: collectors.CauseRequest},
	{name: "an address that is gone (410)", serve: answer(410), judge: failed, cause: collectors.CauseMissing},
	{name: "a redirect to itself", serve: toItself, judge: failed, cause: collectors.CauseRedirects},
	{name: "a redirect to another host", serve: toAnother, judge: discreet},
	{name: "a redirect to nowhere", serve: answer(302), judge: failed, cause: collectors.CauseRedirects},
}

// rude are the faults of servers and networks that say nothing, or nonsense.
var rude = []fault{
	{name: "an empty answer (200)", serve: answer(200), judge: failedOrWaited},
	{name: "a truncated answer", serve: truncate, judge: failedOrWaited},
	{name: "a reset connection", serve: reset, judge: failed},
	{name: "a reset at the first byte of data", serve: cut(1), judge: failedOrWaited},
	{name: "a reset in the midst of data", serve: cut(700), judge: failedOrWaited},
	{name: "a reset after good data", serve: cut(2000), judge: failedOrWaited},
	{name: "a server that hangs", serve: hang, judge: failed, slow: true, cause: collectors.CauseSilent},
	{name: "a server that takes what comes and is silent", serve: mute, judge: failed, slow: true, cause: collectors.CauseSilent},
	{name: "headers that drip", serve: dripHeaders, judge: failed, slow: true, cause: collectors.CauseSilent},
	{name: "data that drips", serve: dripping(0), judge: failed, slow: true, cause: collectors.CauseSilent},
	{name: "good data that ends in a drip", serve: dripping(700), judge: failed, slow: true},
	{name: "an answer of 2 GB", serve: endless, judge: failedOrWaited},
	{name: "2 GB in 2 MB of gzip", serve: bomb, judge: told, heavy: true},
	{name: "truncated gzip", serve: halfZipped, judge: told},
	{name: "a page where data is due", serve: says("<!doctype html>\n<html><body><h1>It works!</h1><p>1 < 2 & so on</body></html>\n"), judge: told},
	{name: "text where data is due", serve: says("temporarily out of order\n"), judge: told},
	{name: "bytes that are no text", serve: says(strings.Repeat("\xff\xfe\x00\x80", 500) + "\n"), judge: told},
	{name: "lists a hundred thousand deep", serve: says(strings.Repeat("[", 100_000)), judge: told},
	{name: "objects a hundred thousand deep", serve: says(strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000) + "\n"), judge: told},
	{name: "letters that are no UTF-8", serve: mangled, judge: failedOrWaited, spoil: true, well: true},
	{name: "a clock ten years ahead", serve: oddClock(87_600 * time.Hour), judge: timely, well: true},
	{name: "a clock ten years behind", serve: oddClock(-87_600 * time.Hour), judge: timely, well: true},
}

// unreachable are the faults on the way to a server. The name has a label
// longer than any may be, so that nobody is asked for it.
func unreachable(t *testing.T) []fault {
	return []fault{
		{name: "a name that does not resolve", at: "http://" + strings.Repeat("x", 64) + ".invalid", judge: failed, cause: collectors.CauseDNS},
		{name: "a port where nobody listens", at: "http://127.0.0.1:1", judge: failed, cause: collectors.CauseUnreachable},
		{name: "a certificate nobody vouches for", at: secure(t, nil), judge: failed, cause: collectors.CauseCertificate},
		{name: "a certificate that expired", at: secure(t, certificate(t, "127.0.0.1", -time.Hour)), judge: failed, cause: collectors.CauseCertificate},
		{name: "a certificate of another host", at: secure(t, certificate(t, "127.0.0.2", time.Hour)), judge: failed, cause: collectors.CauseCertificate},
	}
}
