package collectortest

import (
	"reflect"
	"testing"

	"go.yaml.in/yaml/v4"
)

// Sample holds a source's documented configuration to being its defaults.
func Sample[C any](t *testing.T, sample string, defaults C) {
	t.Helper()
	var got C
	if err := yaml.Load([]byte(sample), &got, yaml.WithKnownFields()); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, defaults) {
		t.Errorf("sample %+v, default %+v", got, defaults)
	}
}

// Mistakes holds a configuration's Check to finding nothing wrong with right,
// and each mistake in the words of its key in broken.
func Mistakes[C interface{ Check() error }](t *testing.T, right C, broken map[string]func(*C)) {
	t.Helper()
	if err := right.Check(); err != nil {
		t.Errorf("nothing is wrong, but: %v", err)
	}
	for want, mistake := range broken {
		c := right
		mistake(&c)
		if err := c.Check(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
