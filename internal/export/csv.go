package export

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"
)

// csvWriter writes rows as RFC 4180 has it: UTF-8, commas, CRLF; decimals have
// a point whatever the language, dates are ISO 8601.
type csvWriter struct {
	w       *csv.Writer
	columns []column
	cells   []string
}

func newCSV(out io.Writer, columns []column, bom bool) (*csvWriter, error) {
	if bom {
		if _, err := io.WriteString(out, "\ufeff"); err != nil {
			return nil, err
		}
	}
	c := &csvWriter{w: csv.NewWriter(out), columns: columns, cells: make([]string, len(columns))}
	c.w.UseCRLF = true
	for i, col := range columns {
		c.cells[i] = col.title
	}
	return c, c.w.Write(c.cells)
}

func (c *csvWriter) row(cells []any) error {
	for i, cell := range cells {
		c.cells[i] = csvCell(cell)
	}
	return c.w.Write(c.cells)
}

func (c *csvWriter) close() error {
	c.w.Flush()
	return c.w.Error()
}

func csvCell(cell any) string {
	switch v := cell.(type) {
	case string:
		return harmless(strings.Map(printed, v))
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.Format(time.RFC3339)
	}
	return "" // nil: nothing is known
}

// printed replaces control signs, which some readers end a file at, as a
// workbook does.
func printed(r rune) rune {
	if r < ' ' && !strings.ContainsRune("\t\n\r", r) {
		return '\ufffd'
	}
	return r
}

func writeCSV(out io.Writer, t table, bom bool) error {
	c, err := newCSV(out, t.columns, bom)
	if err != nil {
		return err
	}
	for _, row := range t.rows {
		if err := c.row(row); err != nil {
			return err
		}
	}
	return c.close()
}

func writeJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
