package files

import (
	"fmt"
	"slices"
	"strings"

	"confianza/collectors/archive"
)

// Map names the column of each field of a post. A field without one is looked
// for under well-known names, but for Brand: a brand column takes the place of
// looking for brands in the text, so it must be asked for.
type Map struct {
	Text      string `yaml:"text"`
	ID        string `yaml:"id"`
	Author    string `yaml:"author"`
	Time      string `yaml:"time"`
	Brand     string `yaml:"brand"`
	URL       string `yaml:"url"`
	Language  string `yaml:"language"`
	Form      string `yaml:"form"`
	Followers string `yaml:"followers"`
	Revision  string `yaml:"revision"`
}

// ParseMap reads `text=COLUMN,author=COLUMN,…`; "" is the zero Map. Columns of
// nested JSON objects have their keys joined by dots. An error says which
// fields there are.
func ParseMap(s string) (Map, error) {
	var m Map
	if strings.TrimSpace(s) == "" {
		return m, nil
	}
	for pair := range strings.SplitSeq(s, ",") {
		field, column, ok := strings.Cut(pair, "=")
		field, column = strings.TrimSpace(field), strings.TrimSpace(column)
		into := m.field(field)
		switch {
		case !ok || column == "":
			return Map{}, fmt.Errorf("files: map: %q is not FIELD=COLUMN", pair)
		case into == nil:
			return Map{}, fmt.Errorf("files: map: no field %q; fields: %s", field, strings.Join(fieldNames(), ", "))
		case *into != "":
			return Map{}, fmt.Errorf("files: map: field %q twice", field)
		}
		*into = column
	}
	return m, nil
}

// field is where the column of a field is kept, nil for an unknown one.
func (m *Map) field(name string) *string {
	switch name {
	case "text":
		return &m.Text
	case "id":
		return &m.ID
	case "author":
		return &m.Author
	case "time":
		return &m.Time
	case "brand":
		return &m.Brand
	case "url":
		return &m.URL
	case "language":
		return &m.Language
	case "form":
		return &m.Form
	case "followers":
		return &m.Followers
	case "revision":
		return &m.Revision
	}
	return nil
}

// usualNames are what columns are called in exports, folded, best first.
func usualNames(field string) []string {
	switch field {
	case "text":
		return []string{"text", "full_text", "body", "content", "message", "tweet_text", "post_text", "tweet", "comment", "review", "texto", "contenido", "mensaje", "comentario"}
	case "id":
		return []string{"id", "id_str", "tweet_id", "post_id", "status_id", "message_id", "comment_id", "review_id"}
	case "author":
		return []string{"author_id", "user_id", "user.id_str", "user.id", "user.screen_name", "author", "user", "username", "user_name", "screen_name", "name", "autor", "usuario"}
	case "time":
		return []string{"created_at", "tweet_created", "time", "timestamp", "date", "datetime", "created", "created_time", "published", "published_at", "posted_at", "fecha", "fecha_hora"}
	case "url":
		return []string{"url", "permalink", "link", "post_url", "tweet_url", "enlace"}
	case "language":
		return []string{"language", "lang", "idioma"}
	case "followers":
		return []string{"followers", "followers_count", "user.followers_count", "seguidores"}
	case "form":
		return []string{"form"}
	case "revision":
		return []string{"revision"}
	}
	return nil
}

func fieldNames() []string {
	return []string{"text", "id", "author", "time", "brand", "url", "language", "form", "followers", "revision"}
}

// place finds each field among a file's columns, exactly as written or else
// folded. The error wraps [archive.ErrSetup] and names the columns there are.
func (m Map) place(file string, columns []string) (map[string]int, error) {
	folded := make([]string, len(columns))
	for i, c := range columns {
		folded[i] = foldName(c)
	}
	at := map[string]int{}
	for _, field := range fieldNames() {
		mapped := *m.field(field)
		if mapped == "" {
			for _, name := range usualNames(field) {
				if i := slices.Index(folded, name); i >= 0 {
					at[field] = i
					break
				}
			}
			continue
		}
		i := slices.Index(columns, mapped)
		if i < 0 {
			i = slices.Index(folded, foldName(mapped))
		}
		if i < 0 {
			return nil, misfit(file, fmt.Sprintf("no column %q for the %s", mapped, field), columns)
		}
		at[field] = i
	}
	for _, field := range []string{"text", "time"} {
		if _, ok := at[field]; !ok {
			return nil, misfit(file, fmt.Sprintf("no column is known to hold the %s: map one with %s=COLUMN", field, field), columns)
		}
	}
	return at, nil
}

func misfit(file, what string, columns []string) error {
	const many = 40
	more := ""
	if len(columns) > many {
		more = fmt.Sprintf(" and %d more", len(columns)-many)
		columns = columns[:many]
	}
	return fmt.Errorf("%s: %s: %w; columns: %.2000s%s", file, what, archive.ErrSetup, strings.Join(columns, ", "), more)
}

// foldName levels how a column may be written: `Created At` is created_at.
func foldName(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u00a0' {
			return '_'
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
}
