package handler_test

import (
	"io"
	"net/http"
	"testing"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

func BenchmarkWarm(b *testing.B) {
	sim := simulator.New(simulator.Options{Scenario: "near-expiry"})
	if err := sim.Start(); err != nil {
		b.Fatal(err)
	}
	defer sim.Close()
	id, key, token := sim.Credentials()
	b.Setenv("TENCENTCLOUD_SECRETID", id)
	b.Setenv("TENCENTCLOUD_SECRETKEY", key)
	b.Setenv("TENCENTCLOUD_SESSIONTOKEN", token)
	b.Setenv("LICENSEWATCH_API_ENDPOINT", sim.CloudURL())
	b.Setenv("LICENSEWATCH_SLACK_WEBHOOK_URL", sim.SlackURL())
	b.Setenv("LICENSEWATCH_WECOM_WEBHOOK_URL", sim.WeComURL())
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	h := handler.New(handler.Options{Transport: tr, Log: io.Discard})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.Run(b.Context(), []byte(digestEvent)); err != nil {
			b.Fatal(err)
		}
	}
}
