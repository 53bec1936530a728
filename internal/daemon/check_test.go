package daemon

import (
	"errors"
	"strings"
	"testing"

	"confianza/internal/config"
)

func TestCheckText(t *testing.T) {
	c := config.Default()
	var said strings.Builder
	if err := CheckText(t.Context(), c, "Delta", &said); err == nil || errors.Is(err, ErrNothing) || !strings.Contains(err.Error(), "--brand NAME") {
		t.Errorf("without a brand: %v", err)
	}
	c.AddBrand("Delta")
	if err := CheckText(t.Context(), c, "I love Delta", &said); err != nil || !strings.Contains(said.String(), "Delta: taken\n  name \"Delta\" at byte 7\n") {
		t.Errorf("said %s, %v", &said, err)
	}
	if err := CheckText(t.Context(), c, "deltas", &said); !errors.Is(err, ErrNothing) || !strings.Contains(said.String(), "does not count, inside a longer word") {
		t.Errorf("said %s, %v", &said, err)
	}
}
