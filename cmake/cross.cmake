# Cross-compiling by Debian's g++ against a sysroot that scripts/setup_sysroot has unpacked. A toolchain
# file sets FLEET_EDGE_ARCH (as Debian calls it) and FLEET_EDGE_TRIPLET, then includes this.

set(FLEET_EDGE_CACHE $ENV{XDG_CACHE_HOME})
if(NOT FLEET_EDGE_CACHE)
  set(FLEET_EDGE_CACHE $ENV{HOME}/.cache)
endif()
string(APPEND FLEET_EDGE_CACHE /fleet-edge)

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSROOT ${FLEET_EDGE_CACHE}/sysroot-${FLEET_EDGE_ARCH})
if(NOT EXISTS ${CMAKE_SYSROOT})
  message(FATAL_ERROR "${CMAKE_SYSROOT} is missing. Run: scripts/setup packages ${FLEET_EDGE_ARCH}")
endif()
set(CMAKE_LIBRARY_ARCHITECTURE ${FLEET_EDGE_TRIPLET})

# Libraries are the target's; protoc and python3 are this machine's.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${CMAKE_SYSROOT}/usr/lib/${FLEET_EDGE_TRIPLET}/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig)

# What runs a test's program: qemu, with the loader and the libraries of the sysroot by their names.
# (qemu's own -L would also turn a test's files in /var and /etc into the sysroot's.)
set(_lib ${CMAKE_SYSROOT}/usr/lib/${FLEET_EDGE_TRIPLET})
set(CMAKE_CROSSCOMPILING_EMULATOR
  ${FLEET_EDGE_QEMU} ${_lib}/${FLEET_EDGE_LOADER} --library-path ${_lib})
