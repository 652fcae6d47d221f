// SPDX-License-Identifier: GPL-3.0-or-later
#include "common/toml/text_file.hpp"
#include "daemon/config/config.hpp"

namespace chatd::config {

std::expected<Config, std::vector<Problem>> load(const std::string& path) {
  const auto text = read_text_file(path);
  if (!text) return std::unexpected{std::vector<Problem>{{path, "", text.error().message()}}};
  return parse(*text, path);
}

}  // namespace chatd::config
