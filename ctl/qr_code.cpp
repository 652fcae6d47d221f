// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl/qr_code.hpp"

#include <memory>

#include <qrencode.h>

namespace chatd::ctl {

namespace {

constexpr int kMargin = 4;  // as the standard wants it
constexpr std::string_view kWhiteOnBlack = "\x1b[97;40m";
constexpr std::string_view kAsBefore = "\x1b[0m";

struct FreeCode {
  void operator()(QRcode* code) const noexcept { ::QRcode_free(code); }
};

// The margin is light, and so is all around it.
bool is_light(const QRcode& code, int x, int y) {
  if (x < 0 || y < 0 || x >= code.width || y >= code.width) return true;
  return (code.data[y * code.width + x] & 1U) == 0;
}

// A light module is drawn, a dark one is left out.
std::string_view blocks(bool upper, bool lower) {
  if (upper) return lower ? "█" : "▀";
  return lower ? "▄" : " ";
}

}  // namespace

std::string qr_code(std::string_view text, bool has_color) {
  const std::unique_ptr<QRcode, FreeCode> code{
      ::QRcode_encodeString8bit(std::string{text}.c_str(), 0, QR_ECLEVEL_L)};
  if (!code) return {};
  std::string out;
  for (int y = -kMargin; y < code->width + kMargin; y += 2) {
    if (has_color) out += kWhiteOnBlack;
    for (int x = -kMargin; x < code->width + kMargin; ++x) {
      out += blocks(is_light(*code, x, y), is_light(*code, x, y + 1));
    }
    if (has_color) out += kAsBefore;
    out += '\n';
  }
  return out;
}

}  // namespace chatd::ctl
