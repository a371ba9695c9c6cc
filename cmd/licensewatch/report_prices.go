package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
	"licensewatch/report"
)

// readPrices reads a table of the reader's own prices:
//
//	version: 1
//	prices:
//	  - {edition: ultimate, term: 12 months, price: 1200, currency: CNY}
//
// A price is that of one license, or of one core, for the whole term. The error lists the
// mistakes.
func readPrices(name string) ([]report.Price, error) {
	data, err := readFile(name)
	if err != nil {
		return nil, fmt.Errorf("--prices: %w", err)
	}
	f := priceFile{Problems: yamlnode.In(name)}
	f.read(string(data))
	if !f.Any() {
		return f.prices, nil
	}
	var lines []string
	for _, problem := range f.Sorted() {
		lines = append(lines, problem.String())
	}
	return nil, &exitError{several: lines}
}

// priceFile is a table of prices on its way.
type priceFile struct {
	*yamlnode.Problems

	prices []report.Price
}

// priceEditions are what a price may be of.
var priceEditions = map[string]report.Edition{"ultimate": report.Ultimate, "pro": report.Pro,
	"lightweight": report.Lightweight,
	"tcss":        report.Containers}

func (f *priceFile) read(text string) {
	root := f.Document(text, "put all prices into one", "a table of prices begins with `version: 1`", nil)
	if root == nil {
		return
	}
	top := f.Mapping(root, "a table of prices", "version", "prices")
	if top == nil {
		return
	}
	if version := top["version"]; version == nil || version.Value != "1" {
		f.Fail(root, "a table of prices has `version: 1`")
	}
	if top["prices"] == nil {
		f.Fail(root, "prices are missing")
		return
	}
	list, _ := f.List(top["prices"], "prices")
	for _, n := range list {
		if fields := f.Mapping(n, "a price", "edition", "term", "price", "currency"); fields != nil {
			f.readPrice(n, fields)
		}
	}
}

func (f *priceFile) readPrice(n *yaml.Node, fields map[string]*yaml.Node) {
	for _, key := range []string{"edition", "term", "price", "currency"} {
		if fields[key] == nil || fields[key].Kind != yaml.ScalarNode || fields[key].Value == "" {
			f.Fail(n, "a price needs %s: {edition: ultimate, term: 12 months, price: 1200, currency: CNY}", key)
			return
		}
	}
	price := report.Price{Currency: fields["currency"].Value}
	var ok bool
	if price.Edition, ok = priceEditions[fields["edition"].Value]; !ok {
		f.Fail(fields["edition"], "edition must be ultimate, pro, lightweight or tcss, not %s",
			yamlnode.Quoted(fields["edition"].Value))
	}
	const longest = 120 // months
	months, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(fields["term"].Value, " months"), " month"))
	if price.Months = months; err != nil || months < 1 || months > longest {
		f.Fail(fields["term"], "term must be a number of months such as 12 months, not %s",
			yamlnode.Quoted(fields["term"].Value))
	}
	price.Amount, err = strconv.ParseFloat(fields["price"].Value, 64)
	if err != nil || price.Amount < 0 || price.Amount > 1e9 || math.IsNaN(price.Amount) {
		f.Fail(fields["price"], "price must be a number such as 1200 or 99.50, not %s",
			yamlnode.Quoted(fields["price"].Value))
	}
	if len(price.Currency) != 3 || strings.Trim(price.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		f.Fail(fields["currency"], "currency must be three capital letters such as CNY, not %s",
			yamlnode.Quoted(price.Currency))
	}
	f.prices = append(f.prices, price)
}
