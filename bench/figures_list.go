// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"
)

// each makes claims from "name path want" lines; tolerance 0 is the last digit.
func each(prefix string, within float64, side int, lines ...string) (list []claim) {
	for _, line := range lines {
		f := strings.Fields(line)
		list = append(list, claim{name: prefix + " " + f[0], path: f[1], want: f[2], within: within, side: side})
	}
	return list
}

// parameters may differ from the published ones by 3 in 10,000: there the
// likelihood is flat, and the reference stops where ours still finds a higher one
// in its sixth decimal.
func parameters(prefix, where string, pairs ...string) (list []claim) {
	const flat = 3e-4
	for i := 0; i+1 < len(pairs); i += 2 {
		list = append(list, claim{name: prefix + " " + pairs[i], path: where + "/parameters/name=" + pairs[i] + "/value", want: pairs[i+1], within: max(halfDigit(pairs[i+1]), flat*number(pairs[i+1]))})
	}
	return list
}

// list are all calls with their figures, in the order of the sections.
func (r *figuresRun) list() []asked {
	var out []asked
	out = append(out, r.value()...)
	out = append(out, baskets()...)
	out = append(out, predictions()...)
	out = append(out, uplifts()...)
	out = append(out, forecasts()...)
	return append(out, clusters()...)
}

func clv(file, until, model string, more ...string) []string {
	return append([]string{"clv", file, "--date", "date", "--until", until, "--model", model, "--time-unit", "weeks"}, more...)
}

