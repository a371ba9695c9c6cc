package rules

import "testing"

func BenchmarkZZLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		l := &loader{}
		l.set(l.builtin())
	}
}
func BenchmarkZZYAML(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		l := &loader{}
		l.builtin()
	}
}
