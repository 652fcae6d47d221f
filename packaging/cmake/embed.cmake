# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DOUT=assets.cpp -DFOLDER=/src/web -DFILES=a;b -P embed.cmake
# writes the files of the page as a C++ source: packed (pack_page.cmake), each as it is and compressed, and
# the hash over all of them, which stands in their addresses. In HTML the word ASSETS becomes that hash.
cmake_policy(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/pack_page.cmake)
cmake_path(GET OUT PARENT_PATH work)
string(APPEND work /page)
file(REMOVE_RECURSE ${work})
pack_page(${FOLDER} ${work} FILES ${FILES})
set(sums "")
foreach(file ${FILES})
  file(SHA256 ${work}/${file} sum)
  string(APPEND sums "${sum} ${file}\n")
endforeach()
string(SHA256 hash "${sums}")
string(SUBSTRING ${hash} 0 8 hash)

function(type_of file out)
  set(types .html text/html .css text/css .js text/javascript .svg image/svg+xml
    .webmanifest application/manifest+json .ogg audio/ogg .png image/png)
  cmake_path(GET file EXTENSION LAST_ONLY extension)
  list(FIND types "${extension}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "web/${file}: no content type for ${extension}")
  endif()
  math(EXPR at "${at} + 1")
  list(GET types ${at} type)
  if(extension MATCHES "^\\.(html|css|js)$")
    string(APPEND type "; charset=utf-8")
  endif()
  set(${out} "${type}" PARENT_SCOPE)
endfunction()

# The bytes of a file as the elements of an array.
function(bytes_of path out)
  file(READ ${path} hexadecimal HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hexadecimal}")
  set(${out} "${bytes}" PARENT_SCOPE)
endfunction()

set(arrays "")
set(rows "")
set(number 0)
foreach(file ${FILES})
  set(path ${work}/${file})
  if(file MATCHES "\\.(html|webmanifest)$")
    file(READ ${path} text)
    string(REPLACE "ASSETS" "${hash}" text "${text}")
    file(WRITE ${path} "${text}")
  endif()
  execute_process(COMMAND gzip -9 -n -c ${path} OUTPUT_FILE ${path}.gz COMMAND_ERROR_IS_FATAL ANY)
  bytes_of(${path} raw)
  bytes_of(${path}.gz packed)
  type_of(${file} type)
  string(APPEND arrays "constexpr unsigned char kRaw${number}[] = {${raw}};\n"
    "constexpr unsigned char kPacked${number}[] = {${packed}};\n")
  string(APPEND rows "    {\"${file}\", \"${type}\", text_of(kRaw${number}), text_of(kPacked${number})},\n")
  math(EXPR number "${number} + 1")
endforeach()
list(LENGTH FILES count)
file(WRITE ${OUT} "// Written by packaging/cmake/embed.cmake.
#include <array>
#include <cstddef>

#include \"daemon/web/assets.hpp\"

namespace chatd::web {
namespace {
${arrays}
template <std::size_t kSize>
std::string_view text_of(const unsigned char (&bytes)[kSize]) {
  return {reinterpret_cast<const char*>(bytes), kSize};
}
}  // namespace

std::span<const Asset> assets() {
  static const std::array<Asset, ${count}> all{{
${rows}  }};
  return all;
}

std::string_view assets_hash() { return \"${hash}\"; }

}  // namespace chatd::web
")
