package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/prometheus/prometheus/promql"
)

// kind is what Prometheus calls a kind of error; code is its HTTP status.
type kind struct {
	name string
	code int
}

// The kinds of errors, as in Prometheus' web/api/v1. 499 is nginx' word for a
// client that went away.
var (
	badData   = kind{"bad_data", http.StatusBadRequest}
	execution = kind{"execution", http.StatusUnprocessableEntity}
	timedOut  = kind{"timeout", http.StatusServiceUnavailable}
	canceled  = kind{"canceled", 499}
	internal  = kind{"internal", http.StatusInternalServerError}
)

// problem is why there is no answer.
type problem struct {
	kind kind
	err  error
}

func refuse(k kind, err error) reply { return reply{problem: &problem{k, err}} }

// misused is a parameter that makes no sense.
func misused(parameter string, err error) reply {
	return refuse(badData, fmt.Errorf("invalid parameter %q: %w", parameter, err))
}

// unbuilt is why a query could not be made.
func unbuilt(err error) reply {
	if k := kindOf(err); k != execution {
		return refuse(k, err)
	}
	return misused("query", err)
}

// broken is why a query could not be answered.
func broken(err error) reply { return refuse(kindOf(err), err) }

func kindOf(err error) kind {
	var late promql.ErrQueryTimeout
	var left promql.ErrQueryCanceled
	var storage promql.ErrStorage
	switch {
	case errors.As(err, &left):
		return canceled
	case errors.As(err, &late):
		return timedOut
	case errors.As(err, &storage):
		if errors.Is(storage.Err, context.DeadlineExceeded) {
			return timedOut
		}
		if errors.Is(storage.Err, context.Canceled) {
			return canceled
		}
		return internal
	case errors.Is(err, context.Canceled):
		return canceled
	case errors.Is(err, context.DeadlineExceeded):
		return timedOut
	}
	return execution
}
