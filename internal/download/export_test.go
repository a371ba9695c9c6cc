package download

// KindOf is what a file is by its first bytes; "page" is none.
func KindOf(head []byte) Kind { return kindOf(head) }
