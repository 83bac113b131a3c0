// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"net/netip"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/fault"
)

type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	refused  *prometheus.CounterVec
	inFlight prometheus.Gauge
	handler  http.Handler
}

func newMetrics(version string) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "dangol_http_requests_total", Help: "Requests answered."}, []string{"method", "route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dangol_http_request_seconds", Help: "Time to answer.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route"}),
		refused:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "dangol_http_refused_total", Help: "Requests sent away because their class of work was full."}, []string{"class"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "dangol_http_in_flight", Help: "Requests being answered."}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "dangol_build_info", Help: "Always 1; labels say what runs.",
		ConstLabels: prometheus.Labels{"version": version, "go": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.duration, m.refused, m.inFlight, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.handler = promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	return m
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
	default:
		method = "other" // strangers choose it; labels must stay few
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(route).Observe(took.Seconds())
}

// Registry is where capabilities register metrics of their own.
func (s *Server) Registry() *prometheus.Registry { return s.metrics.registry }

// serveMetrics answers scrapers on this machine and people or tokens with
// system:read; numbers of work are nobody else's business.
func (s *Server) serveMetrics(w http.ResponseWriter, r *http.Request) {
	person := auth.From(r.Context())
	ip, err := netip.ParseAddr(person.Address)
	isHere := isLocal(r.Context()) || (err == nil && ip.Unmap().IsLoopback() && r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("Forwarded") == "" && r.Header.Get("Via") == "")
	if !isHere {
		if err := auth.Check(r.Context(), "system:read"); err != nil {
			s.refuse(w, r, err)
			return
		}
	}
	s.metrics.handler.ServeHTTP(w, r)
}

func errNoRoute(r *http.Request) error {
	return fault.New(fault.NotFound, "web.no_route", "There is no {method} at this address; /api/docs lists what there is.", "method", r.Method)
}
