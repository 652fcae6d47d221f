// SPDX-License-Identifier: GPL-3.0-or-later
// known_servers.hpp — the keys of servers that the user has been to, as ssh has known_hosts.
//
// Runs in:   uchat's session process.
// Format:    a line each, `HOST:PORT BASE64KEY`; empty lines and lines with '#' in front are
//            the user's own and stay. The first line for a server counts.
// Errors:    a file that is there and cannot be read is an error, never an empty file: it
//            would make every server look new. So is one that others may write.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.hpp"
#include "common/crypto/keys.hpp"
#include "common/wire/language.hpp"

namespace chatd::client {

class KnownServers {
 public:
  // Errors of find() are in that language.
  explicit KnownServers(std::string file, wire::Language language = wire::Language::en)
      : file_{std::move(file)}, language_{language} {}

  struct Entry {
    std::size_t line;  // from 1
    // nullopt: the line is there, and what it has is no key.
    std::optional<crypto::PublicKey> key;
  };
  // nullopt: never been there. `server` as to_text(Target) writes it.
  [[nodiscard]] Result<std::optional<Entry>> find(std::string_view server) const;

  // Makes the file and its folder if they are not there.
  [[nodiscard]] Result<> add(std::string_view server, const crypto::PublicKey& key) const;

  [[nodiscard]] const std::string& file() const noexcept { return file_; }

 private:
  std::string file_;
  wire::Language language_;
};

}  // namespace chatd::client