func (r *figuresRun) value() []asked {
	sample := []string{"--customer", "id", "--amount", "spend", "--horizon", "39", "--rate", "0.001"}
	master := []string{"--customer", "id", "--amount", "spend", "--horizon", "39"}
	grocery := []string{"--customer", "cust", "--horizon", "52"}
	part := func(args []string, claims ...[]claim) asked {
		one := asked{part: "value", args: args}
		for _, c := range claims {
			one.claims = append(one.claims, c...)
		}
		return one
	}
	const cdnow, whole = "{D}/cdnow/cdnow_sample.csv", "{D}/cdnow/cdnow_master.csv.gz"
	errs := func(prefix string, pairs ...string) (list []claim) {
		for i := 0; i+1 < len(pairs); i += 2 {
			list = append(list, claim{name: prefix + " error of " + pairs[i], path: "model/parameters/name=" + pairs[i] + "/standard_error", want: pairs[i+1]})
		}
		return list
	}
	holdout := func(prefix, actual, predicted, mae, rmse, cor string) []claim {
		return append(each(prefix, 0, both, "actual holdout/actual "+actual, "MAE holdout/mae "+mae, "RMSE holdout/rmse "+rmse, "r holdout/correlation "+cor),
			claim{name: prefix + " predicted", path: "holdout/predicted", want: predicted, within: 0.2})
	}
	return []asked{
		part(clv(cdnow, "1997-09-30", "bgnbd", sample...),
			[]claim{
				{name: "BG/NBD sample r", path: "model/parameters/name=r/value", want: ".2425945", within: 1e-6},
				{name: "BG/NBD sample alpha", path: "model/parameters/name=alpha/value", want: "4.4136019", within: 1e-5},
				{name: "BG/NBD sample a", path: "model/parameters/name=a/value", want: ".7929199", within: 1e-5},
				{name: "BG/NBD sample b", path: "model/parameters/name=b/value", want: "2.4258881", within: 5e-5},
				{name: "BG/NBD sample log-likelihood", path: "model/log_likelihood", want: "-9582.429"},
			},
			errs("BG/NBD sample", "r", ".0126", "alpha", ".378", "a", ".186", "b", ".705"),
			parameters("Gamma-Gamma sample", "spend", "p", "6.25", "q", "3.74", "v", "15.44"),
			each("Gamma-Gamma sample", 0, both, "log-likelihood spend/log_likelihood -4055.918", "customers spend/customers 946", "correlation spend/correlation .1139", "mean spend/mean 35.08"),
			holdout("BG/NBD sample hold-out", "1882", "1653.4", ".7855", "1.6080", ".6256"),
			[]claim{
				{name: "BG/NBD customer 1, E[X(39)]", path: "predictions/0/expected", want: "1.226"},
				{name: "BG/NBD customer 1, P(alive)", path: "predictions/0/alive", want: ".72661", within: 2e-5},
				{name: "BG/NBD expected, sum over customers", path: "predictions/+expected", want: "1653.408", within: 5e-3},
				{name: "BG/NBD P(alive), largest difference to clvtools_predictions", want: "0", within: 2e-5, of: r.against("bgnbd_PAlive", "alive")},
				{name: "BG/NBD expected, largest difference to clvtools_predictions", want: "0", within: 2e-5, of: r.against("bgnbd_CET", "expected")},
				{name: "mean spend, largest difference to clvtools_predictions", want: "0", within: 5e-5, of: r.against("gg_mean_spending", "spend")},
			}),
		part(clv(cdnow, "1997-09-30", "paretonbd", sample...),
			parameters("Pareto/NBD sample", "model", "r", ".5533", "alpha", "10.578", "s", ".6060", "beta", "11.664")[:2],
			[]claim{
				{name: "Pareto/NBD sample s", path: "model/parameters/name=s/value", want: ".6060", within: 5e-4},
				{name: "Pareto/NBD sample beta (paper 11.669)", path: "model/parameters/name=beta/value", want: "11.669"},
				{name: "Pareto/NBD sample log-likelihood", path: "model/log_likelihood", want: "-9594.976"},
				{name: "Pareto/NBD P(alive), largest difference to clvtools_predictions", want: "0", within: 5e-4, of: r.against("pnbd_PAlive", "alive")},
				{name: "Pareto/NBD expected, largest difference to clvtools_predictions", want: "0", within: 5e-4, of: r.against("pnbd_CET", "expected")},
				{name: "DERT at .001, largest difference to clvtools_predictions", want: "0", within: 1e-3, of: r.against("pnbd_DERT_d0.001", "residual")},
				{name: "DERT at .001, sum over customers", path: "predictions/+residual", want: "12590.34", within: 7},
			}, holdout("Pareto/NBD sample hold-out", "1882", "1665.7", ".7545", "1.6028", ".6302")),
		part(clv(cdnow, "1997-09-30", "mbgnbd", sample...), parameters("MBG/NBD sample", "model", "r", ".525", "alpha", "6.183", "a", ".891", "b", "1.614")),
		part(clv(whole, "1997-09-30", "bgnbd", master...), []claim{{name: "BG/NBD cohort log-likelihood", path: "model/log_likelihood", want: "-95368.44"}, {name: "customers", path: "customers", want: "23570"}},
			[]claim{{name: "BG/NBD cohort hold-out predicted", path: "holdout/predicted", want: "16873.8", within: 1}, {name: "hold-out actual", path: "holdout/actual", want: "19684"}},
			parameters("BG/NBD cohort", "model", "r", ".25162", "alpha", "4.78894", "a", ".72343", "b", "2.16108"),
			[]claim{{name: "Gamma-Gamma cohort log-likelihood", path: "spend/log_likelihood", want: "-40763.48"}}, parameters("Gamma-Gamma cohort", "spend", "p", "6.27534", "q", "3.62444", "v", "14.98371")),
		part(clv(whole, "1997-09-30", "paretonbd", master...), []claim{{name: "Pareto/NBD cohort log-likelihood", path: "model/log_likelihood", want: "-95415.12", within: .02}, {name: "Pareto/NBD cohort hold-out predicted", path: "holdout/predicted", want: "17153.0", within: 2}},
			parameters("Pareto/NBD cohort", "model", "r", ".597", "alpha", "11.585", "s", ".522")),
		part(clv("{D}/grocery_elog/grocery_elog.csv", "2006-12-31", "bgnbd", grocery...), []claim{{name: "BG/NBD grocery log-likelihood", path: "model/log_likelihood", want: "-15836.57"}, {name: "hold-out actual", path: "holdout/actual", want: "3389"}, {name: "predicted", path: "holdout/predicted", want: "3996", within: 1}, {name: "r", path: "holdout/correlation", want: ".822"}},
			parameters("BG/NBD grocery", "model", "r", ".34868", "alpha", "2.58186", "a", ".50389", "b", "3.64449")),
		part(clv("{D}/grocery_elog/grocery_elog.csv", "2006-12-31", "paretonbd", grocery...), []claim{{name: "Pareto/NBD grocery log-likelihood", path: "model/log_likelihood", want: "-15782.39"}, {name: "predicted", path: "holdout/predicted", want: "3991", within: 1}},
			parameters("Pareto/NBD grocery", "model", "r", ".786", "alpha", "5.680", "s", ".386")),
		{part: "value", args: []string{"rfm", cdnow, "--customer", "id", "--date", "date", "--amount", "spend", "--at", "1998-07-01"}, claims: append(
			each("RFM", 0, both, "customers customers 2357", "sum-of-R sums/recency_days 878133", "sum-of-F sums/frequency 6696", "sum-of-M sums/monetary 244091.94", "median-R limits/recency_days/median 474", "median-F limits/frequency/median 1", "median-M limits/monetary/median 43.06"),
			each("RFM", 0, both, "R20 limits/recency_days/p20 153", "R40 limits/recency_days/p40 443", "R60 limits/recency_days/p60 487", "R80 limits/recency_days/p80 513", "M20 limits/monetary/p20 15.360", "M40 limits/monetary/p40 31.958", "M60 limits/monetary/p60 59.250", "M80 limits/monetary/p80 130.436", "F60 limits/frequency/p60 2", "F80 limits/frequency/p80 4")...)},
	}
}

