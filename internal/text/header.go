package text

// NotInHeader says whether a rune cannot stand in a word of an HTTP header, as a key or a
// token is: it is no visible ASCII character.
func NotInHeader(r rune) bool { return r <= ' ' || r > '~' }
