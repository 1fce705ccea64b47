# Debian's arm64: ARMv8-A, 64 bits.
set(FLEET_EDGE_ARCH arm64)
set(FLEET_EDGE_TRIPLET aarch64-linux-gnu)
set(FLEET_EDGE_QEMU qemu-aarch64-static)
set(FLEET_EDGE_LOADER ld-linux-aarch64.so.1)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
include(${CMAKE_CURRENT_LIST_DIR}/cross.cmake)
