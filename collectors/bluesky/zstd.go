package bluesky

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/bluesky-social/jetstream/pkg/models"
	"github.com/klauspost/compress/zstd"

	"confianza/collectors"
)

// decompressor reads the binary frames of `compress=true`: zstd with a
// dictionary that the Jetstream project publishes.
type decompressor struct {
	zstd *zstd.Decoder
	sent bytes.Buffer
}

func (d *decompressor) open() (err error) {
	d.zstd, err = zstd.NewReader(nil, zstd.WithDecoderDicts(models.ZSTDDictionary), zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderMaxMemory(2*maxMessage))
	if err != nil {
		return fmt.Errorf("zstd: %w", err)
	}
	return nil
}

func (d *decompressor) close() { d.zstd.Close() }

// read decompresses one frame. A nil decompressor refuses: plain text was
// asked for.
func (d *decompressor) read(frame io.Reader, into *bytes.Buffer) error {
	if d == nil {
		return collectors.Because(collectors.CauseUnreadable, errors.New("a compressed message that was not asked for"))
	}
	d.sent.Reset()
	if _, err := d.sent.ReadFrom(frame); err != nil {
		return ending(err)
	}
	plain, err := d.zstd.DecodeAll(d.sent.Bytes(), into.AvailableBuffer())
	if err != nil {
		return collectors.Because(unpacked(err), fmt.Errorf("zstd: %w", err))
	}
	into.Write(plain)
	return nil
}

// unpacked is why a frame could not be: a bomb, or damage.
func unpacked(err error) collectors.Cause {
	if errors.Is(err, zstd.ErrDecoderSizeExceeded) || errors.Is(err, zstd.ErrWindowSizeExceeded) {
		return collectors.CauseTooLarge
	}
	return collectors.CauseUnreadable
}
