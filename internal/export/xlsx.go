package export

import (
	"errors"
	"fmt"
	"io"
	"math"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// What a sheet can hold.
const (
	sheetRows = 1 << 20 // the head included
	cellUnits = 32767   // UTF-16
)

// workbook is an XLSX file under way. Its cells are typed: numbers are
// numbers, dates dates, and a text is never a formula, nor becomes one when
// somebody edits it.
type workbook struct {
	f      *excelize.File
	styles map[kind]int
	head   int
	wrap   int
	names  []string
}

func newWorkbook(made time.Time) (*workbook, error) {
	b := &workbook{f: excelize.NewFile(), styles: map[kind]int{}}
	for k, format := range map[kind]string{text: "@", date: "yyyy-mm-dd", moment: "yyyy-mm-dd hh:mm:ss", whole: "#,##0", number: "#,##0.0", share: "0.0%", points: "0.0"} {
		id, err := b.f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			return nil, err
		}
		b.styles[k] = id
	}
	var err error
	if b.head, err = b.f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}); err != nil {
		return nil, err
	}
	plain := "@"
	if b.wrap, err = b.f.NewStyle(&excelize.Style{CustomNumFmt: &plain, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}); err != nil {
		return nil, err
	}
	stamp := made.UTC().Format(time.RFC3339)
	return b, b.f.SetDocProps(&excelize.DocProperties{Creator: "confianza", Created: stamp, Modified: stamp})
}

// sheet is one sheet, written row by row: what is done is on the disk.
type sheet struct {
	b       *workbook
	w       *excelize.StreamWriter
	columns []column
	n       int
	cells   []any
	wrapped bool
}

func (b *workbook) sheet(t table) (*sheet, error) {
	if len(b.names) == 0 {
		if err := b.f.SetSheetName(b.f.GetSheetName(0), t.name); err != nil {
			return nil, err
		}
	} else if _, err := b.f.NewSheet(t.name); err != nil {
		return nil, err
	}
	b.names = append(b.names, t.name)
	if err := b.print(t.name); err != nil {
		return nil, err
	}
	w, err := b.f.NewStreamWriter(t.name)
	if err != nil {
		return nil, err
	}
	s := &sheet{b: b, w: w, columns: t.columns, cells: make([]any, len(t.columns)), wrapped: t.notes}
	for i, c := range t.columns {
		if err := w.SetColWidth(i+1, i+1, c.width); err != nil {
			return nil, err
		}
		s.cells[i] = excelize.Cell{StyleID: b.head, Value: c.title}
	}
	if !t.notes {
		if err := w.SetPanes(frozen(t.fixed)); err != nil {
			return nil, err
		}
	}
	return s, s.write(s.height(nil))
}

// print makes a page as wide as the table.
func (b *workbook) print(sheet string) error {
	yes, landscape, one, any := true, "landscape", 1, 0
	if err := b.f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return err
	}
	return b.f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &one, FitToHeight: &any})
}

// frozen keeps the head and so many columns in sight.
func frozen(columns int) *excelize.Panes {
	if columns == 0 {
		return &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}
	}
	first := string(rune('A'+columns)) + "2"
	return &excelize.Panes{Freeze: true, XSplit: columns, YSplit: 1, TopLeftCell: first, ActivePane: "bottomRight"}
}

// height is what wrapped texts need, in points: programs do not work it out for
// rows that were streamed. nil is the head.
func (s *sheet) height(cells []any) float64 {
	lines := 1.0
	for i, c := range s.columns {
		shown := c.title
		if cells != nil {
			shown, _ = cells[i].(string) // numbers need one line
		}
		lines = max(lines, math.Ceil(1.15*float64(utf8.RuneCountInString(shown))/c.width))
	}
	return 15 * lines
}

func (s *sheet) write(height float64) error {
	s.n++
	at, err := excelize.CoordinatesToCellName(1, s.n)
	if err != nil {
		return err
	}
	return s.w.SetRow(at, s.cells, excelize.RowOpts{Height: height})
}

func (s *sheet) row(cells []any) error {
	height := 0.0 // as usual
	for i, cell := range cells {
		style := s.b.styles[s.columns[i].kind]
		if s.wrapped {
			style = s.b.wrap
		}
		value, err := xlsxCell(cell, s.columns[i].kind)
		if err != nil {
			return err
		}
		s.cells[i] = excelize.Cell{StyleID: style, Value: value}
	}
	if s.wrapped {
		height = s.height(cells)
	}
	return s.write(height)
}

// xlsxCell gives the sheet what it types by. A spreadsheet has no zones: a
// moment is what the clock on the wall said.
func xlsxCell(cell any, k kind) (any, error) {
	switch v := cell.(type) {
	case string:
		if k == date && v != "" {
			return time.Parse(time.DateOnly, v)
		}
		return cut(v), nil
	case time.Time:
		y, m, d := v.Date()
		return time.Date(y, m, d, v.Hour(), v.Minute(), v.Second(), 0, time.UTC), nil
	}
	return cell, nil
}

// cut shortens a text to what a cell holds.
func cut(s string) string {
	if len(s) <= cellUnits {
		return s
	}
	units := 0
	for i, r := range s {
		if units += max(1, utf16.RuneLen(r)); units >= cellUnits {
			return s[:i] + "…"
		}
	}
	return s
}

// finish writes the file out.
func (b *workbook) finish(out io.Writer) error { return b.f.Write(out) }

func writeXLSX(out io.Writer, made time.Time, tables ...table) (err error) {
	b, err := newWorkbook(made)
	if err != nil {
		return fmt.Errorf("export: xlsx: %w", err)
	}
	defer func() { err = errors.Join(err, b.f.Close()) }()
	for _, t := range tables {
		s, err := b.sheet(t)
		if err != nil {
			return fmt.Errorf("export: xlsx: %s: %w", t.name, err)
		}
		for _, row := range t.rows {
			if err := s.row(row); err != nil {
				return fmt.Errorf("export: xlsx: %s: %w", t.name, err)
			}
		}
		if err := s.w.Flush(); err != nil {
			return fmt.Errorf("export: xlsx: %s: %w", t.name, err)
		}
	}
	return b.finish(out)
}
