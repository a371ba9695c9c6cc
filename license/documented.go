package license

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Enumeration is the values that the API documents for a field. They stand beside
// the field, in its tag "documented", and nowhere else.
type Enumeration struct{ values []string }

// EnumerationOf gives the enumeration of a field of Overview, Order or
// PurchaseState; false when the API documents none.
func EnumerationOf(field reflect.StructField) (Enumeration, bool) {
	values := strings.Fields(field.Tag.Get("documented"))
	return Enumeration{values}, len(values) > 0
}

// Documents says whether the value, an int64 or a string, is one of them. An
// empty text is no value.
func (e Enumeration) Documents(value any) bool {
	switch value := value.(type) {
	case int64:
		var digits [20]byte
		return slices.Contains(e.values, string(strconv.AppendInt(digits[:0], value, 10)))
	case string:
		return value == "" || slices.Contains(e.values, value)
	default:
		return true
	}
}

// UndocumentedValue is a value that the API does not document, or that
// contradicts another one.
type UndocumentedValue struct {
	Value
	Order string // of an order: its ResourceId, else its LicenseId; empty otherwise
}

func (o Overview) undocumented() []UndocumentedValue {
	return withoutOrder(overviewFields().undocumentedIn("cwp.", reflect.ValueOf(&o).Elem()))
}

func (o *Orders) undocumented() []UndocumentedValue {
	var all []UndocumentedValue
	for i := range o.List {
		if o := &o.List[i]; o.OrderStatus == nil || *o.OrderStatus != OrderDestroyed {
			for _, v := range orderFields().undocumentedIn("order.", reflect.ValueOf(o).Elem()) {
				all = append(all, UndocumentedValue{v, o.Name()})
			}
		}
	}
	return all
}

// undocumented has State as well where SubState contradicts it.
func (p PurchaseState) undocumented() []UndocumentedValue {
	all := purchaseFields().undocumentedIn("tcss.", reflect.ValueOf(&p).Elem())
	if text := p.Contradiction(); text != "" {
		all = append(all, Value{Field: "tcss.State", Text: text, Known: true})
	}
	if p.SubStateIsOdd() {
		all = append(all, Value{Field: "tcss.SubState", Text: ValueText(*p.SubState), Known: true})
	}
	return withoutOrder(all)
}

// withoutOrder are values of no order.
func withoutOrder(values []Value) []UndocumentedValue {
	all := make([]UndocumentedValue, len(values))
	for i, v := range values {
		all[i].Value = v
	}
	return all
}

func (o Overview) unparsed() []string      { return o.Unparsed }
func (o *Orders) unparsed() []string       { return o.Unparsed }
func (p PurchaseState) unparsed() []string { return p.Unparsed }

// Name is the ResourceId, else the LicenseId; empty for an order that tells
// neither.
func (o Order) Name() string {
	switch {
	case o.ResourceId != nil && *o.ResourceId != "":
		return *o.ResourceId
	case o.LicenseId != nil:
		return strconv.FormatInt(*o.LicenseId, 10)
	default:
		return ""
	}
}

// Contradiction says what State and SubState are where both cannot be true, as in
// "3 (SubState ISOLATE)"; empty where they can.
func (p PurchaseState) Contradiction() string {
	if !p.Contradicts() {
		return ""
	}
	return strconv.FormatInt(*p.State, 10) + " (SubState " + *p.SubState + ")"
}

// SubStateIsOdd says whether SubState holds a value that is not documented. It is
// documented only of State 4.
func (p PurchaseState) SubStateIsOdd() bool {
	if p.State == nil || *p.State != StateExpired || p.SubState == nil {
		return false
	}
	return *p.SubState != "" && !p.Isolated() && !p.Destroyed()
}

// enumeratedFields are the enumerated fields of a struct.
type enumeratedFields []enumeratedField

type enumeratedField struct {
	index  int
	name   string
	values Enumeration
}

var (
	overviewFields = sync.OnceValue(enumeratedOf[Overview])
	orderFields    = sync.OnceValue(enumeratedOf[Order])
	purchaseFields = sync.OnceValue(enumeratedOf[PurchaseState])
)

func enumeratedOf[T any]() enumeratedFields {
	var all enumeratedFields
	for field := range reflect.TypeFor[T]().Fields() {
		if values, ok := EnumerationOf(field); ok {
			all = append(all, enumeratedField{field.Index[0], field.Name, values})
		}
	}
	return all
}

func (e enumeratedFields) undocumentedIn(origin string, of reflect.Value) []Value {
	var all []Value
	for _, f := range e {
		var value any
		switch held := of.Field(f.index).Interface().(type) {
		case *int64:
			if held == nil {
				continue
			}
			value = *held
		case *string:
			if held == nil {
				continue
			}
			value = *held
		}
		if !f.values.Documents(value) {
			all = append(all, Value{Field: origin + f.name, Text: ValueText(value), Known: true})
		}
	}
	return all
}

// ValueText writes a value in JSON notation; "unknown" for one that has none.
func ValueText(value any) string {
	switch value := value.(type) {
	case int64:
		return strconv.FormatInt(value, 10)
	case bool:
		return strconv.FormatBool(value)
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "unknown"
	}
	return strings.TrimSuffix(text.String(), "\n")
}
