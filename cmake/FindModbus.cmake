# Modbus::modbus: the system's libmodbus, which comes without a CMake package.

find_path(Modbus_INCLUDE_DIR modbus/modbus.h)
find_library(Modbus_LIBRARY modbus)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Modbus
  REQUIRED_VARS Modbus_LIBRARY Modbus_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "Run: scripts/setup build")

if(Modbus_FOUND AND NOT TARGET Modbus::modbus)
  add_library(Modbus::modbus UNKNOWN IMPORTED)
  set_target_properties(Modbus::modbus PROPERTIES
    IMPORTED_LOCATION ${Modbus_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${Modbus_INCLUDE_DIR})
endif()
