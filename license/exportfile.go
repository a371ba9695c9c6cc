package license

import "strconv"

// ExportFile is an exported file that somebody has a use for: an archive, or chats that
// take files.
type ExportFile struct {
	Name   string // of our own: "license-detail.xlsx"
	Size   int64  // bytes
	SHA256 string // in hex
	// Failure is why it could not be fetched; nil when it was, and then the rest is known.
	Failure *FileFailure

	IsShared bool // chats that take files are sent it
	// What a chat does with a shared file, which it knows itself: the file comes after the
	// message, or it has more or less bytes than the chat takes.
	Follows         bool
	AtMost, AtLeast int64  // 0: it is not too large, or too small
	Refused         string // the code with which the chat refused it; empty when it did not
}

// FileFailure is why a file could not be fetched. It holds nothing of the link but its host.
type FileFailure struct {
	Problem FileProblem
	Where   string // the link, or a redirect, leads, in words: "host example.com"
	Status  int    // of HTTP, with FileStatus
}

// FileProblem is the kind of a FileFailure.
type FileProblem string

// The problems.
const (
	FileHost        FileProblem = "host"        // the link leads where nothing is fetched from
	FileRedirect    FileProblem = "redirect"    // the answer leads elsewhere, and is not followed
	FileStatus      FileProblem = "status"      // the answer is not 200
	FilePage        FileProblem = "page"        // an error page came in its place
	FileEmpty       FileProblem = "empty"       // nothing came
	FileCut         FileProblem = "cut"         // it has another length than the answer said, or the answer said none
	FileTooLarge    FileProblem = "too-large"   // it is larger than anything that is fetched
	FileTimeout     FileProblem = "timeout"     // it did not arrive in time
	FileUnreachable FileProblem = "unreachable" // there was no connection
	FileDisk        FileProblem = "disk"        // there was no room for it
	FileNoLink      FileProblem = "no-link"     // the task gave no link any more
)

// Error says what was wrong, in English, for the operator.
func (f *FileFailure) Error() string {
	switch f.Problem {
	case FileHost:
		return "its link leads to " + f.Where + ", from which nothing is fetched"
	case FileRedirect:
		return "its link redirects to " + f.Where + ", which is not followed"
	case FileStatus:
		return "the answer was HTTP " + strconv.Itoa(f.Status)
	case FilePage:
		return "an error page came in its place"
	case FileEmpty:
		return "it is empty"
	case FileCut:
		return "it did not arrive whole"
	case FileTooLarge:
		return "it is too large"
	case FileTimeout:
		return "it did not arrive in time"
	case FileDisk:
		return "there is no room for it on the disk"
	case FileNoLink:
		return "there is no link to it any more"
	case FileUnreachable:
		return "there was no connection"
	default:
		return "it is not clear why"
	}
}

// MayPass says whether a later try may fetch the file.
func (f *FileFailure) MayPass() bool {
	switch f.Problem {
	case FileTimeout, FileUnreachable, FileCut, FileEmpty, FilePage, FileStatus, FileDisk, FileNoLink:
		return true
	case FileHost, FileRedirect, FileTooLarge:
	}
	return false
}
