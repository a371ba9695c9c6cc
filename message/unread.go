package message

import (
	"slices"

	"licensewatch/license"
)

// unreadBlocks tell, for each source that could not be read, why and what to
// do. Where the next one needs the same, that is said once, after both.
func (s sourceSection) unreadBlocks() [][]line {
	var blocks [][]line
	var block []line
	for i, source := range s.unread {
		block = append(block, s.unreadSource(source))
		hint := s.hintFor(source)
		if i+1 < len(s.unread) && slices.Equal(hint, s.hintFor(s.unread[i+1])) {
			continue
		}
		if len(hint) > 0 {
			block = append(block, fill(s.words.unread.hint, values{"hint": hint}))
		}
		blocks, block = append(blocks, block), nil
	}
	return blocks
}

// sourceFailure is why a source could not be read.
func (s sourceSection) sourceFailure(source license.Source) *license.Failure {
	if f := s.failures[source]; f != nil {
		return f
	}
	return &license.Failure{Kind: license.FailureInternal, Code: "NotRead"}
}

func (s sourceSection) unreadSource(source license.Source) line {
	name, facts := styled(s.sourceName(source), span{strong: true}), s.failureFacts(s.sourceFailure(source))
	if s.isUnexplained(source) {
		facts = nil
	}
	if s.isLasting(source) || len(facts) == 0 {
		return join(s.words.story.sources.facts, s.unreadSince(name, s.outages[source]), facts)
	}
	return fill(s.words.unread.source, values{"source": name, "facts": facts})
}

// hintFor says what to do about a source that could not be read.
func (s sourceSection) hintFor(source license.Source) line {
	if s.isUnexplained(source) {
		return nil
	}
	return s.failureHint(s.sourceFailure(source))
}
