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
		name, field := v.Type().Field(i).Name, v.Field(i).Addr().Interface()
		switch raw := f[name]; {
		case !isOfAPI(field):
		case isNull(raw):
			absent = append(absent, name)
		case !setField(field, name, raw):
			unparsed = append(unparsed, name)
		}
	}
	return unparsed, absent
}

// isOfAPI says whether a field is of a type that the API has.
func isOfAPI(field any) bool {
	switch field.(type) {
	case **int64, **bool, **string, *[]license.Tag:
		return true
	}
	return false
}

// setField sets a field, and says whether the value makes sense.
func setField(field any, name string, raw json.RawMessage) (ok bool) {
	switch field := field.(type) {
	case **int64:
		if *field = Int(raw); *field != nil && **field < 0 && isCount(name) {
			*field = nil
		}
		return *field != nil
	case **bool:
		*field = Bool(raw)
		return *field != nil
	case **string:
		*field = Text(raw)
		return *field != nil
	case *[]license.Tag:
		*field, ok = tags(raw)
	}
	return ok
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
