# SPDX-License-Identifier: Apache-2.0
"""Rivals of the models of Dangol, measured in turns with it on the same data.

Dangol's side are the Go benchmarks of internal/mining, built beforehand into
--tests; both sides start with the data in memory. The best of --turns counts.
Rivals that are not installed are named and left out.
"""
import argparse
import gzip
import importlib
import os
import re
import subprocess
import time

parser = argparse.ArgumentParser()
parser.add_argument("part", choices=["value", "itemsets", "boost", "logistic", "forest", "kmeans", "forecast", "score"])
parser.add_argument("--data", required=True)
parser.add_argument("--tests", required=True, help="folder of the built benchmarks")
parser.add_argument("--source", required=True, help="folder internal/mining")
parser.add_argument("--work", required=True)
parser.add_argument("--turns", type=int, default=2)
o = parser.parse_args()


def there(name):
    try:
        return importlib.import_module(name)
    except Exception as e:  # noqa: BLE001 a rival that does not load is left out, and said
        print(f"{name}: left out ({type(e).__name__}: {str(e)[:80]})")
        return None


def ours(package, bench, env=None):
    def run():
        out = subprocess.run([os.path.join(o.tests, package + ".test"), "-test.run", "xxx", "-test.bench", bench, "-test.benchtime", "1x"],
                             cwd=os.path.join(o.source, package), capture_output=True, text=True, env={**os.environ, **(env or {})})
        found = re.search(r"(\d+(?:\.\d+)?) ns/op(.*)", out.stdout)
        if not found:
            return None, (out.stdout + out.stderr).strip()[-200:]
        return float(found[1]) / 1e9, " ".join(found[2].split())
    return run


def timed(work, quality=lambda r: ""):
    def run():
        begin = time.perf_counter()
        result = work()
        took = time.perf_counter() - begin
        return took, quality(result)
    return run


def compare(title, sides):
    best = {}
    for _ in range(o.turns):
        for name, run in sides.items():
            try:
                took, quality = run()
            except Exception as e:  # noqa: BLE001
                took, quality = None, f"{type(e).__name__}: {str(e)[:100]}"
            print(f"  .. {name}: {'failed' if took is None else f'{took:.3f} s'}", flush=True)
            if took is None:
                best.setdefault(name, (float("inf"), quality))
            elif name not in best or took < best[name][0]:
                best[name] = (took, quality)
    base = best["dangol"][0]
    print(title)
    for name, (took, quality) in best.items():
        print(f"  {name:34s} {took:9.3f} s  {took / base:8.2f} x  {quality}")


def adult(times):
    import numpy as np
    import pandas as pd
    train = pd.read_csv(os.path.join(o.data, "adult/adult_train.csv.gz"), skipinitialspace=True, na_values="?").drop(columns=["fnlwgt", "education"])
    test = pd.read_csv(os.path.join(o.data, "adult/adult_test.csv.gz"), skipinitialspace=True, na_values="?").drop(columns=["fnlwgt", "education"])
    text = [c for c in train.columns if c != "income" and not pd.api.types.is_numeric_dtype(train[c])]
    for c in text:
        levels = pd.CategoricalDtype(sorted(set(train[c].dropna())))
        train[c], test[c] = train[c].astype(levels), test[c].astype(levels)
    answer = lambda f: f["income"].str.contains(">50K").to_numpy().astype(int)  # noqa: E731
    y, y_test = answer(train), answer(test)
    train, test = train.drop(columns="income"), test.drop(columns="income")
    train, y = pd.concat([train] * times, ignore_index=True), np.tile(y, times)
    return train, y, test, y_test, text


def hot(train, test, text, scale):
    """Numbers (scaled) and one column a level, dense."""
    import numpy as np
    import pandas as pd
    numbers = [c for c in train.columns if c not in text]
    mean, spread = train[numbers].mean(), train[numbers].std(ddof=0)
    make = lambda f: np.hstack([((f[numbers] - mean) / spread if scale else f[numbers]).to_numpy(dtype=float), pd.get_dummies(f[text], dummy_na=True).to_numpy(dtype=float)])  # noqa: E731
    return make(train), make(test)


def auc(score):
    from sklearn.metrics import roc_auc_score
    return lambda model: f"{roc_auc_score(score.y, score(model)):.4f} AUC"


class Score:
    def __init__(self, predict, y):
        self.predict, self.y = predict, y

    def __call__(self, model):
        return self.predict(model)


