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
find_package(PahoMqttCpp 1.2 REQUIRED)
find_package(zstd 1.5 REQUIRED)
find_package(RdKafka 2.8 REQUIRED)

# A library of the system's that comes without a CMake package, or with one that asks for parts that are not used here.
function(fleet_edge_find_library target)
  cmake_parse_arguments(arg "" "HEADER;LIBRARY" "" ${ARGN})
  find_path(${target}_INCLUDE_DIR ${arg_HEADER})
  find_library(${target}_LIBRARY ${arg_LIBRARY})
  mark_as_advanced(${target}_INCLUDE_DIR ${target}_LIBRARY)
  if(NOT ${target}_INCLUDE_DIR OR NOT ${target}_LIBRARY)
    message(FATAL_ERROR "lib${arg_LIBRARY} with ${arg_HEADER} is not installed. Run: scripts/setup build")
  endif()
  add_library(${target} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION ${${target}_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${${target}_INCLUDE_DIR})
endfunction()

fleet_edge_find_library(Modbus::modbus HEADER modbus/modbus.h LIBRARY modbus)
fleet_edge_find_library(PrometheusCpp::core HEADER prometheus/text_serializer.h LIBRARY prometheus-cpp-core)
fleet_edge_find_library(Re2::re2 HEADER re2/re2.h LIBRARY re2)
target_link_libraries(Re2::re2 INTERFACE Threads::Threads)

if(BUILD_TESTING)
  find_package(doctest 2.4 REQUIRED)
  find_package(benchmark 1.7 REQUIRED)
endif()

# One name, whichever the distribution offers.
add_library(zstd::libzstd ALIAS zstd::libzstd_shared)
