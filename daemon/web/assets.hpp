// SPDX-License-Identifier: GPL-3.0-or-later
// assets.hpp — the files of the page, from the folder web/. They are in the program, so that the
// process needs no file system.
//
// Runs in:   web.
// See:       packaging/cmake/embed.cmake, which writes the source.
#pragma once

#include <span>
#include <string_view>

namespace chatd::web {

struct Asset {
  std::string_view name;  // "main.js"
  std::string_view type;  // of its content
  std::string_view raw;
  std::string_view gzip;  // the same, compressed
};

[[nodiscard]] std::span<const Asset> assets();
// Eight hexadecimal digits over all files. They stand in the addresses of the files, so that a
// browser keeps these for ever.
[[nodiscard]] std::string_view assets_hash();

}  // namespace chatd::web