def boost():
    xgb = there("xgboost")
    sides = {"dangol": ours("predict", "Boost$")}
    if xgb:
        train, y, test, y_test, text = adult(10)
        settings = {"objective": "binary:logistic", "tree_method": "hist", "max_depth": 4, "eta": 0.05}
        tested = xgb.DMatrix(test, enable_categorical=True)
        sides["xgboost hist, categories"] = timed(lambda: xgb.train(settings, xgb.DMatrix(train, y, enable_categorical=True), 200), auc(Score(lambda m: m.predict(tested), y_test)))
        sides["xgboost hist, categories, quantile"] = timed(lambda: xgb.train(settings, xgb.QuantileDMatrix(train, y, enable_categorical=True), 200), auc(Score(lambda m: m.predict(tested), y_test)))
        x, x_test = hot(train, test, text, False)
        hot_test = xgb.DMatrix(x_test)
        sides["xgboost hist, one column a level"] = timed(lambda: xgb.train(settings, xgb.QuantileDMatrix(x, y), 200), auc(Score(lambda m: m.predict(hot_test), y_test)))
    if there("sklearn"):
        from sklearn.ensemble import HistGradientBoostingClassifier
        train, y, test, y_test, text = adult(10)
        make = lambda: HistGradientBoostingClassifier(max_iter=200, max_depth=4, learning_rate=0.05, early_stopping=False, categorical_features="from_dtype").fit(train, y)  # noqa: E731
        sides["scikit-learn HistGradientBoosting"] = timed(make, auc(Score(lambda m: m.predict_proba(test)[:, 1], y_test)))
    compare("boosting, Adult x10 (325,610 rows), 200 trees of depth 4, rate .05", sides)


def logistic():
    sides = {"dangol": ours("predict", "Logistic$")}
    if there("sklearn"):
        import scipy.sparse
        from sklearn.linear_model import LogisticRegression
        train, y, test, y_test, text = adult(10)
        x, x_test = hot(train, test, text, True)
        sparse = scipy.sparse.csr_matrix(x)
        for solver in ["lbfgs", "newton-cholesky"]:
            sides[f"scikit-learn {solver}"] = timed(lambda s=solver: LogisticRegression(C=1.0, solver=s, max_iter=1000).fit(x, y), auc(Score(lambda m: m.decision_function(x_test), y_test)))
        sides["scikit-learn lbfgs, sparse"] = timed(lambda: LogisticRegression(C=1.0, max_iter=1000).fit(sparse, y), auc(Score(lambda m: m.decision_function(x_test), y_test)))
    compare("logistic regression, Adult x10 (325,610 rows), the rival from a ready matrix, Dangol from the table", sides)


def forest():
    sides = {"dangol": ours("predict", "Forest$")}
    if there("sklearn"):
        from sklearn.ensemble import RandomForestClassifier
        train, y, test, y_test, text = adult(1)
        x, x_test = hot(train, test, text, False)
        sides["scikit-learn"] = timed(lambda: RandomForestClassifier(300, min_samples_leaf=5, n_jobs=-1, random_state=1).fit(x, y), auc(Score(lambda m: m.predict_proba(x_test)[:, 1], y_test)))
    compare("random forest, Adult (32,561 rows), 300 trees, leaf >= 5", sides)


def kmeans():
    if not there("sklearn"):
        return
    import numpy as np
    from sklearn.cluster import KMeans
    random = np.random.default_rng(1)
    centres = random.normal(0, 2, (12, 8))
    points = centres[random.integers(0, 12, 200_000)] + random.normal(0, 1, (200_000, 8))
    path = os.path.join(o.work, "points.bin")
    points.astype("<f8").tofile(path)
    sides = {"dangol": ours("cluster", "KMeans$", {"DANGOL_BENCH_POINTS": path})}
    for algorithm in ["lloyd", "elkan"]:
        sides[f"scikit-learn {algorithm}"] = timed(lambda a=algorithm: KMeans(8, n_init=10, algorithm=a, random_state=1, tol=0, max_iter=300).fit(points), lambda m: f"{m.inertia_:.0f} within")
    compare("k-means, 200,000 points x 8, k = 8, 10 starts, to the end", sides)


