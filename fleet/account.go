package fleet

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// isUin says whether a text can be an account's uin.
func isUin(text string) bool {
	const shortest, longest = 5, 20
	return len(text) >= shortest && len(text) <= longest && text[0] != '0' && strings.Trim(text, "0123456789") == ""
}

// maxLabels is how many labels an account may have.
const maxLabels = 32

// accountReader reads the accounts of the file.
type accountReader struct{ *accessReader }

// readAccounts reads the list of accounts.
func (l *accountReader) readAccounts(n *yaml.Node) {
	if n == nil {
		return
	}
	elements, ok := l.List(n, "accounts")
	switch {
	case !ok:
		return
	case len(elements) == 0:
		l.Fail(n, "accounts is an empty list: no account would be watched")
	case len(elements) > MaxAccounts:
		l.Fail(n, "accounts lists %d accounts; one file has at most %d", len(elements), MaxAccounts)
		return
	}
	l.fleet.Accounts = make([]Account, 0, len(elements))
	whole := l.Problems
	for _, element := range elements {
		l.Problems = problemsIn(l.name)
		account := l.readAccount(element)
		if l.Any() {
			l.fleet.LeftOut = append(l.fleet.LeftOut,
				LeftOut{Uin: account.Uin, Name: account.Name, Line: element.Line, Problems: l.Sorted()})
		} else {
			l.fleet.Accounts = append(l.fleet.Accounts, account)
		}
	}
	l.Problems = whole
}

// readAccount reads one account.
func (l *accountReader) readAccount(n *yaml.Node) Account {
	values := l.Mapping(n, "an account", "uin", "name", "labels", "site", "role", "keys", "self", "external_id",
		"export")
	if values == nil {
		return Account{}
	}
	a := Account{Line: n.Line, Site: l.site, Labels: l.readLabels(values["labels"])}
	a.Uin = l.readUin(n, values["uin"])
	a.Name = a.Uin
	if at := values["name"]; at != nil {
		if name, ok := l.text(at, "name"); ok {
			a.Name = name
		}
	}
	l.take(n, values["uin"], "uin", a.Uin)
	if a.Name != a.Uin {
		l.take(n, values["name"], "name", a.Name)
	}
	if at := values["site"]; at != nil {
		a.Site = l.readSite(at)
	}
	a.Access = l.readAccess(n, values, a)
	a.Export = l.flag(values["export"], "export", l.export)
	return a
}

// readUin reads the uin of an account.
func (l *accountReader) readUin(account, n *yaml.Node) string {
	if n == nil {
		l.Fail(account, "the account has no uin")
		return ""
	}
	uin, ok := l.text(n, "uin")
	if ok && !isUin(uin) {
		l.Fail(n, "uin must be the account's number (the console shows it as account ID), digits alone, in quotes")
		return ""
	}
	return uin
}

// take gives an account its uin or its name, by which no other one may go.
func (l *accountReader) take(account, n *yaml.Node, what, value string) {
	if value == "" || n == nil {
		return
	}
	if line, isTaken := l.taken[value]; isTaken {
		l.Fail(n, "%s %s is taken by the account in line %d", what, quoted(value), line)
		return
	}
	l.taken[value] = account.Line
}
