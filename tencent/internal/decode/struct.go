package decode

import (
	"encoding/json"
	"reflect"
	"strings"

	"licensewatch/license"
)

// Struct sets each field of the struct that into points to from the member of
// the same name. Fields of types the API does not have are left alone. It
// returns, in the struct's order, the fields whose value makes no sense, and
// those that are absent or null; both kinds stay nil.
func (f Fields) Struct(into any) (unparsed, absent []string) {
	v := reflect.ValueOf(into).Elem()
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		set := setter(name, v.Field(i).Addr().Interface())
		switch {
		case set == nil:
		case isNull(f[name]):
			absent = append(absent, name)
		case !set(f[name]):
			unparsed = append(unparsed, name)
		}
	}
	return unparsed, absent
}

// setter says how to set a field; nil when it is none of the API's.
func setter(name string, field any) func(json.RawMessage) bool {
	switch field := field.(type) {
	case **int64:
		if isCount(name) {
			return into(field, Count)
		}
		return into(field, Int)
	case **bool:
		return into(field, Bool)
	case **string:
		return into(field, Text)
	case *[]license.Tag:
		return func(raw json.RawMessage) (ok bool) {
			*field, ok = tags(raw)
			return ok
		}
	default:
		return nil
	}
}

func into[T any](field **T, read func(json.RawMessage) *T) func(json.RawMessage) bool {
	return func(raw json.RawMessage) bool {
		*field = read(raw)
		return *field != nil
	}
}

// isCount tells counts from states, flags and ids by the API's own way of naming
// them: those may hold any integer, a count below zero is a mistake. FreezeNum
// is documented as signed, and what is compared with yesterday may be fewer.
func isCount(name string) bool {
	if name == "FreezeNum" || strings.HasPrefix(name, "CompareYesterday") {
		return false
	}
	return strings.HasSuffix(name, "Cnt") || strings.HasSuffix(name, "Num") || strings.HasSuffix(name, "Limit")
}

// tags reads resource tags, without those that make no sense; then it reports
// false.
func tags(raw json.RawMessage) ([]license.Tag, bool) {
	list := List(raw)
	if list == nil {
		return nil, false
	}
	read := make([]license.Tag, 0, len(list))
	for _, element := range list {
		fields := Object(element)
		if key := Text(fields["TagKey"]); key != nil {
			tag := license.Tag{TagKey: *key}
			if value := Text(fields["TagValue"]); value != nil {
				tag.TagValue = *value
			}
			read = append(read, tag)
		}
	}
	return read, len(read) == len(list)
}
