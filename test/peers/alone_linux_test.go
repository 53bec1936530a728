//go:build peers

package peers

import "syscall"

// alone gives a child a group of its own, so that its children end with it,
// and ends it when the test itself is killed.
func alone() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
