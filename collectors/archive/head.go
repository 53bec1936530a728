package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// headBytes is how much of a file tells it from another that took its name.
const headBytes = 4096

// Head tells a file by its beginning, so that one that grew is told from one
// that was replaced.
type Head struct {
	Bytes int    `json:"n"`
	Sum   string `json:"h"`
}

// HeadOf reads the beginning of a file.
func HeadOf(path string) (Head, error) { return head(path, headBytes) }

// Begins tells whether the file still begins as it did. One that cannot be
// read does not.
func (h Head) Begins(path string) bool {
	if h.Bytes < 0 || h.Bytes > headBytes {
		return false
	}
	now, err := head(path, h.Bytes)
	return err == nil && now == h
}

func head(path string, n int) (Head, error) {
	f, err := regular(path)
	if err != nil {
		return Head{}, err
	}
	defer f.Close()
	b := make([]byte, n)
	got, err := io.ReadFull(f, b)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return Head{}, err
	}
	sum := sha256.Sum256(b[:got])
	return Head{Bytes: got, Sum: hex.EncodeToString(sum[:8])}, nil
}
