package rules

import (
	"reflect"

	"licensewatch/license"
)

// field is one field of an origin.
type field struct {
	origin *origin
	name   string // as written in an expression, for example "order.DaysLeft"
	kind   valueKind
	read   func(*readings) any // nil when not known; called only when the source was read
	// check looks at a value of an enumerated field, and says what it is when that
	// is nothing the API documents; nil for other fields.
	check func(r *readings, value any) oddity
}

// findField finds a field by its name behind the dot, nil when there is none.
func (o *origin) findField(name string) *field {
	if o.present != nil {
		return o.previousField(name)
	}
	for _, d := range o.derived {
		if d.name == name {
			return &field{origin: o, name: o.name + "." + name, kind: d.kind, read: d.read}
		}
	}
	member, ok := o.shape.FieldByName(name)
	if !ok || memberKind(member.Type) == kindNone {
		return nil
	}
	index := member.Index[0]
	f := &field{origin: o, name: o.name + "." + name, kind: memberKind(member.Type), read: func(r *readings) any {
		return memberValue(o.structValue(r).Field(index).Interface())
	}}
	f.check = checkOf(f.name, member)
	return f
}

// fieldNames lists the fields, for suggestions.
func (o *origin) fieldNames() []string {
	var names []string
	for member := range o.shape.Fields() {
		if memberKind(member.Type) != kindNone {
			names = append(names, member.Name)
		}
	}
	for _, d := range o.derived {
		names = append(names, d.name)
	}
	return names
}

// memberKind is the kind of a struct member; kindNone for one that is not the
// API's, like Unparsed.
func memberKind(t reflect.Type) valueKind {
	switch t {
	case reflect.TypeFor[*int64]():
		return kindInt
	case reflect.TypeFor[*bool]():
		return kindBool
	case reflect.TypeFor[*string]():
		return kindText
	case reflect.TypeFor[[]license.Tag]():
		return kindTags
	default:
		return kindNone
	}
}

// memberValue is the value behind a member, nil when there is none.
func memberValue(member any) any {
	switch member := member.(type) {
	case *int64:
		return valueOrNil(member)
	case *bool:
		return valueOrNil(member)
	case *string:
		return valueOrNil(member)
	case []license.Tag:
		return tagMap(member)
	default:
		return nil
	}
}

// valueOrNil is the value p points to, nil when it points to none.
func valueOrNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// tagMap is the tags by key, nil when the answer held none.
func tagMap(tags []license.Tag) any {
	if tags == nil {
		return nil
	}
	byKey := make(map[string]string, len(tags))
	for _, tag := range tags {
		byKey[tag.TagKey] = tag.TagValue
	}
	return byKey
}
