// SPDX-License-Identifier: Apache-2.0

package forecast

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"dangol/internal/platform/tabular"
)

func series(t testing.TB, name string) []float64 {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "shared", "data", "timeseries", name+".csv")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("shared data timeseries/%s.csv is absent", name)
	}
	table, err := tabular.Read(path, tabular.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := table.Column("value")
	if err != nil {
		t.Fatal(err)
	}
	return c.Numbers
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.9g, want %.9g (± %.1g)", what, got, want, tolerance)
	}
}

func TestPublishedARIMA(t *testing.T) {
	t.Parallel()
	air := series(t, "AirPassengers")
	for i := range air {
		air[i] = math.Log(air[i])
	}
	airline := order{d: 1, q: 1, sd: 1, sq: 1, m: 12}
	f, err := fitARIMA(air, nil, airline)
	if err != nil {
		t.Fatal(err)
	}
	se := f.standardErrors()
	near(t, "ma1", f.coefficients[0], -.4018, 6e-5)
	near(t, "sma1", f.coefficients[1], -.5569, 6e-5)
	near(t, "error of ma1", se[0], .0896, 6e-5)
	near(t, "error of sma1", se[1], .0731, 6e-5)
	near(t, "variance", f.sigma2, .001348, 6e-7)
	near(t, "log-likelihood", f.logLikelihood, 244.7, .06)
	near(t, "AIC", f.aic, -483.4, .06)
	f, _ = fitARIMA(series(t, "USAccDeaths"), nil, airline)
	near(t, "ma1", f.coefficients[0], -.4303, 6e-5)
	near(t, "sma1", f.coefficients[1], -.5528, 1e-4)
	near(t, "variance", f.sigma2, 99347, 30)
	near(t, "log-likelihood", f.logLikelihood, -425.44, 6e-3)
	near(t, "AIC", f.aic, 856.88, 6e-3)
	lake := series(t, "LakeHuron")
	trend := make([]float64, len(lake))
	for i := range trend {
		trend[i] = float64(1875+i) - 1920
	}
	f, err = fitARIMA(lake, [][]float64{trend}, order{p: 2, m: 1, hasConstant: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range []float64{1.0048, -.2913, 579.0993, -.0216} {
		near(t, "LakeHuron", append(append([]float64(nil), f.coefficients...), f.beta...)[i], v, 2e-4)
	}
	near(t, "log-likelihood", f.logLikelihood, -101.2, .06)
}