func baskets() (list []asked) {
	type counts struct{ support, frequent, closed, maximal string }
	for _, set := range []struct {
		name, file string
		rows       []counts
	}{
		{"Groceries", "{D}/groceries/groceries_baskets.csv", []counts{{"0.1", "8", "8", "8"}, {"0.05", "31", "31", "27"}, {"0.02", "122", "122", "91"}, {"0.01", "333", "333", "243"}, {"0.005", "1001", "1001", "708"}, {"0.002", "4223", "4223", "2675"}, {"0.001", "13492", "13464", "7794"}}},
		{"IncomeESL", "{D}/income_esl/income_esl_baskets.csv.gz", []counts{{"0.3", "52", "50", "23"}, {"0.2", "167", "158", "59"}, {"0.1", "951", "881", "251"}}},
		{"mushroom", "{D}/fimi/mushroom.dat", []counts{{"0.5", "153", "45", "15"}, {"0.4", "565", "140", "41"}, {"0.3", "2735", "427", "63"}, {"0.25", "5545", "688", "105"}, {"0.2", "53583", "1197", "158"}, {"0.1", "574431", "4885", "547"}}},
		{"T10I4D100K", "{D}/fimi/T10I4D100K.dat.gz", []counts{{"0.02", "155", "155", "155"}, {"0.01", "385", "385", "370"}, {"0.005", "1073", "1073", "585"}, {"0.002", "13255", "13107", "1938"}, {"0.001", "27532", "26806", "4054"}}},
	} {
		for _, row := range set.rows {
			for kind, want := range map[string]string{"": row.frequent, "--closed": row.closed, "--maximal": row.maximal} {
				args := []string{"itemsets", set.file, "--support", row.support}
				if kind != "" {
					args = append(args, kind)
				}
				list = append(list, asked{part: "itemsets", args: args, claims: []claim{{name: fmt.Sprintf("%s %s %s itemsets", set.name, row.support, strings.TrimPrefix(kind, "--")), path: "count", want: want}}})
			}
		}
	}
	sizes := func(name, file, support string, counts ...string) {
		one := asked{part: "itemsets", args: []string{"itemsets", file, "--support", support}}
		for i, n := range counts {
			one.claims = append(one.claims, claim{name: fmt.Sprintf("%s %s sets of %d", name, support, i+1), path: fmt.Sprintf("by_size/%d", i+1), want: n})
		}
		list = append(list, one)
	}
	sizes("Groceries", "{D}/groceries/groceries_baskets.csv", "0.01", "88", "213", "32")
	sizes("Groceries", "{D}/groceries/groceries_baskets.csv", "0.001", "157", "2981", "6831", "3137", "376", "10")
	sizes("mushroom", "{D}/fimi/mushroom.dat", "0.2", "43", "376", "1472", "3559", "6267", "8802", "10151", "9488", "7010", "4004", "1729", "546", "119", "16", "1")
	rules := func(file, support, confidence, want string, more ...string) {
		list = append(list, asked{part: "itemsets", args: append([]string{"rules", file, "--support", support, "--confidence", confidence}, more...), claims: []claim{{name: fmt.Sprintf("rules %s %s %s", file[strings.LastIndex(file, "/")+1:], support, confidence), path: "count", want: want}}})
	}
	const groceries = "{D}/groceries/groceries_baskets.csv"
	rules(groceries, "0.001", "0.9", "129")
	rules(groceries, "0.001", "0.5", "5668")
	rules(groceries, "0.01", "0.5", "15")
	rules(groceries, "0.01", "0.2", "232")
	rules(groceries, "0.006", "0.25", "463", "--min-length", "2")
	rules("{D}/income_esl/income_esl_baskets.csv.gz", "0.1", "0.9", "457")
	rules("{D}/fimi/T10I4D100K.dat.gz", "0.005", "0.5", "607")
	return append(list, asked{part: "itemsets", args: []string{"rules", groceries, "--support", "0.001", "--confidence", "0.8"}, claims: each("rules Groceries 0.001 0.8", 0, both,
		"rules count 410", "not-redundant not_redundant 392", "top-lift rules/0/lift 11.235269", "its-support rules/0/support .001931876", "its-confidence rules/0/confidence .9047619", "its-count rules/0/count 19")})
}

