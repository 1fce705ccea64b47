"""Prometheus 2.42 as an engine, through `promtool test rules`: every expectation in its file is wrong on purpose, so
that it prints what it got."""

import json
import re
import shutil
import subprocess
import tempfile

import engines

GRID_MS = 500
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_SAMPLE = re.compile(r"\{((?:[^\"}]|\"(?:[^\"\\]|\\.)*\")*)\} (\S+?)(?:, |$)")
_WRONG = [{"labels": "wrong_on_purpose", "value": 0}]


class Promtool:
    """Takes cases whose times are multiples of GRID_MS from 0 and whose lookback is five minutes, promtool's own.
    Scalars come back as vectors: promtool tells no type."""

    tells_types = False

    def __init__(self):
        self.program = shutil.which("promtool") or engines.CACHE / "promtool"
        try:
            done = subprocess.run([self.program, "--version"], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise engines.Unavailable("there is no promtool. Run scripts/setup_promtool") from error
        if "version 2." not in done.stdout + done.stderr:
            raise engines.Unavailable(f"{self.program} is not of version 2. Take it off the PATH and run "
                                      "scripts/setup_promtool")

    def ask(self, case):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
            file.write(_test_file(case))
            file.flush()
            done = subprocess.run([self.program, "test", "rules", file.name], capture_output=True, text=True,
                                  check=False)
        told = re.split(r"^    expr: ", done.stdout + done.stderr, flags=re.MULTILINE)[1:]
        count = len(case["instants_ms"])
        if len(told) != count * len(case["expressions"]):
            raise RuntimeError(f"promtool doesn't answer:\n{done.stdout}{done.stderr}")
        results = [_result(text) for text in told]
        return [results[start:start + count] for start in range(0, len(results), count)]

    def close(self):
        pass


def _notation(samples):
    by_place = {time // GRID_MS: value for time, value in samples}
    return " ".join(by_place.get(place, "_") for place in range(max(by_place) + 1))


def _test_file(case):
    series = []
    for one in case["series"]:
        if one["samples"]:
            labels = ",".join(f"{name}={json.dumps(value, ensure_ascii=False)}"
                              for name, value in one["labels"].items() if name != "__name__")
            series.append({"series": f"{one['labels']['__name__']}{{{labels}}}", "values": _notation(one["samples"])})
    tests = [{"expr": expression, "eval_time": f"{instant}ms", "exp_samples": _WRONG}
             for expression in case["expressions"] for instant in case["instants_ms"]]
    test = {"interval": f"{GRID_MS}ms", "input_series": series, "promql_expr_test": tests}
    return json.dumps({"evaluation_interval": "1s", "tests": [test]}, ensure_ascii=False)


def _result(text):
    got = re.search(r"^        got: (.*)$", text, re.MULTILINE)
    if not got:
        return {"error": text.partition("err: ")[2].strip() or text}
    elements = []
    for labels, value in _SAMPLE.findall(got[1]):
        pairs = {name: json.loads(f'"{label}"') for name, label in _LABEL.findall(labels)}
        elements.append({"labels": pairs, "value": value})
    return {"type": "vector", "elements": elements}
