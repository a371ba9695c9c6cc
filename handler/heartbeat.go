package handler

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"licensewatch/config"
	"licensewatch/internal/instant"
	"licensewatch/internal/proxy"
)

// heartbeatTime bounds the call, so that a slow monitor cannot spoil a good run. What
// the memory still has to save needs the other half of what is left.
const heartbeatTime = 5 * time.Second

// reportHeartbeat calls the configured URL after a good run, so that silence is noticed
// elsewhere. Its own failure is only logged.
func reportHeartbeat(ctx context.Context, transport http.RoundTripper, url config.Secret, b budget,
	logger *slog.Logger) {
	now := time.Now()
	ctx, cancel := context.WithDeadline(ctx, instant.Earlier(now.Add(heartbeatTime), instant.Halfway(now, b.end)))
	defer cancel()
	if problem := callHeartbeat(ctx, transport, url); problem != "" {
		logger.LogAttrs(ctx, slog.LevelWarn, "the heartbeat was not accepted", slog.String("problem", problem))
	}
}

// callHeartbeat gives the problem in words without the URL, which is a secret
// as a whole; empty when all went well.
func callHeartbeat(ctx context.Context, transport http.RoundTripper, url config.Secret) string {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url.Reveal(), nil)
	if err != nil {
		return "LICENSEWATCH_HEARTBEAT_URL is no URL"
	}
	// RoundTrip, not a client: a redirect is an answer, not a place to go.
	response, err := transport.RoundTrip(request)
	switch {
	case err != nil && ctx.Err() != nil:
		return "no answer in time"
	case proxy.Of(err) != nil:
		return proxy.Of(err).Error()
	case err != nil:
		return "could not connect"
	}
	defer response.Body.Close()
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return "HTTP status " + strconv.Itoa(response.StatusCode)
	}
	return ""
}
