package life

import (
	"math"
	"reflect"
	"time"
)

// encodable is a copy of a value in which everything can be written as JSON: a time
// outside of the years 0 to 9999 is taken in UTC, and where that does not help, as
// none; a number that is none is left out, or 0. What v points to is not changed,
// since others may be reading it.
func encodable(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Float64:
		if !isNumber(v) {
			return reflect.Zero(v.Type())
		}
	case reflect.Pointer, reflect.Slice, reflect.Map:
		if !v.IsNil() {
			return encodableMembers(v)
		}
	case reflect.Struct:
		return encodableStruct(v)
	}
	return v
}

func encodableMembers(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Slice:
		copied := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			copied.Index(i).Set(encodable(v.Index(i)))
		}
		return copied
	case reflect.Map:
		copied := reflect.MakeMapWithSize(v.Type(), v.Len())
		for each := v.MapRange(); each.Next(); {
			copied.SetMapIndex(each.Key(), encodable(each.Value()))
		}
		return copied
	}
	if v.Elem().Kind() == reflect.Float64 && !isNumber(v.Elem()) {
		return reflect.Zero(v.Type())
	}
	copied := reflect.New(v.Type().Elem())
	copied.Elem().Set(encodable(v.Elem()))
	return copied
}

func encodableStruct(v reflect.Value) reflect.Value {
	if t, ok := v.Interface().(time.Time); ok {
		return reflect.ValueOf(encodableTime(t))
	}
	copied := reflect.New(v.Type()).Elem()
	copied.Set(v)
	encodeFields(copied)
	return copied
}

// encodeFields makes the fields of a struct encodable where they are, also those of
// an embedded one, which is not exported itself.
func encodeFields(v reflect.Value) {
	for i := range v.NumField() {
		switch field := v.Type().Field(i); {
		case field.IsExported():
			v.Field(i).Set(encodable(v.Field(i)))
		case field.Anonymous && field.Type.Kind() == reflect.Struct:
			encodeFields(v.Field(i))
		}
	}
}

func isNumber(v reflect.Value) bool { return !math.IsNaN(v.Float()) && !math.IsInf(v.Float(), 0) }

func encodableTime(t time.Time) time.Time {
	for _, t := range []time.Time{t, t.UTC()} {
		if _, err := t.MarshalJSON(); err == nil {
			return t
		}
	}
	return time.Time{}
}
