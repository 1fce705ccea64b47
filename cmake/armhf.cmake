# Debian's armhf: ARMv7-A with VFPv3-D16, 32 bits.
set(FLEET_EDGE_ARCH armhf)
set(FLEET_EDGE_TRIPLET arm-linux-gnueabihf)
set(FLEET_EDGE_QEMU qemu-arm-static)
set(FLEET_EDGE_LOADER ld-linux-armhf.so.3)
set(CMAKE_SYSTEM_PROCESSOR armv7l)
include(${CMAKE_CURRENT_LIST_DIR}/cross.cmake)
