# How a folder of this repository becomes targets. A folder's CMakeLists.txt calls these and nothing else.
#
#   fleet_edge_library(<folder> SOURCES a.cc b.cc [PUBLIC dep...] [PRIVATE dep...])
#     Static library fleet_edge_<folder>, alias fleet_edge::<folder>. With no SOURCES: headers only.
#
#   fleet_edge_proto(<folder> SOURCES fleet/v1/a.proto...)
#     Library of generated C++, alias fleet_edge::<folder>; include as "fleet/v1/a.pb.h". Called once.
#     Target fleet_edge_generated makes the code without compiling it, for clang-tidy.
#
#   fleet_edge_binary(<program> SOURCES main.cc... [DEPS dep...])
#     Executable in <build>/bin; target programs builds them all. Of another architecture: <build>/emulated has a script
#     of the same name that runs it, which is what tests are given.
#
#   fleet_edge_test(<folder> [LABEL unit] SOURCES a_test.cc... [DEPS dep...] [TIMEOUT seconds])
#     Executable <folder>_test on doctest (its main comes along), one entry in ctest; target unit_tests builds
#     those with the label unit, and nothing else does: `make test` runs them under the sanitizers.
#     [BEYOND_QEMU <case> <reason>...]: cases that qemu's user mode can't run (no commas), and why. Where it runs the tests, each is
#     an entry of its own that ctest tells as disabled, and all have ten times as long.
#
#   fleet_edge_python_test(<name> LABEL e2e SOURCE a_test.py [TIMEOUT seconds] [VENV])
#     `python3 a_test.py` (unittest), one entry in ctest that never shares the machine with another
#     of its label. Environment: FLEET_EDGE_BIN is where programs are, PYTHONPATH is tests/ (import support.kafka).
#     With VENV: by the python3 that has the packages of tests/requirements.txt (scripts/setup_python).
#
#   fleet_edge_test_program(<name> SOURCES a.cc... [DEPS dep...])
#     Executable in <build>/tests that a Python test runs.
#
#   fleet_edge_bench(<name> SOURCES a_bench.cc... [DEPS dep...])
#     Executable <name>_bench in <build>/bench on Google Benchmark (its main comes along).
#
# Includes start at the repository's root ("core/reading.h"). Names of the libraries to depend on:
#   fleet_edge::<folder>      core proto drivers rules uplink agent simulators
#   fleet_edge::agents        simulators/agents
#   yaml-cpp                  simdjson::simdjson     CLI11::CLI11       spdlog::spdlog
#   SQLite::SQLite3           protobuf::libprotobuf  zstd::libzstd      OpenSSL::SSL
#   PahoMqttCpp::paho-mqttpp3 RdKafka::rdkafka++     RdKafka::rdkafka   Threads::Threads
#   Re2::re2                  Modbus::modbus            ZLIB::ZLIB         PrometheusCpp::core
# "core/version.h" (fleet_edge::kVersion) comes with fleet_edge::core.

set(FLEET_EDGE_FOLDERS core proto drivers rules uplink agent simulators)
set(FLEET_EDGE_GENERATED ${PROJECT_BINARY_DIR}/generated)
set(FLEET_EDGE_RUNNABLE ${PROJECT_BINARY_DIR}/bin)
if(CMAKE_CROSSCOMPILING_EMULATOR)
  set(FLEET_EDGE_RUNNABLE ${PROJECT_BINARY_DIR}/emulated)
endif()

add_custom_target(programs)
add_custom_target(unit_tests)

# Ours alone: generated code and other people's headers are SYSTEM and exempt.
add_library(fleet_edge_warnings INTERFACE)
target_compile_options(fleet_edge_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror
  # clang counts signedness as -Wconversion, g++ does not: both compilers ask the same.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>
  # The stable_sort of libstdc++ 12 uses what libstdc++ 12 deprecates.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  # g++ 12 sees overlaps in std::string's operator+ where there are none (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)

function(_fleet_edge_target target)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:fleet_edge_warnings>)
endfunction()

function(fleet_edge_library folder)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(target fleet_edge_${folder})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    _fleet_edge_target(${target})
    target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${target} INTERFACE ${arg_PUBLIC})
  endif()
  add_library(fleet_edge::${folder} ALIAS ${target})
endfunction()