func predictions() (list []asked) {
	const telco, churn = "{D}/telco_churn/wa_churn.csv", "{D}/mlc_churn/mlc_churn.csv"
	for _, set := range []struct {
		name string
		args []string
		auc  map[string]string
	}{
		{"Telco", []string{telco, "--target", "churn", "--test", "mod5"}, map[string]string{"logistic": ".8354", "tree": ".8144", "forest": ".8318", "boost": ".8358", "mlp": ".8311"}},
		{"MLC churn", []string{churn, "--target", "churn", "--test", "last1667", "--drop", "state"}, map[string]string{"logistic": ".8399", "tree": ".9045", "forest": ".9205", "boost": ".9344", "mlp": ".9064"}},
		{"Adult", []string{"{D}/adult/adult_train.csv.gz", "--target", "income", "--positive", ">50K", "--drop", "fnlwgt,education", "--test", "{D}/adult/adult_test.csv.gz"}, map[string]string{"logistic": ".9050", "tree": ".8848", "forest": ".9167", "boost": ".9279", "mlp": ".9106"}},
	} {
		for _, model := range []string{"logistic", "tree", "forest", "boost", "mlp"} {
			list = append(list, asked{part: "predict", args: append(append([]string{"predict"}, set.args...), "--model", model), claims: []claim{{name: "AUC " + set.name + " " + model, path: "test/auc", want: set.auc[model], within: .003, side: atLeast}}})
		}
	}
	one := asked{part: "predict", args: []string{"predict", telco, "--target", "churn", "--test", "mod5", "--model", "logistic", "--columns", "tenure,contract,internet_service,paperless_billing,senior_citizen,monthly_charges"}}
	for _, t := range [][3]string{
		{"(intercept)", "-.76308215859", ".15978983"},
		{"tenure", "-.03386055657", ".00209429"},
		{"contract=One year", "-.78996664416", ".10392445"},
		{"contract=Two year", "-1.59653975192", ".17045016"},
		{"internet_service=Fiber optic", ".94945146821", ".12790576"},
		{"internet_service=No", "-.81142665342", ".15053717"},
		{"paperless_billing", ".42976990458", ".07243590"},
		{"senior_citizen", ".36222014079", ".08132945"},
		{"monthly_charges", ".00359930617", ".00300947"},
	} {
		one.claims = append(one.claims, claim{name: "glm " + t[0], of: term(t[0], "estimate"), want: t[1], within: 1e-6}, claim{name: "glm error of " + t[0], of: term(t[0], "standard_error"), want: t[2], within: 1e-4})
	}
	one.claims = append(one.claims, each("glm", 0, both, "deviance regression/deviance 6005.392042", "null regression/null_deviance 8150.145899", "AIC regression/aic 6023.392042")...)
	list = append(list, one)
	return append(list, asked{part: "predict", args: []string{"predict", "{T}/mlc_train.csv", "--target", "churn", "--test", "mod5", "--model", "logistic", "--keep", mlcColumns, "--drop", "state,area_code"}, claims: each("glm MLC churn", 0, both, "deviance regression/deviance 2158.724", "AIC regression/aic 2194.724")})
}

