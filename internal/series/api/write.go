package api

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/util/annotations"
)

// notes are said beside an answer.
type notes struct {
	annotations annotations.Annotations
	cut         bool // the answer is shorter than what was found
}

// response is how Prometheus writes an answer.
type response struct {
	Status    string   `json:"status"`
	Data      any      `json:"data,omitempty"`
	ErrorType string   `json:"errorType,omitempty"`
	Error     string   `json:"error,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
	Infos     []string `json:"infos,omitempty"`
}

func (a *api) write(w http.ResponseWriter, r *http.Request, y reply) {
	out, code := response{Status: "success", Data: y.data}, http.StatusOK
	if y.problem != nil {
		out = response{Status: "error", ErrorType: y.problem.kind.name, Error: y.problem.err.Error()}
		code = y.problem.kind.code
	}
	if code == http.StatusInternalServerError {
		a.Log.Error("a query could not be answered", "path", r.URL.Path, "why", y.problem.err)
	}
	out.Warnings, out.Infos = y.notes.annotations.AsStrings(r.FormValue("query"), 10, 10)
	if y.notes.cut {
		out.Warnings = append(out.Warnings, "results truncated due to limit")
	}
	body, err := json.Marshal(out)
	if err != nil { // every shape of ours can be written
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	w.Write(body) // who left does not need it
}

// shorten takes the first limit series; cut is true when there were more.
func shorten(v parser.Value, limit int) (_ parser.Value, cut bool) {
	switch v := v.(type) {
	case promql.Matrix:
		if limit > 0 && len(v) > limit {
			return v[:limit], true
		}
	case promql.Vector:
		if limit > 0 && len(v) > limit {
			return v[:limit], true
		}
	}
	return v, false
}

// encode writes a result by hand: by reflection a wide one takes longer to write
// than to compute. Our series hold numbers only, never histograms.
func encode(v parser.Value) json.RawMessage {
	b := append([]byte(`{"resultType":"`), v.Type()...)
	b = append(b, `","result":`...)
	switch v := v.(type) {
	case promql.Matrix:
		b = append(b, '[')
		for i, s := range v {
			b = metric(b, i, s.Metric)
			b = append(b, `,"values":[`...)
			for j, p := range s.Floats {
				if j > 0 {
					b = append(b, ',')
				}
				b = point(b, p.T, p.F)
			}
			b = append(b, `]}`...)
		}
		b = append(b, ']')
	case promql.Vector:
		b = append(b, '[')
		for i, s := range v {
			b = metric(b, i, s.Metric)
			b = append(b, `,"value":`...)
			b = append(point(b, s.T, s.F), '}')
		}
		b = append(b, ']')
	case promql.Scalar:
		b = point(b, v.T, v.V)
	case promql.String:
		b = append(seconds(append(b, '['), v.T), ',')
		b = append(text(b, v.V), ']')
	}
	return append(b, '}')
}

func metric(b []byte, i int, ls labels.Labels) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	b = append(b, `{"metric":{`...)
	first := true
	ls.Range(func(l labels.Label) {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(text(b, l.Name), ':')
		b = text(b, l.Value)
	})
	return append(b, '}')
}

func point(b []byte, t int64, v float64) []byte {
	b = append(seconds(append(b, '['), t), ',', '"')
	format := byte('f')
	if abs := math.Abs(v); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	return append(strconv.AppendFloat(b, v, format, -1, 64), '"', ']')
}

// seconds writes milliseconds as seconds with no more decimals than they need.
func seconds(b []byte, ms int64) []byte {
	return strconv.AppendFloat(b, float64(ms)/1000, 'f', -1, 64)
}

func text(b []byte, s string) []byte {
	quoted, _ := json.Marshal(s) // a string can always be written
	return append(b, quoted...)
}
