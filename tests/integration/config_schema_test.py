"""The schema of the configuration and `check` judge alike: every configuration of the repository, and those with a mistake put in."""

import copy
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import jsonschema
import yaml

BIN = pathlib.Path(os.environ["FLEET_EDGE_BIN"])
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HUB = {"kafka": {"bootstrap.servers": "127.0.0.1:9092"}}


class Yaml12(yaml.SafeLoader):
    """As editors read: a time is text."""

    yaml_implicit_resolvers = {first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
                               for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def read(text):
    """Its first document."""
    return next(yaml.load_all(text, Loader=Yaml12))


def schema():
    return json.loads(subprocess.run([BIN / "fleet-edge", "config", "schema"], check=True, capture_output=True).stdout)


def errors(schema_, config):
    found = jsonschema.Draft202012Validator(schema_).iter_errors(config)
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


def check(config):
    """What `fleet-edge check` says of it: its exit code and its text."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "fleet-edge.yaml"
        file.write_text(yaml.safe_dump(config, allow_unicode=True))
        (pathlib.Path(folder) / "rules").mkdir()
        (pathlib.Path(folder) / "rules" / "none.yaml").write_text("groups: []\n")
        done = subprocess.run([BIN / "fleet-edge", "check", "-c", file], capture_output=True, text=True)
    return done.returncode, done.stdout


def documents():
    """All that the repository has of configuration: the packaged one, and the examples in the pages on drivers."""
    yield "packaging/fleet-edge.yaml", read((ROOT / "packaging" / "fleet-edge.yaml").read_text())
    for page in sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")]):
        for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", page.read_text(), re.S)):
            config = read(block)
            if isinstance(config, list) and all(isinstance(item, dict) for item in config):
                config = {"drivers": config}
            if isinstance(config, dict) and config.keys() & {"vehicle", "drivers", "uplink", "outbox", "quality", "notify"}:
                yield f"{page.name}, block {number}", config


def places(schema_, config, path=()):
    """Every mapping of declared keys and every value in `config`, by path."""
    if isinstance(config, dict):
        for key, value in config.items():
            yield from places(schema_, value, (*path, key))
        yield path, "mapping"
    elif isinstance(config, list):
        for index, value in enumerate(config):
            yield from places(schema_, value, (*path, index))
    else:
        yield path, "value"


def at(config, path):
    for step in path:
        config = config[step]
    return config


class ConfigSchema(unittest.TestCase):
    def setUp(self):
        self.schema = schema()

    def test_it_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(self.schema)

    def test_every_configuration_of_the_repository_is_valid(self):
        found = list(documents())
        self.assertGreater(len(found), 8)
        for name, config in found:
            with self.subTest(name):
                self.assertEqual(errors(self.schema, config), [])

    def test_what_config_show_prints_is_valid(self):
        shown = subprocess.run([BIN / "fleet-edge", "config", "show", "-c", ROOT / "packaging" / "fleet-edge.yaml"],
                               check=True, capture_output=True).stdout
        self.assertEqual(errors(self.schema, read(shown)), [])

    def test_mistakes_are_refused_by_schema_and_check(self):
        """Of a sound file: an unknown key in each mapping of ours, a list in the place of each value."""
        sound = read((ROOT / "packaging" / "fleet-edge.yaml").read_text())
        self.assertEqual(check(sound)[0], 0)
        tried = 0
        for path, kind in places(self.schema, sound):
            broken = copy.deepcopy(sound)
            if kind == "value":
                at(broken, path[:-1])[path[-1]] = [["nested"]]
            elif path[-1:] in [("labels",), ("signals",), ("kafka",)]:
                continue  # names of the user's own; librdkafka knows its properties
            else:
                at(broken, path)["no_such_key"] = 1
            with self.subTest(path=path):
                self.assertNotEqual(errors(self.schema, broken), [])
                self.assertEqual(check(broken)[0], 1)
                tried += 1
        self.assertGreater(tried, 30)

    def test_forms_words_and_bounds_are_judged_alike(self):
        for good, config in [
            (True, {"log": {"level": "debug"}}),
            (False, {"log": {"level": "chatty"}}),
            (True, {"outbox": {"durable_within": "1m30s"}}),
            (False, {"outbox": {"durable_within": "1 parsec"}}),
            (False, {"outbox": {"durable_within": "30s1m"}}),
            (False, {"outbox": {"durable_within": 10}}),
            (True, {"outbox": {"quota": "1GiB"}}),
            (True, {"outbox": {"quota": 100000000}}),
            (False, {"outbox": {"quota": "12 parsecs"}}),
            (True, {"uplink": {"live_share": 0.5}}),
            (False, {"uplink": {"live_share": 2}}),
            (True, {"queue": {"readings": 5}}),
            (False, {"queue": {"readings": -1}}),
            (False, {"queue": {"readings": "many"}}),
            (True, {"queue": {"readings": "5"}}),
            (False, {"queue": {"readings": "-1"}}),
            (False, {"queue": {"readings": "5 readings"}}),
            (True, {"uplink": {"live_share": "0.5"}}),
            (True, {"uplink": {"live_share": "5e-1"}}),
            (False, {"uplink": {"live_share": "-0.5"}}),
            (False, {"uplink": {"live_share": "half"}}),
            (True, {"outbox": {"quota": "100000000"}}),
            (True, {"uplink": {"cloud_events": "true"}}),
            (False, {"uplink": {"cloud_events": "yes"}}),
            (True, {"uplink": {"cloud_events": True}}),
            (False, {"uplink": {"cloud_events": "perhaps"}}),
            (False, {"uplink": {"cloud_events": 1}}),
            (False, {"drivers": [{"gpsd": {}, "nmea": {"device": "/dev/ttyUSB0"}}]}),
            (False, {"drivers": [{"name": "x"}]}),
            (False, {"drivers": [{"telepathy": {}}]}),
            (False, {"drivers": [{"modbus": {"device": "/dev/ttyUSB0", "parity": "perhaps", "signals": {}}}]}),
            (False, {"drivers": [{"modbus": {"device": "/dev/ttyUSB0"}}]}),
        ]:
            config = {"vehicle": {"id": "a"}, **config}
            config["uplink"] = {**HUB, **config.get("uplink", {})}
            with self.subTest(config):
                self.assertEqual(errors(self.schema, config) == [], good)
                code, text = check(config)
                self.assertEqual(code == 0, good, text)

    def test_every_number_and_switch_of_the_repository_may_stand_in_quotes(self):
        """As templates write them."""
        tried = 0
        for name, config in documents():
            for path, kind in list(places(self.schema, config)):
                if kind != "value" or not isinstance(at(config, path), (bool, int, float)):
                    continue
                quoted = copy.deepcopy(config)
                value = at(config, path)
                at(quoted, path[:-1])[path[-1]] = str(value).lower()
                with self.subTest(name, path=path):
                    self.assertEqual(errors(self.schema, quoted), [])
                    tried += 1
        self.assertGreater(tried, 7)

    def test_a_value_from_outside_is_as_good_as_any(self):
        config = {"queue": {"readings": "${READINGS:-5}"}, "outbox": {"quota": "${QUOTA}"}, "uplink": {"cloud_events": "${CE}"}}
        self.assertEqual(errors(self.schema, config), [])


if __name__ == "__main__":
    unittest.main()
