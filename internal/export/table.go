package export

// kind is what a column holds, and by that how a cell of it is written.
type kind int

const (
	text   kind = iota // string; untrusted
	date               // string, 2026-11-23
	moment             // time.Time, of the zone to be shown
	whole              // int64
	number             // float64
	share              // float64, 0 to 1
	points             // float64, -100 to 100
)

// column is one column of a table.
type column struct {
	title string
	kind  kind
	width float64 // in characters
}

// table is a sheet of a workbook, or a CSV file. A cell is nil or what its
// column's kind says.
type table struct {
	name    string
	columns []column
	rows    [][]any
	fixed   int  // first columns that stay in sight
	notes   bool // wraps its texts, and has no head to freeze
}
