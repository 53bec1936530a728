package daemon

import (
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// disk is a file system in a file, that can be turned read-only while its files
// are open, as Linux does when a disk fails.
type disk struct{ image, dir string }

func newDisk(t *testing.T) disk {
	t.Helper()
	d := disk{filepath.Join(t.TempDir(), "image"), t.TempDir()}
	make, err := exec.Command("mkfs.ext4", "-q", d.image, "48m").CombinedOutput()
	if err != nil {
		t.Skipf("no file system can be made here: mkfs.ext4: %v %s", err, make)
	}
	if said, err := d.mount(); err != nil {
		t.Skipf("no file can be mounted here: mount -o loop: %v %s", err, said)
	}
	t.Cleanup(func() { syscall.Unmount(d.dir, syscall.MNT_DETACH) })
	return d
}

func (d disk) mount() (said []byte, err error) {
	return exec.Command("mount", "-o", "loop", d.image, d.dir).CombinedOutput()
}

// fail makes the file system give up, as it does at errors of the disk: from
// then on it is read-only, until it is mounted again.
func (d disk) fail() error {
	return syscall.Mount("", d.dir, "", syscall.MS_REMOUNT, "abort")
}

// A disk that turns read-only under the daemon is seen on the page and in the
// metrics; the daemon lives on, and when it is started again on the mended disk
// everything is there, once.
func TestDiskThatTurnsReadOnly(t *testing.T) {
	t.Parallel()
	d, file := newDisk(t), filepath.Join(t.TempDir(), "confianza.yml")
	j, address := newJetstream(t)
	write(t, file, "brands: [{name: Delta}]\ndata: %s\nweb: {listen: '127.0.0.1:0'}\nsources:\n  bluesky: {urls: ['%s']}\n  feeds: {enabled: false}\n  hackernews: {enabled: false}\n",
		filepath.Join(d.dir, "data"), address)
	const ingested, blocked = "confianza_ingested_mentions_total{", `confianza_store_blocked{reason="read_only"}`
	r := start(t, file)
	j.say(0, "Delta lost my data, terrible")
	r.eventually("the first mention", func() bool { return r.metric(ingested) == 1 })
	if err := d.fail(); err != nil {
		t.Skipf("a file system cannot be made to fail here: %v", err)
	}
	for n := range 5 {
		j.say(1+n, "Delta again, so bad")
	}
	r.eventually("the word of the read-only disk", func() bool { return r.metric(blocked) == 1 })
	for address, want := range map[string]string{"?lang=en": "Disk read-only.", "?lang=es": "Disco de solo lectura."} {
		if page := r.get(address); !strings.Contains(page, want) || !strings.Contains(page, "Delta lost my data, terrible") {
			t.Errorf("%s does not say %q, or not what was stored before", address, want)
		}
	}
	if got := r.metric(ingested); got != 1 {
		t.Errorf("%v counted, with nothing stored; want 1", got)
	}
	r.end()
	if err := syscall.Unmount(d.dir, 0); err != nil {
		t.Fatal(err)
	}
	if said, err := d.mount(); err != nil {
		t.Fatalf("mount again: %v %s", err, said)
	}
	r = start(t, file)
	r.eventually("all of them", func() bool { return r.metric(ingested) == 6 })
	if r.metric("confianza_store_blocked{") != 0 {
		t.Error("something is blocked on the mended disk")
	}
	r.end()
}
