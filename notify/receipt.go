package notify

// Receipt is what a chat got of a report that it accepted.
type Receipt struct {
	// Unnamed are the facts that there was no room for: the message counts them
	// without naming them. Each is what Fact gives of a finding, of one that is over,
	// or of what is no longer watched.
	Unnamed []string
	// Uncalled is why the call to everybody was not accepted; nil where it was, or where
	// there was none.
	Uncalled *Error
}

// OwesCall says whether a later try of the call may help.
func (r Receipt) OwesCall() bool { return r.Uncalled != nil && r.Uncalled.Retryable }
