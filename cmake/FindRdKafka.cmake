# RdKafka::rdkafka (C API and mock cluster) and RdKafka::rdkafka++ (C++ API): the system's shared
# library when it is new enough, else the static one that scripts/setup keeps in its cache. Older
# than 2.8 cannot log in by SCRAM to Kafka 4.

find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(PC_RDKAFKA QUIET IMPORTED_TARGET rdkafka>=${RdKafka_FIND_VERSION})
  pkg_check_modules(PC_RDKAFKAPP QUIET IMPORTED_TARGET rdkafka++>=${RdKafka_FIND_VERSION})
endif()

if(PC_RDKAFKA_FOUND AND PC_RDKAFKAPP_FOUND)
  set(RdKafka_VERSION ${PC_RDKAFKA_VERSION})
  set(RdKafka_LIBRARY ${PC_RDKAFKA_LINK_LIBRARIES})
  if(NOT TARGET RdKafka::rdkafka)
    add_library(RdKafka::rdkafka ALIAS PkgConfig::PC_RDKAFKA)
    add_library(RdKafka::rdkafka++ ALIAS PkgConfig::PC_RDKAFKAPP)
  endif()
else()
  set(RdKafka_VERSION 2.8.0)
  # Where it is installed; the 2 counts what was asked of its configure, as in scripts/setup_librdkafka.
  set(RdKafka_FOLDER ${FLEET_EDGE_CACHE}/librdkafka-${RdKafka_VERSION}-2-${CMAKE_LIBRARY_ARCHITECTURE})
  set(RdKafka_LIBRARY ${RdKafka_FOLDER}/lib/librdkafka.a)
  if(NOT EXISTS ${RdKafka_LIBRARY})
    unset(RdKafka_LIBRARY)
  elseif(NOT TARGET RdKafka::rdkafka)
    add_library(RdKafka::rdkafka STATIC IMPORTED)
    # Debug symbols name its headers without the builder's home folder.
    set_target_properties(RdKafka::rdkafka PROPERTIES
      IMPORTED_LOCATION ${RdKafka_FOLDER}/lib/librdkafka.a
      INTERFACE_COMPILE_OPTIONS -ffile-prefix-map=${RdKafka_FOLDER}/=librdkafka/
      INTERFACE_INCLUDE_DIRECTORIES ${RdKafka_FOLDER}/include
      INTERFACE_LINK_LIBRARIES
        "OpenSSL::SSL;OpenSSL::Crypto;zstd::libzstd;ZLIB::ZLIB;Threads::Threads;m;${CMAKE_DL_LIBS}")
    add_library(RdKafka::rdkafka++ STATIC IMPORTED)
    set_target_properties(RdKafka::rdkafka++ PROPERTIES
      IMPORTED_LOCATION ${RdKafka_FOLDER}/lib/librdkafka++.a
      INTERFACE_INCLUDE_DIRECTORIES ${RdKafka_FOLDER}/include
      INTERFACE_LINK_LIBRARIES RdKafka::rdkafka)
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RdKafka
  REQUIRED_VARS RdKafka_LIBRARY
  VERSION_VAR RdKafka_VERSION
  REASON_FAILURE_MESSAGE "Run: scripts/setup build")
