package twitterv1

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"confianza/collectors"
	"confianza/collectors/archive"
	"confianza/collectors/collectortest"
)

var noon = time.Date(2015, 3, 1, 12, 0, 0, 0, time.UTC)

// tweet is the nth fixture, said at noon and n minutes, with further keys.
func tweet(n int, text, more string) string {
	return fmt.Sprintf(`{"created_at":%q,"id":%d,"id_str":"%d","text":%q,"truncated":false,"lang":"es","timestamp_ms":"1","user":{"id":7,"id_str":"7","screen_name":"ana","followers_count":12}%s}`,
		noon.Add(time.Duration(n)*time.Minute).Format(time.RubyDate), n, n, text, more)
}

func wanted(n int, text string) collectors.Post {
	at := noon.Add(time.Duration(n) * time.Minute)
	return collectors.Post{
		Native: fmt.Sprint(n), URL: fmt.Sprintf("https://x.com/ana/status/%d", n), Author: "7", Text: text, Language: "es",
		Created: at, Seen: at, Form: collectors.FormPost, Followers: 12,
	}
}

// messages has every kind; what they hold is in the world.
func messages() ([]string, collectortest.World) {
	long := wanted(2, "Delta & yo: un texto largo que no cabía")
	long.Links = []string{"https://delta.example/aviso"}
	reply := wanted(3, "¿y mis datos?")
	reply.Form = collectors.FormReply
	retweet := wanted(4, "RT @leo: Delta perdió todos los datos de todos")
	return []string{
			tweet(1, "Delta perdió mis datos", ""),
			tweet(2, "Delta &amp; yo: un texto…", `,"truncated":true,"extended_tweet":{"full_text":"Delta &amp; yo: un texto largo que no cabía","entities":{"urls":[{"url":"https://t.co/a","expanded_url":"https://delta.example/aviso","unwound":{"status":"200"}}]}}`),
			tweet(3, reply.Text, `,"in_reply_to_status_id":1,"in_reply_to_status_id_str":"1"`),
			tweet(4, "RT @leo: Delta perdió…", `,"retweeted_status":`+tweet(90, "Delta perdió todos los datos de todos", `,"user":{"screen_name":"leo"}`)),
			`{"delete":{"status":{"id":1234,"id_str":"1234","user_id":3,"user_id_str":"3"}}}`,
			`{"scrub_geo":{"user_id":14090452,"user_id_str":"14090452","up_to_status_id":23260136625}}`,
			`{"limit":{"track":10}}`,
			`{"limit":{"track":14}}`,
			`{"status_withheld":{"id":1235,"user_id":123456,"withheld_in_countries":["DE","AR"]}}`,
			`{"user_withheld":{"id":123456,"withheld_in_countries":["XX"]}}`,
			`{"user_withheld":{"id":123457,"withheld_in_countries":["FR"]}}`,
			tweet(5, "retenido", `,"withheld_in_countries":["AR"]`),
			tweet(6, "", ""),
			`{"text":"sin id","created_at":"Sun Mar 01 12:00:00 +0000 2015"}`,
			`{"text":"sin hora","id":77,"created_at":"ayer"}`,
			`{"warning":{"code":"FALLING_BEHIND","message":"secret words","percent_full":60}}`,
			`{"friends":[1,2,3]}`,
			`{"what":"is this"}`,
			`{"text":`,
			tweet(7, "por fin", ""),
		}, collectortest.World{
			Posts: []collectors.Post{wanted(1, "Delta perdió mis datos"), long, reply, retweet, wanted(7, "por fin")},
			Gone:  []collectors.Gone{{Native: "1234"}, {Native: "1235"}, {Author: "123456", Hidden: true}, {Native: "5"}},
			Dropped: map[collectors.Reason]int{
				collectors.Behind: 14, collectors.NoText: 1, collectors.NoID: 1, collectors.NoTime: 1, collectors.Undecodable: 2,
			},
		}
}

