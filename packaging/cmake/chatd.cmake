# SPDX-License-Identifier: GPL-3.0-or-later
# What every folder's CMakeLists.txt uses: one library per folder, one test
# program per folder, one fuzz target per decoder.

find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBEVENT REQUIRED IMPORTED_TARGET libevent_core)
pkg_check_modules(LIBCRYPTO REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(LIBSYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
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

# chatd_library(common/base SOURCES unique_fd.cpp ... DEPENDS chatd_x fmt::fmt)
# makes the static library chatd_base out of one folder. A folder of headers
# only has no SOURCES. ALONE are those of them that a unity build must not put together with
# their neighbours, having names of theirs or definitions before the first include.
function(chatd_library folder)
  cmake_parse_arguments(ARG "" "" "SOURCES;ALONE;DEPENDS" ${ARGN})
  set_source_files_properties(${ARG_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  cmake_path(GET folder FILENAME name)
  if(ARG_SOURCES)
    add_library(chatd_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(chatd_${name} PUBLIC chatd_options ${ARG_DEPENDS})
  else()
    add_library(chatd_${name} INTERFACE)
    target_link_libraries(chatd_${name} INTERFACE chatd_options ${ARG_DEPENDS})
  endif()
endfunction()

# chatd_program(chatd SOURCES main.cpp DEPENDS ... INSTALL ${CMAKE_INSTALL_SBINDIR})
function(chatd_program name)
  cmake_parse_arguments(ARG "" "INSTALL" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE chatd_options ${ARG_DEPENDS})
  if(ARG_INSTALL)
    install(TARGETS ${name} RUNTIME DESTINATION ${ARG_INSTALL})
  endif()
endfunction()

# chatd_tests(common/base LABEL unit DEPENDS chatd_base) builds every
# *_test.cpp of tests/<folder> into one program; CTest sees each test by name.
# UNTIMED: though it is no unit test, it may run beside others. ALONE as above.
function(chatd_tests folder)
  cmake_parse_arguments(ARG "UNTIMED" "LABEL;TIMEOUT" "ALONE;DEPENDS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 900)  # a hang, however slow the machine is
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
  # These measure time and count processes: a neighbour on the same cores would make them lie.
  set(alone FALSE)
  if(ARG_LABEL MATCHES "fault|integration|system" AND NOT ARG_UNTIMED)
    set(alone TRUE)
  endif()
  # PRE_TEST: listing the tests at build time would run every program once per
  # build, which sanitized builds make slow.
  gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 120 NO_PRETTY_VALUES
    PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT} RUN_SERIAL ${alone})
endfunction()

# chatd_fuzz(text_protocol DEPENDS chatd_wire): tests/fuzz/text_protocol_fuzz.cpp.
# With CHATD_FUZZ a libFuzzer program, which ctest lets look for CHATD_FUZZ_SECONDS; otherwise a
# program that replays the corpus in tests/fuzz/corpus/text_protocol.
function(chatd_fuzz name)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  add_executable(${name}_fuzz ${PROJECT_SOURCE_DIR}/tests/fuzz/${name}_fuzz.cpp)
  target_link_libraries(${name}_fuzz PRIVATE chatd_options ${ARG_DEPENDS})
  if(CHATD_FUZZ)
    target_link_options(${name}_fuzz PRIVATE -fsanitize=fuzzer)
    # What it makes up is written to the first folder.
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${name})
    add_test(NAME fuzz.${name} COMMAND ${name}_fuzz -max_total_time=${CHATD_FUZZ_SECONDS}
      -max_len=4096 -timeout=60 -rss_limit_mb=4096 -print_final_stats=1 -artifact_prefix=${name}-
      ${CMAKE_CURRENT_BINARY_DIR}/${name} ${corpus})
  else()
    target_sources(${name}_fuzz PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
    add_test(NAME fuzz.${name} COMMAND ${name}_fuzz ${corpus})
  endif()
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 900)
endfunction()
