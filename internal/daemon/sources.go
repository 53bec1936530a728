package daemon

import (
	"fmt"
	"io"
	"text/tabwriter"

	"confianza/internal/config"
)

// Sources lists what confianza can listen to, and what the configuration
// makes of it.
func Sources(c *config.Config, out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SOURCE\tHERE\tCOLLECTS")
	for _, e := range catalog() {
		section, here := c.Sources[e.name], "off"
		if section == nil && e.on || section != nil && section.Enabled {
			here = "on"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", e.name, here, e.what)
	}
	return w.Flush()
}