// term finds a coefficient of the regression table whatever level stands for
// the others.
func term(name, field string) func(any) (float64, error) {
	return func(answer any) (float64, error) { return pick(answer, "regression/terms/name="+name+"/"+field) }
}

func uplifts() []asked {
	args := func(outcome string) []string {
		return []string{"uplift", "{D}/hillstrom/hillstrom.csv.gz", "--treatment", "segment", "--control", "No E-Mail", "--outcome", outcome, "--columns", "recency,history,mens,womens,newbie,zip_code,channel", "--test", "odd"}
	}
	found := func(arm, method, field string) func(any) (float64, error) {
		return func(answer any) (float64, error) {
			return pick(answer, "findings/arm="+arm+"/results/method="+method+"/"+field)
		}
	}
	return []asked{
		{part: "uplift", args: args("visit"), claims: []claim{
			{name: "Qini womens visit, two logistic models", of: found("Womens E-Mail", "two_logistic", "qini"), want: "86.72", within: .1},
			{name: "per treated customer", of: found("Womens E-Mail", "two_logistic", "qini_per_treated"), want: ".008066", within: 1e-5},
			{name: "uplift of the best 10 %", of: found("Womens E-Mail", "two_logistic", "uplift_top_10"), want: ".0617", within: 5e-4},
			{name: "uplift of the best 30 %", of: found("Womens E-Mail", "two_logistic", "uplift_top_30"), want: ".0757", within: 5e-4},
			{name: "uplift of the best 50 %", of: found("Womens E-Mail", "two_logistic", "uplift_top_50"), want: ".0784", within: 5e-4},
			{name: "mean effect womens visit", path: "findings/arm=Womens E-Mail/effect", want: ".04565"},
			{name: "Qini mens visit, two logistic models", of: found("Mens E-Mail", "two_logistic", "qini"), want: "17.60", within: .2},
		}},
		{part: "uplift", args: args("conversion"), claims: []claim{
			{name: "Qini womens conversion, two logistic models", of: found("Womens E-Mail", "two_logistic", "qini"), want: "10.26", within: .3},
			{name: "Qini mens conversion, two logistic models", of: found("Mens E-Mail", "two_logistic", "qini"), want: "-9.36", within: .3},
			{name: "mens conversion: uplift claimed (0 no)", of: claimed("Mens E-Mail"), want: "0"},
			{name: "womens conversion: uplift claimed (0 no)", of: claimed("Womens E-Mail"), want: "0"},
		}},
		{part: "uplift", args: []string{"predict", "{T}/hillstrom_mens.csv", "--target", "visit", "--positive", "1", "--test", "mod5", "--model", "logistic", "--columns", "mail,recency,history,mens,womens,newbie", "--keep", "mail"}, claims: []claim{
			{name: "logit visit ~ mens mail: coefficient", of: term("mail", "estimate"), want: ".6471819449", within: 1e-6}, {name: "its standard error", of: term("mail", "standard_error"), want: ".0288063", within: 1e-4},
		}},
	}
}

func claimed(arm string) func(any) (float64, error) {
	return func(answer any) (float64, error) {
		for _, one := range answer.(map[string]any)["findings"].([]any) {
			if f := one.(map[string]any); f["arm"] == arm {
				if f["is_shown"] == true {
					return 1, nil
				}
				return 0, nil
			}
		}
		return 0, fmt.Errorf("no arm %s", arm)
	}
}