def score():
    xgb = there("xgboost")
    sides = {"dangol": ours("predict", "ScoreMillion$")}
    if xgb:
        import numpy as np
        train, y, _, _, _ = adult(10)
        settings = {"objective": "binary:logistic", "tree_method": "hist", "max_depth": 4, "eta": 0.05}
        model = xgb.train(settings, xgb.DMatrix(train, y, enable_categorical=True), 200)
        million = train.iloc[np.arange(1_000_000) % len(train)]
        sides["xgboost, from the table"] = timed(lambda: model.predict(xgb.DMatrix(million, enable_categorical=True)))
    compare("score 1,000,000 rows by 200 trees", sides)


def value():
    lifetimes = there("lifetimes")
    sides = {"dangol": ours("value", "WholeCohort/bgnbd$")}
    pareto = {"dangol": ours("value", "WholeCohort/paretonbd$")}
    if lifetimes:
        import pandas as pd
        from lifetimes.utils import summary_data_from_transaction_data
        log = pd.read_csv(os.path.join(o.data, "cdnow/cdnow_master.csv.gz"))
        log["date"] = pd.to_datetime(log["date"].astype(str))
        s = summary_data_from_transaction_data(log, "id", "date", observation_period_end="1997-09-30", freq="D")
        week = 7.0
        fit = lambda model: model.fit(s["frequency"], s["recency"] / week, s["T"] / week)  # noqa: E731
        sides["lifetimes"] = timed(lambda: fit(lifetimes.BetaGeoFitter()), lambda m: f"{m._negative_log_likelihood_ * -len(s):.2f} log-likelihood")
        pareto["lifetimes"] = timed(lambda: fit(lifetimes.ParetoNBDFitter()), lambda m: f"{m._negative_log_likelihood_ * -len(s):.2f} log-likelihood")
    compare("BG/NBD, 23,570 customers", sides)
    compare("Pareto/NBD, 23,570 customers", pareto)


def read_baskets(name):
    path = os.path.join(o.data, "fimi", name)
    with (gzip.open(path, "rt") if name.endswith(".gz") else open(path)) as f:
        return [list(map(int, line.split())) for line in f if line.strip()]


def itemsets():
    fim, mlxtend = there("fim"), there("mlxtend")
    for name, bench, support in [("mushroom.dat", "Mushroom$", 10.0), ("T10I4D100K.dat.gz", "T10I4D100K$", 0.1)]:
        sides = {"dangol": ours("association", bench)}
        baskets = read_baskets(name)
        if fim:
            for algorithm in ["fpgrowth", "eclat"]:
                run = getattr(fim, algorithm)
                sides[f"pyfim {algorithm}"] = timed(lambda r=run: r(baskets, target="s", supp=support), lambda r: f"{len(r)} itemsets")
                sides[f"pyfim {algorithm}, counts by size only"] = timed(lambda r=run: r(baskets, target="s", supp=support, report="#"), lambda r: f"{sum(e[2] for e in r) if isinstance(r, list) else sum(r.values())} itemsets")
        if mlxtend and name == "mushroom.dat":
            import pandas as pd
            from mlxtend.frequent_patterns import fpgrowth
            from mlxtend.preprocessing import TransactionEncoder
            encoder = TransactionEncoder()
            table = pd.DataFrame(encoder.fit_transform(baskets), columns=[str(c) for c in encoder.columns_])
            sides["mlxtend fpgrowth at 30 % (2,735 sets)"] = timed(lambda: fpgrowth(table, 0.3), lambda r: f"{len(r)} itemsets")
        compare(f"frequent itemsets, {name} at {support} %", sides)


def forecast():
    sides = {"dangol": ours("forecast", "M1/auto$"), "dangol, ets only": ours("forecast", "M1/ets$")}
    if there("statsforecast"):
        import numpy as np
        import pandas as pd
        from statsforecast import StatsForecast
        from statsforecast.models import AutoETS
        m1 = pd.read_csv(os.path.join(o.data, "timeseries/m1.csv"))
        rows = m1[m1["period"] == "MONTHLY"]
        numbers = [list(map(float, text.split(";")))[:n] for text, n in zip(rows["values"], rows["n"])]
        frame = pd.DataFrame({
            "unique_id": np.repeat(rows["series"].to_numpy(), [len(v) for v in numbers]),
            "ds": np.concatenate([np.arange(1, len(v) + 1) for v in numbers]), "y": np.concatenate(numbers),
        })
        make = lambda: StatsForecast(models=[AutoETS(season_length=12)], freq=1, n_jobs=2).forecast(df=frame, h=18)  # noqa: E731
        sides["statsforecast AutoETS"] = timed(make, lambda r: f"{len(r)} points")
    compare("M1, 617 monthly series, 18 months", sides)


globals()[o.part]()