const country = "AR"

func imported(t *testing.T, paths ...string) *archive.Import {
	t.Helper()
	i, err := Import(paths, country)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func file(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func zipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bundle is a tar with the lines spread over two members, one compressed.
func bundle(t *testing.T, lines []string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	add := func(name string, b []byte) {
		if err := w.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o600, Size: int64(len(b))}); err != nil {
			t.Fatal(err)
		}
		w.Write(b)
	}
	half := len(lines) / 2
	add("2015/03/01/12/00.json.gz", zipped(t, []byte(strings.Join(lines[:half], "\n")+"\n")))
	add("2015/03/01/12/._00.json", []byte("an editor's rubbish"))
	add("2015/03/01/12/01.json", []byte(strings.Join(lines[half:], "\n")+"\n"))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestContractOfArchives(t *testing.T) {
	lines, _ := messages()
	plain := []byte(strings.Join(lines, "\r\n") + "\r\n")
	// In an array a line cut off would take what follows along.
	whole := slices.Delete(slices.Clone(lines), len(lines)-2, len(lines)-1)
	for name, b := range map[string][]byte{
		"a.jsonl": plain, "a.json.gz": zipped(t, plain), "a.tar": bundle(t, lines), "a.tar.gz": zipped(t, bundle(t, lines)),
		"array.json": []byte("[" + strings.Join(whole, ",\n") + "]"),
	} {
		t.Run(name, func(t *testing.T) {
			collectortest.Check(t, collectortest.Source{World: func(t *testing.T, _ func(http.Handler) http.Handler) collectortest.World {
				_, w := messages()
				if name == "array.json" {
					w.Dropped[collectors.Undecodable]--
				}
				path := file(t, name, b)
				w.Ends, w.New = true, func() collectors.Collector { return imported(t, path) }
				return w
			}})
		})
	}
}

// fake is a server that says all it has and then only keeps alive.
func fake(lines []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+secret {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		for _, l := range lines {
			fmt.Fprint(w, l, "\r\n")
		}
		alive := time.NewTicker(5 * time.Millisecond)
		defer alive.Stop()
		for {
			fmt.Fprint(w, "\r\n")
			w.(http.Flusher).Flush()
			select {
			case <-alive.C:
			case <-r.Context().Done():
				return
			}
		}
	})
}

const secret = "hunter2-the-token"

func token(t *testing.T) collectors.Secret {
	return collectors.SecretFile(file(t, "token", []byte(secret+"\n")))
}

func serve(t *testing.T, h http.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL + "/1.1/statuses/filter.json?track=delta&key=" + secret
}

func collector(t *testing.T, address string) *Collector {
	c := New(Config{URL: address, Token: token(t), Country: country, Idle: time.Minute})
	c.flush = time.Millisecond
	return c
}

func TestContractOfStreams(t *testing.T) {
	collectortest.Check(t, collectortest.Source{HTTP: true, World: func(t *testing.T, wrap func(http.Handler) http.Handler) collectortest.World {
		lines, w := messages()
		address := serve(t, wrap(fake(lines)))
		w.New, w.Secret = func() collectors.Collector { return collector(t, address) }, secret
		w.At = func(server string) collectors.Collector { return collector(t, server+"/?key="+secret) }
		w.Impatient = func() collectors.Collector {
			c := collector(t, address)
			c.c.Idle = collectortest.Impatience
			return c
		}
		return w
	}})
}

func listen(t *testing.T, c *Collector) (*collectortest.Recorder, error) {
	rec := new(collectortest.Recorder)
	return rec, collectortest.Run(t, c, "", collectors.Wanted{}, rec, nil)
}

