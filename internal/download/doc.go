// Package download brings one file from a link to the disk, and says what it is. Who calls
// it has looked at the link; where the link leads on, nobody goes.
package download
