# The commands of this project; each installs what it needs. CMake does the building: see CMakePresets.json.

PRESET ?= release
BUILD := build/$(PRESET)
JOBS := $(shell nproc)
HOST = $(shell dpkg --print-architecture)
# This machine's own, and those that there are cross-compilers for: amd64 is not made elsewhere.
ARCHITECTURES = $(or $(ARCH),$(HOST) $(filter-out $(HOST),arm64 armhf))

.DEFAULT_GOAL := help
.PHONY: help build test faults soak simulate proof demo bench anomaly oracle lint sanitize fuzz packages reproducible cross-test clean

help: ## Lists the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

build: ## Builds the programs into build/release/bin
	@scripts/setup build
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET) --target programs

test: ## Lints, builds and tests all, against a real mosquitto and a real Kafka
	@scripts/setup test
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET)
	@scripts/lint
	@scripts/sanitize asan
	@scripts/fuzz build
	@ctest --preset $(PRESET) -j$(JOBS)

faults: ## Kills, power cuts, damage and dead links for half an hour; N=n each at random, TESTS="kill power" only some
	@scripts/setup test
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET) --target programs outbox_driver wall_clock
	@tests/faults/run $(BUILD) $(TESTS)

soak: ## One trip through all faults at random, MINUTES=n long, the ledger all along; SEED=n repeats their order
	@scripts/setup test
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET) --target programs wall_clock
	@FLEET_EDGE_BIN=$(BUILD)/bin PYTHONPATH=tests PYTHONDONTWRITEBYTECODE=1 MINUTES=$(or $(MINUTES),60) python3 tests/faults/soak.py

demo: ## A tanker's trip on one screen; KAFKA=host:port takes a Kafka of yours as the hub
	@scripts/setup demo
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET) --target programs
	@python3 simulators/demo.py --build $(BUILD) $(if $(KAFKA),--kafka $(KAFKA))

bench: ## Measures what a reading costs, by part and in the whole process
	@scripts/setup test
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET)
	@tests/bench/run $(BUILD)

simulate: ## Lives N simulated lives of the agent under every fault; SEED=n tells one of them in full
	@scripts/setup build
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET) --target simulate
	@$(BUILD)/tests/simulate $(if $(SEED),--seed $(SEED) --trace,--seeds $(or $(N),10000))

proof: ## Plants the bugs that others have had, one at a time, and expects the simulation to see each
	@scripts/setup build
	@tests/simulation/prove.py

oracle: ## Holds the rule engine against Prometheus 3 on N random expressions; SEED=n repeats a run
	@scripts/setup build
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET) --target oracle_evaluate
	@tests/oracle/oracle.py --evaluate $(BUILD)/tests/oracle_evaluate -n $(or $(N),2000) $(if $(SEED),--seed $(SEED))
	@tests/oracle/oracle.py --evaluate $(BUILD)/tests/oracle_evaluate -n $(or $(N),2000) $(if $(SEED),--seed $(SEED)) --rules

anomaly: ## Measures how departures from normal are seen, and how often wrongly; some ten minutes
	@scripts/setup test
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET) --target anomaly_report
	@$(BUILD)/bench/anomaly_report

lint: ## Layout, includes, and clang-tidy with its analyzer and over tests, which `make test` leaves out
	@scripts/setup test
	@scripts/lint --deep

sanitize: ## Unit tests under AddressSanitizer, UndefinedBehaviorSanitizer and ThreadSanitizer
	@scripts/setup build
	@scripts/sanitize asan
	@scripts/sanitize tsan

fuzz: ## Fuzzes what reads expressions, files and templates; SECONDS=n each, TARGET=name
	@scripts/setup test
	@scripts/fuzz run $(or $(SECONDS),600) $(TARGET)

packages: ## Makes Debian packages for this machine, arm64 and armhf in build/packages; ARCH=arm64 one of them
	@scripts/setup packages $(ARCHITECTURES)
	@for arch in $(ARCHITECTURES); do packaging/build $$arch || exit; done
	@packaging/contents

reproducible: ## Builds the packages twice, in two places, and compares them byte by byte: half an hour for each ARCH
	@scripts/setup packages $(ARCHITECTURES)
	@for arch in $(ARCHITECTURES); do packaging/reproducible $$arch || exit; done

cross-test: ## Unit tests of arm64 and armhf under qemu; ARCH=arm64 one of them
	@scripts/setup packages $(filter-out $(HOST),$(ARCHITECTURES))
	@for arch in $(filter-out $(HOST),$(ARCHITECTURES)); do packaging/cross_test $$arch || exit; done

clean: ## Deletes what was built; what was installed stays
	@rm -rf build