func TestDisconnectEndsTheAttemptAfterWhatCameBefore(t *testing.T) {
	for code, rejected := range map[int]bool{1: false, 6: true, 7: true} {
		address := serve(t, fake([]string{tweet(1, "uno", ""), fmt.Sprintf(`{"disconnect":{"code":%d,"stream_name":"s","reason":"r"}}`, code)}))
		rec, err := listen(t, collector(t, address))
		if err == nil || errors.Is(err, collectors.ErrRejected) != rejected || !strings.Contains(err.Error(), fmt.Sprintf("code %d", code)) {
			t.Errorf("code %d: %v", code, err)
		}
		if len(rec.Posts()) != 1 {
			t.Errorf("code %d: %d posts, want 1", code, len(rec.Posts()))
		}
	}
}

func TestEnhanceYourCalm(t *testing.T) {
	address := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(420) }))
	_, err := listen(t, collector(t, address))
	if _, ok := errors.AsType[*collectors.Throttled](err); !ok {
		t.Errorf("got %v", err)
	}
}

func TestSilenceAndTheEndAreErrors(t *testing.T) {
	mute := collector(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})))
	mute.c.Idle = 50 * time.Millisecond
	short := collector(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, tweet(1, "uno", ""), "\r\n", `{"text":"cut o`)
	})))
	for want, c := range map[string]*Collector{"silent for 50ms": mute, "the server ended the stream": short} {
		rec, err := listen(t, c)
		if err == nil || !strings.HasSuffix(err.Error(), ": "+want) || len(rec.Dropped()) != 0 {
			t.Errorf("got %v, dropped %v; want %s", err, rec.Dropped(), want)
		}
	}
}

// A message may have a bare line break within; the warning is told, in our
// words.
func TestOddFrames(t *testing.T) {
	address := serve(t, fake([]string{"{\n\"warning\":{\"percent_full\":60}}", strings.Replace(tweet(1, "uno", ""), `,"text"`, ",\n\"text\"", 1)}))
	rec := new(collectortest.Recorder)
	collectortest.Run(t, collector(t, address), "", collectors.Wanted{}, rec, func(r *collectortest.Recorder) bool { return len(r.Posts()) > 0 })
	var troubles []collectors.Trouble
	for _, b := range rec.Batches() {
		troubles = append(troubles, b.Troubles...)
	}
	if want := []collectors.Trouble{{Cause: collectors.CauseOverflow, Why: "twitterv1: the server's buffer for us is 60 % full"}}; !slices.Equal(troubles, want) || len(rec.Dropped()) != 0 {
		t.Errorf("troubles %q, dropped %v", troubles, rec.Dropped())
	}
}

func TestCoverageIsTheTimeOfTheConnection(t *testing.T) {
	c := collector(t, serve(t, fake(nil)))
	began := time.Now().Add(-2 * time.Second) // the server's clock has whole seconds
	rec := new(collectortest.Recorder)
	collectortest.Run(t, c, "", collectors.Wanted{}, rec, func(r *collectortest.Recorder) bool { return len(r.Batches()) > 2 })
	var last time.Time
	for n, b := range rec.Batches() {
		if b.Since.Before(began) || b.Until.Before(b.Since) || n > 0 && !b.Since.Equal(last) {
			t.Errorf("batch %d: %v to %v, the one before ended at %v", n, b.Since, b.Until, last)
		}
		last = b.Until
	}
}

func TestSampleIsTheDefault(t *testing.T) { collectortest.Sample(t, Sample, Default()) }

func TestCheckNamesTheKey(t *testing.T) {
	right := Default()
	right.URL = "https://stream.example/1.1/statuses/sample.json"
	collectortest.Mistakes(t, right, map[string]func(*Config){
		"url: no stream is named": func(c *Config) { c.URL = "" },
		"url: ftp://x.example/?key=… is not an http:// or https:// address": func(c *Config) { c.URL = "ftp://ana:b@x.example/?key=hunter2" },
		"idle: 1ms is shorter than 1s":                                      func(c *Config) { c.Idle = time.Millisecond },
		`country: "es" is not a code of two capital letters`:                func(c *Config) { c.Country = "es" },
	})
}
