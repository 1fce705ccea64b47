# Debian's armhf: ARMv7-A with VFPv3-D16, 32 bits.
set(FLEET_EDGE_ARCH armhf)
set(FLEET_EDGE_TRIPLET arm-linux-gnueabihf)
set(FLEET_EDGE_QEMU qemu-arm-static)
set(FLEET_EDGE_LOADER ld-linux-armhf.so.3)
set(CMAKE_SYSTEM_PROCESSOR armv7l)
# Files of more than 2 GiB. Not _TIME_BITS=64: Debian 12's libraries of armhf, libstdc++'s clock among them, count time
# in 32 bits. Notes about calls that GCC 7 made otherwise are of no use: all is compiled by GCC 12.
set(CMAKE_CXX_FLAGS_INIT "-D_FILE_OFFSET_BITS=64 -Wno-psabi")
include(${CMAKE_CURRENT_LIST_DIR}/cross.cmake)
