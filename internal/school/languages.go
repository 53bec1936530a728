package school

import (
	"context"

	"confianza/analysis/language"
)

// Languages learns which language a text is in from labelled texts; what they
// were labelled with does not matter, and phrases of our own are learnt beside them. Rows of UMSAB's part val are left out:
// they are what is measured on.
func Languages(ctx context.Context, rows []Row, seed uint64, progress func(step string, done, total int64)) (*language.Weights, error) {
	examples := phrases()
	for _, r := range rows {
		if r.Source != "umsab" || r.Split != "val" {
			examples = append(examples, language.Example{Text: r.Text, Language: r.Language})
		}
	}
	return language.Learn(ctx, examples, seed, func(step string, done, total int) { progress(step, int64(done), int64(total)) })
}
