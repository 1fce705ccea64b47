# What holds for every target of every preset; what differs between presets is in CMakePresets.json.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# No imported target's headers may raise our warnings, also where the package forgot to say SYSTEM.
set(CMAKE_NO_SYSTEM_FROM_IMPORTED OFF)

set(FLEET_EDGE_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, for example address,undefined")
if(FLEET_EDGE_SANITIZE)
  add_compile_options(-fsanitize=${FLEET_EDGE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${FLEET_EDGE_SANITIZE})
endif()

# Where a file lies on the builder's disk is nobody's business at run time. ccache makes the paths relative to the
# build folder before the compiler sees them: with it and without it the same comes out.
file(RELATIVE_PATH FLEET_EDGE_SOURCE_FROM_BUILD ${PROJECT_BINARY_DIR} ${PROJECT_SOURCE_DIR})
add_compile_options(
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
  -ffile-prefix-map=${FLEET_EDGE_SOURCE_FROM_BUILD}=
  -ffile-prefix-map=${PROJECT_BINARY_DIR}/=)
if(CMAKE_SYSROOT)  # its headers are named as on the machine that the program is for
  add_compile_options(-ffile-prefix-map=${CMAKE_SYSROOT}=)
endif()
add_compile_options(-ffunction-sections -fdata-sections -fstack-protector-strong)
add_link_options(-Wl,--gc-sections -Wl,-z,relro -Wl,-z,now -Wl,--as-needed)

# Build folders and clones share what ccache has: paths count relative to the repository.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()
