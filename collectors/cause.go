package collectors

// Cause is why a source, or a part of it, is not heard, in one word that a
// page can say in its reader's language: a closed set, since it becomes a
// metric label. [CauseOf] finds it.
type Cause string

// The causes. The error itself says the rest.
const (
	CauseThrottled   Cause = "throttled"   // asks to be left alone for a while
	CauseCredentials Cause = "credentials" // refuses our credentials, or us
	CausePayment     Cause = "payment"     // wants to be paid
	CauseSecret      Cause = "secret"      // the credential is not where the configuration says
	CauseRequest     Cause = "request"     // does not take what it is asked
	CauseMissing     Cause = "missing"     // there is nothing at the address
	CauseRedirects   Cause = "redirects"   // redirects in circles, or to nowhere
	CauseServer      Cause = "server"      // 5xx
	CauseDNS         Cause = "dns"         // the server's name leads nowhere
	CauseUnreachable Cause = "unreachable" // nobody listens there, or there is no way
	CauseCertificate Cause = "certificate" // of TLS: expired, for another name, vouched for by nobody
	CauseTLS         Cause = "tls"         // its handshake failed otherwise
	CauseSilent      Cause = "silent"      // does not answer, or too slowly
	CauseCut         Cause = "cut"         // the connection ended
	CauseUnreadable  Cause = "unreadable"  // what came is not what was asked for
	CauseTooLarge    Cause = "too_large"   // more at once than is ever read
	CauseOverflow    Cause = "overflow"    // more than can be kept up with
	CauseFile        Cause = "file"        // a file or folder of ours cannot be read
	CauseRows        Cause = "rows"        // some rows of a file cannot be used
	CauseDisk        Cause = "disk"        // our disk is full or read-only
	CauseStore       Cause = "store"       // our own store is damaged
	CausePanic       Cause = "panic"       // our own mistake
	CauseOther       Cause = "other"
)

// Causes lists every [Cause].
func Causes() []Cause {
	return []Cause{
		CauseThrottled, CauseCredentials, CausePayment, CauseSecret, CauseRequest, CauseMissing, CauseRedirects, CauseServer,
		CauseDNS, CauseUnreachable, CauseCertificate, CauseTLS, CauseSilent, CauseCut, CauseUnreadable, CauseTooLarge,
		CauseOverflow, CauseFile, CauseRows, CauseDisk, CauseStore, CausePanic, CauseOther,
	}
}

// Trouble is a part of a source (a single feed, a file) that cannot be read
// while the rest goes on.
type Trouble struct {
	Cause Cause
	Why   string // names the part and holds no secret
}

// TroubleOf is what err says of a part.
func TroubleOf(err error) Trouble { return Trouble{CauseOf(err), err.Error()} }

// Because marks an error with its cause, for what the value of the error does
// not tell. It wraps err and says the same.
func Because(c Cause, err error) error { return because{err, c} }

type because struct {
	error
	cause Cause
}

func (b because) Unwrap() error { return b.error }
func (b because) Cause() Cause  { return b.cause }
