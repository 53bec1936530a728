//go:build peers && !linux

package peers

import "syscall"

// alone gives a child a group of its own, so that its children end with it.
func alone() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