function(fleet_edge_proto folder)
  cmake_parse_arguments(arg "" "" "SOURCES" ${ARGN})
  set(out ${FLEET_EDGE_GENERATED}/${folder})
  set(generated "")
  foreach(source IN LISTS arg_SOURCES)
    string(REGEX REPLACE "\\.proto$" ".pb" base ${source})
    list(APPEND generated ${out}/${base}.cc ${out}/${base}.h)
  endforeach()
  file(MAKE_DIRECTORY ${out})
  add_custom_command(
    OUTPUT ${generated}
    COMMAND protobuf::protoc --proto_path=. --cpp_out=${out} ${arg_SOURCES}
    DEPENDS ${arg_SOURCES}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    COMMENT "Generating C++ from ${folder}/"
    VERBATIM)
  add_custom_target(fleet_edge_generated DEPENDS ${generated})
  set(target fleet_edge_${folder})
  add_library(${target} STATIC ${generated})
  target_include_directories(${target} SYSTEM PUBLIC ${out})
  target_link_libraries(${target} PUBLIC protobuf::libprotobuf)
  add_library(fleet_edge::${folder} ALIAS ${target})
endfunction()

function(fleet_edge_binary program)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${program} ${arg_SOURCES})
  _fleet_edge_target(${program})
  target_link_libraries(${program} PRIVATE ${arg_DEPS})
  set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  add_dependencies(programs ${program})
  if(CMAKE_CROSSCOMPILING_EMULATOR)
    list(JOIN CMAKE_CROSSCOMPILING_EMULATOR " " emulator)
    file(GENERATE OUTPUT ${FLEET_EDGE_RUNNABLE}/${program}
      CONTENT "#!/bin/sh\nexec ${emulator} $<TARGET_FILE:${program}> \"$@\"\n"
      FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  endif()
endfunction()

function(fleet_edge_test folder)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;DEPS;BEYOND_QEMU" LABEL unit TIMEOUT 120 ${ARGN})
  set(target ${folder}_test)
  add_executable(${target} ${arg_SOURCES})
  _fleet_edge_target(${target})
  target_link_libraries(${target} PRIVATE ${arg_DEPS} fleet_edge_doctest_main)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  if(arg_LABEL STREQUAL unit)
    set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
    add_dependencies(unit_tests ${target})
  endif()
  set(left_out "")
  if(CMAKE_CROSSCOMPILING_EMULATOR)
    math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 10")
    while(arg_BEYOND_QEMU)
      list(POP_FRONT arg_BEYOND_QEMU case reason)
      list(APPEND left_out ${case})
      set(entry "${case} (beyond qemu: ${reason})")
      add_test(NAME ${entry} COMMAND ${target} --test-case=${case})
      set_tests_properties(${entry} PROPERTIES DISABLED ON LABELS ${arg_LABEL})
    endwhile()
    list(JOIN left_out "," left_out)
    string(PREPEND left_out --test-case-exclude=)
  endif()
  add_test(NAME ${folder} COMMAND ${target} ${left_out} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  _fleet_edge_test_properties(${folder} ${arg_LABEL} ${arg_TIMEOUT})
endfunction()

function(fleet_edge_test_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  _fleet_edge_target(${name})
  target_link_libraries(${name} PRIVATE ${arg_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
endfunction()

function(fleet_edge_python_test name)
  cmake_parse_arguments(arg "VENV" "LABEL;SOURCE;TIMEOUT" "" LABEL e2e TIMEOUT 300 ${ARGN})
  set(python $<TARGET_FILE:Python3::Interpreter>)
  if(arg_VENV)
    set(python ${FLEET_EDGE_CACHE}/python/bin/python3)
  endif()
  add_test(NAME ${name} COMMAND ${python} ${CMAKE_CURRENT_SOURCE_DIR}/${arg_SOURCE}
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  _fleet_edge_test_properties(${name} ${arg_LABEL} ${arg_TIMEOUT})
  set_property(TEST ${name} PROPERTY RESOURCE_LOCK ${arg_LABEL})
endfunction()

function(_fleet_edge_test_properties name label timeout)
  set(environment
    FLEET_EDGE_BIN=${FLEET_EDGE_RUNNABLE}
    PYTHONPATH=${PROJECT_SOURCE_DIR}/tests
    PYTHONDONTWRITEBYTECODE=1
    UBSAN_OPTIONS=print_stacktrace=1
    TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/tsan.supp:halt_on_error=1)
  set_tests_properties(${name} PROPERTIES
    LABELS ${label} TIMEOUT ${timeout} ENVIRONMENT "${environment}")
endfunction()

function(fleet_edge_bench name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
  set(target ${name}_bench)
  add_executable(${target} ${arg_SOURCES})
  _fleet_edge_target(${target})
  target_link_libraries(${target} PRIVATE ${arg_DEPS} benchmark::benchmark_main)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
endfunction()
