# PrometheusCpp::core: the metric model and text format of prometheus-cpp. Its own CMake package asks for curl and
# civetweb besides, which serve parts that are not used here.

find_path(PrometheusCpp_INCLUDE_DIR prometheus/text_serializer.h)
find_library(PrometheusCpp_LIBRARY prometheus-cpp-core)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PrometheusCpp REQUIRED_VARS PrometheusCpp_LIBRARY PrometheusCpp_INCLUDE_DIR)

if(PrometheusCpp_FOUND AND NOT TARGET PrometheusCpp::core)
  add_library(PrometheusCpp::core UNKNOWN IMPORTED)
  set_target_properties(PrometheusCpp::core PROPERTIES
    IMPORTED_LOCATION ${PrometheusCpp_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${PrometheusCpp_INCLUDE_DIR})
endif()