func forecasts() (list []asked) {
	for _, f := range [][5]string{
		{"AirPassengers", "24", "naive", "115.25", "4.0334"},
		{"AirPassengers", "24", "snaive", "71.25", "2.4935"},
		{"AirPassengers", "24", "hw", "79.3012", "2.7753"},
		{"AirPassengers", "24", "hwm", "33.2015", "1.1619"},
		{"AirPassengers", "24", "theta", "63.2152", "2.2123"},
		{"AirPassengers", "24", "ets", "63.2130", "2.2122"},
		{"AirPassengers", "24", "arima", "68.5773", "2.4000"},
		{"wineind", "24", "snaive", "1805.375", ".9193"},
		{"wineind", "24", "ets", "1502.064", ".7648"},
		{"wineind", "24", "arima", "1472.285", ".7497"},
		{"nottem", "24", "snaive", "1.95", ".7007"},
		{"nottem", "24", "ets", "1.6722", ".6009"},
		{"USAccDeaths", "12", "snaive", "259.5", ".5387"},
		{"USAccDeaths", "12", "ets", "230.75", ".4790"},
		{"USAccDeaths", "12", "arima", "231.61", ".4808"},
	} {
		within, side := 0.05, atMost
		if f[2] == "naive" || f[2] == "snaive" {
			within, side = 0, both
		}
		one := asked{part: "forecast", args: []string{"forecast", "{D}/timeseries/" + f[0] + ".csv", "--value", "value", "--period", "12", "--horizon", f[1], "--holdout", f[1], "--model", f[2], "--keep-outliers"}}
		for i, path := range []string{"errors/mae", "errors/mase"} {
			one.claims = append(one.claims, claim{name: f[0] + " " + f[2] + " " + path[7:], path: path, want: f[3+i], within: within * number(f[3+i]), side: side})
		}
		list = append(list, one)
	}
	return list
}

func number(text string) (x float64) {
	_, _ = fmt.Sscan(text, &x)
	return x
}

func clusters() (list []asked) {
	iris := "{D}/clustering/iris.csv"
	for _, k := range [][2]string{{"1", "681.37060"}, {"2", "152.34795"}, {"3", "78.85144"}, {"4", "57.22847"}, {"5", "46.44618"}, {"6", "39.03999"}} {
		list = append(list, asked{part: "cluster", args: []string{"cluster", iris, "--columns", "Sepal.Length,Sepal.Width,Petal.Length,Petal.Width", "--k", k[0], "--scale", "none"}, claims: []claim{{name: "iris k = " + k[0] + ", within", path: "within_ss", want: k[1], within: .001 * number(k[1])}}})
	}
	for _, k := range [][2]string{{"2", "2879.606"}, {"3", "1984.465"}, {"4", "1591.057"}, {"5", "1304.220"}, {"6", "1100.815"}} {
		one := asked{part: "cluster", args: []string{"cluster", "{T}/rfm.csv", "--columns", "r,f,m", "--k", k[0]}, claims: []claim{{name: "RFM of CDNOW k = " + k[0] + ", within", path: "within_ss", want: k[1], within: .001 * number(k[1])}}}
		if k[0] == "4" {
			one.claims = append(one.claims, each("RFM of CDNOW", 0, both, "total total_ss 7068", "size1 sizes/0 919", "size2 sizes/1 730", "size3 sizes/2 465", "size4 sizes/3 243")...)
		}
		list = append(list, one)
	}
	average := asked{part: "cluster", args: []string{"cluster", iris, "--columns", "Sepal.Length,Sepal.Width,Petal.Length,Petal.Width", "--k", "3", "--scale", "none", "--method", "average"}, claims: each("iris average linkage", 0, both,
		"size1 sizes/0 64", "size2 sizes/1 50", "size3 sizes/2 36", "height-5 joins/-5/height 1.314188", "height-4 joins/-4/height 1.380994", "height-3 joins/-3/height 1.785566", "height-2 joins/-2/height 1.963614", "height-1 joins/-1/height 4.062683")}
	complete := asked{part: "cluster", args: []string{"cluster", "{D}/clustering/USArrests.csv", "--k", "4", "--scale", "none", "--method", "complete"}, claims: each("USArrests complete linkage", 0, both,
		"height-5 joins/-5/height 68.7623", "height-4 joins/-4/height 87.3263", "height-3 joins/-3/height 102.8616", "height-2 joins/-2/height 168.6114", "height-1 joins/-1/height 293.6228")}
	return append(list, average, complete)
}
