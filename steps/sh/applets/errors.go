package applets

import (
	"errors"
	"syscall"
)

// The errors that tools raise themselves, worded by reason.
const (
	errIsDirectory  = syscall.EISDIR
	errNotDirectory = syscall.ENOTDIR
)

var errUnmatchedQuote = errors.New("unmatched quote; by default quotes are special to xargs unless you use the -0 option")
