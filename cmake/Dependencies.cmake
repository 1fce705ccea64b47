# Every library that is not ours, by the target name under which it is linked. scripts/setup installs them.

# Where scripts/setup puts what Debian doesn't have.
set(FLEET_EDGE_CACHE $ENV{XDG_CACHE_HOME})
if(NOT FLEET_EDGE_CACHE)
  set(FLEET_EDGE_CACHE $ENV{HOME}/.cache)
endif()
string(APPEND FLEET_EDGE_CACHE /fleet-edge)

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
find_package(OpenSSL 3.0 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(Protobuf 3.21 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(simdjson REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(Modbus REQUIRED)
find_package(Libsystemd REQUIRED)
find_package(PahoMqttCpp 1.2 REQUIRED)
find_package(PrometheusCpp REQUIRED)
find_package(zstd 1.5 REQUIRED)
find_package(RdKafka 2.8 REQUIRED)
find_package(Re2 REQUIRED)
if(BUILD_TESTING)
  find_package(doctest 2.4 REQUIRED)
  find_package(benchmark 1.7 REQUIRED)
endif()

# One name, whichever the distribution offers.
add_library(zstd::libzstd ALIAS zstd::libzstd_shared)
