# SPDX-License-Identifier: GPL-3.0-or-later
# Functions of all CMakeLists.txt: one library for each folder, one test program for each folder,
# one fuzz target for each decoder.

include(${CMAKE_CURRENT_LIST_DIR}/share.cmake)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBEVENT REQUIRED IMPORTED_TARGET libevent_core)
pkg_check_modules(LIBEVENT_EXTRA REQUIRED IMPORTED_TARGET libevent_extra)
pkg_check_modules(LIBSECCOMP REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(LIBCRYPTO REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(LIBSYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(LIBQRENCODE REQUIRED IMPORTED_TARGET libqrencode)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3>=3.40)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)

add_library(chatd_options INTERFACE)
target_include_directories(chatd_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_compile_options(chatd_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
  $<$<BOOL:${CHATD_WERROR}>:-Werror>)
target_compile_definitions(chatd_options INTERFACE
  $<$<BOOL:${CHATD_CRASH_POINTS}>:CHATD_CRASH_POINTS>)

# So many sources of a folder are one unit of a unity build: they instantiate the same templates, and as
# one unit they do it once.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 32)

# chatd_library(common/base SOURCES unique_fd.cpp ... DEPENDS chatd_x fmt::fmt)
# makes the static library chatd_base of one folder, and chatd_wire_text of common/wire/text. A
# folder with headers only has no SOURCES.
# ALONE: sources that a unity build must not compile together with the others of the folder,
# because they have a name in common or definitions before the first include.
#
# In a unity build, the headers that most folders include are compiled once, in chatd_base; for what
# stands below tests/ in chatd_test_precompiled.
function(chatd_library folder)
  cmake_parse_arguments(ARG "" "" "SOURCES;ALONE;DEPENDS" ${ARGN})
  set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  string(REGEX REPLACE "^[^/]+/(.+)$" "\\1" name ${folder})
  string(REPLACE "/" "_" name ${name})
  if(ARG_SOURCES)
    add_library(chatd_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(chatd_${name} PUBLIC chatd_options ${ARG_DEPENDS})
    if(CMAKE_UNITY_BUILD AND name STREQUAL base)
      target_precompile_headers(chatd_base PRIVATE
        <algorithm> <array> <atomic> <chrono> <cstdint> <cstring> <expected> <functional> <map> <memory>
        <optional> <span> <string> <string_view> <tuple> <utility> <variant> <vector> <fmt/format.h>)
    else()
      chatd_precompiled(chatd_base chatd_${name})
    endif()
  else()
    add_library(chatd_${name} INTERFACE)
    target_link_libraries(chatd_${name} INTERFACE chatd_options ${ARG_DEPENDS})
  endif()
endfunction()

# chatd_precompiled(chatd_base TARGET...): in a unity build, these use the precompiled headers of the
# first target. It must have the same compiler options.
function(chatd_precompiled of)
  if(CMAKE_UNITY_BUILD)
    foreach(name ${ARGN})
      target_precompile_headers(${name} REUSE_FROM ${of})
    endforeach()
  endif()
endfunction()

# chatd_program(chatd SOURCES main.cpp DEPENDS ... INSTALL ${CMAKE_INSTALL_SBINDIR})
function(chatd_program name)
  cmake_parse_arguments(ARG "" "INSTALL" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE chatd_options ${ARG_DEPENDS})
  chatd_precompiled(chatd_base ${name})
  if(ARG_INSTALL)
    install(TARGETS ${name} RUNTIME DESTINATION ${ARG_INSTALL})
  endif()
endfunction()

# chatd_built_programs(FOLDER): the programs that another build made stand for those of this one.
function(chatd_built_programs folder)
  foreach(name chatd chatctl uchat completions)
    add_executable(${name} IMPORTED GLOBAL)
    set_target_properties(${name} PROPERTIES IMPORTED_LOCATION ${folder}/${name})
  endforeach()
  install(PROGRAMS ${folder}/chatd DESTINATION ${CMAKE_INSTALL_SBINDIR})
  install(PROGRAMS ${folder}/chatctl ${folder}/uchat DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# chatd_tests(common/base LABEL unit DEPENDS chatd_base) builds every
# *_test.cpp of tests/<folder> into one program; CTest sees each test by name. A sanitized program
# needs 40 ms to start, so with CHATD_DRIVERS all tests of a program are one test of CTest, or PARTS.
# TIMED are the suites that measure time, as patterns of GoogleTest: they have the machine for
# themselves, all others run side by side. ALONE as above. With CHATD_SHARE a program of the other build
# is neither built nor run.
# HALVED 4: the program runs built programs, and with CHATD_SHARE half of its tests run in each build, in 4
# tests of CTest; those that are TIMED or match UNSHARED run all the same.
function(chatd_tests folder)
  cmake_parse_arguments(ARG "" "LABEL;PARTS;HALVED;TIMEOUT" "ALONE;DEPENDS;TIMED;UNSHARED" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 900)  # longer than any test takes on a slow machine
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${folder}/*_test.cpp)
  if(NOT sources)
    message(FATAL_ERROR "tests/${folder} has no *_test.cpp")
  endif()
  list(TRANSFORM ARG_ALONE PREPEND ${PROJECT_SOURCE_DIR}/tests/${folder}/)
  set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  string(REPLACE "/" "_" name ${folder})
  add_executable(${name}_test ${sources})
  target_link_libraries(${name}_test PRIVATE chatd_options ${ARG_DEPENDS} GTest::gmock GTest::gtest_main)
  target_precompile_headers(${name}_test REUSE_FROM chatd_test_precompiled)
  if(ARG_LABEL STREQUAL unit)
    add_dependencies(unit_tests ${name}_test)
  endif()
  if(NOT ARG_HALVED)
    chatd_has_next(here)
    if(NOT here)
      set_target_properties(${name}_test PROPERTIES EXCLUDE_FROM_ALL ON)
      return()
    endif()
  endif()
  if(CHATD_DRIVERS)
    chatd_parts(${name} PROGRAM ${name}_test LABEL ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT} PARTS ${ARG_PARTS})
    return()
  endif()
  set(filter "*")
  if(ARG_HALVED AND NOT CHATD_SHARE STREQUAL "")
    list(JOIN ARG_UNSHARED ":" filter)
    chatd_filter_without(others ${ARG_TIMED} ${ARG_UNSHARED})
    chatd_parts(${name} PROGRAM ${name}_test LABEL ${ARG_LABEL} PARTS ${ARG_HALVED} COST 50 HALVED
      FILTER "${others}")
  elseif(ARG_TIMED)
    chatd_filter_without(filter ${ARG_TIMED})
  endif()
  # PRE_TEST: listing the tests at build time would run every program once per
  # build, which sanitized builds make slow.
  set(discovery DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 120 NO_PRETTY_VALUES)
  set(properties LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
  if(filter)
    gtest_discover_tests(${name}_test ${discovery} TEST_FILTER "${filter}" PROPERTIES ${properties})
  endif()
  if(ARG_TIMED)
    list(JOIN ARG_TIMED ":" timed)
    gtest_discover_tests(${name}_test ${discovery} TEST_FILTER "${timed}"
      PROPERTIES ${properties} RUN_SERIAL TRUE)
  endif()
endfunction()

# chatd_filter_without(filter PATTERN...): the filter of GoogleTest for all tests but these.
function(chatd_filter_without filter)
  list(JOIN ARGN ":" left_out)
  if(left_out)
    set(${filter} "-${left_out}" PARENT_SCOPE)
  else()
    set(${filter} "*" PARENT_SCOPE)
  endif()
endfunction()

# chatd_parts(NAME PROGRAM ...): the tests of a program, each of the PARTS (1) as one test of CTest.
# CTest starts the tests with the highest COST first. HALVED: with CHATD_SHARE only half of the tests, the
# other build has the other half; it must have the same FILTER. SERIAL: nothing runs beside it.
function(chatd_parts name)
  cmake_parse_arguments(ARG "HALVED;SERIAL" "PROGRAM;LABEL;PARTS;TIMEOUT;FILTER;COST" "ENVIRONMENT" ${ARGN})
  foreach(default "PARTS 1" "TIMEOUT 900" "FILTER *" "COST 10")
    string(REPLACE " " ";" default ${default})
    list(GET default 0 option)
    list(GET default 1 value)
    if(NOT ARG_${option})
      set(ARG_${option} ${value})
    endif()
  endforeach()
  set(first 0)
  set(step 1)
  if(ARG_HALVED)
    chatd_half(first step)
  endif()
  math(EXPR total "${step} * ${ARG_PARTS}")
  math(EXPR last "${ARG_PARTS} - 1")
  foreach(part RANGE ${last})
    add_test(NAME ${name}.part_${part}
      COMMAND ${ARG_PROGRAM} "--gtest_filter=${ARG_FILTER}")
    math(EXPR index "${first} + ${step} * ${part}")
    set(environment ${ARG_ENVIRONMENT} GTEST_TOTAL_SHARDS=${total} GTEST_SHARD_INDEX=${index})
    set_tests_properties(${name}.part_${part} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT}
      COST ${ARG_COST} RUN_SERIAL ${ARG_SERIAL} ENVIRONMENT "${environment}")
  endforeach()
endfunction()

# chatd_driven_tests(integration LABEL integration PARTS 4 HALVED): with CHATD_DRIVERS, the tests of a
# folder that another build made; they run this build's programs. NAME: that of the tests of CTest, if
# it is not that of the folder.
function(chatd_driven_tests folder)
  cmake_parse_arguments(ARG "" "NAME" "" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  if(NOT ARG_NAME)
    set(ARG_NAME ${name})
  endif()
  chatd_parts(${ARG_NAME} PROGRAM ${CHATD_DRIVERS}/${name}_test COST 50 ${ARG_UNPARSED_ARGUMENTS}
    ENVIRONMENT CHATD_PROGRAMS=${CMAKE_RUNTIME_OUTPUT_DIRECTORY} CHATD_SANITIZED_PROGRAMS=1)
endfunction()

# chatd_fuzz(text_protocol DEPENDS chatd_wire_text): tests/fuzz/text_protocol_fuzz.cpp.
# With CHATD_FUZZ a libFuzzer program, which ctest lets look for 3 seconds beyond its corpus, or 30
# with CHATD_TEST_ALL; otherwise a program that replays the corpus in tests/fuzz/corpus/text_protocol.
# REPLAYED: ctest only replays the corpus; packaging/fuzz looks for new inputs all the same.
function(chatd_fuzz name)
  cmake_parse_arguments(ARG "REPLAYED" "" "DEPENDS" ${ARGN})
  set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  add_executable(${name}_fuzz ${PROJECT_SOURCE_DIR}/tests/fuzz/${name}_fuzz.cpp)
  target_link_libraries(${name}_fuzz PRIVATE chatd_options ${ARG_DEPENDS})
  if(CHATD_FUZZ)
    # Not with g++, which wants the same macros, as that of GoogleTest.
    chatd_precompiled(chatd_test_precompiled ${name}_fuzz)
    target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
    set(limit -max_total_time=$<IF:$<BOOL:${CHATD_TEST_ALL}>,30,3>)
    if(ARG_REPLAYED)
      set(limit -runs=0)
    endif()
    # New inputs are written to the first folder.
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${name})
    add_test(NAME fuzz.${name} COMMAND ${name}_fuzz ${limit}
      -max_len=4096 -timeout=60 -rss_limit_mb=4096 -print_final_stats=1 -artifact_prefix=${name}-
      ${CMAKE_CURRENT_BINARY_DIR}/${name} ${corpus})
  else()
    target_sources(${name}_fuzz PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
    add_test(NAME fuzz.${name} COMMAND ${name}_fuzz ${corpus})
  endif()
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 900)
endfunction()
