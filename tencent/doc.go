// Package tencent is the cloud client: it reads the license overview, the orders and
// the machines of CWP (host security) and the purchase state of TCSS (container
// security), and has CWP export the license details. For the accounts of others it
// assumes roles (RoleCaller), and lists the members of an organization.
//
// One file is one API. Below them, from the outside in: call.go repeats tries by
// the class of their failure, try.go makes one try through the SDK's common
// client, exchange.go is the round tripper under the SDK that bounds and checks
// what comes back, and the decode package reads an answer field by field.
// Failures are one type, APIError, made of faults (fault.go, codes.go,
// network.go).
package tencent
