// SPDX-License-Identifier: GPL-3.0-or-later
// known_servers.hpp — the file with the public keys of the servers that the user has connected to,
// like known_hosts of ssh.
//
// Runs in:   uchat's session process.
// Format:    one server per line, `HOST:PORT BASE64KEY`. Empty lines and lines that begin with '#'
//            belong to the user and are kept. If a server has several lines, the first one counts.
// Errors:    a file that exists but cannot be read is an error. It is not read as an empty file,
//            because every server would then look new. A file that other users can write is an
//            error, too.
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
  // The error messages of find() are in `language`.
  explicit KnownServers(std::string file, wire::Language language = wire::Language::en)
      : file_{std::move(file)}, language_{language} {}

  struct Entry {
    std::size_t line;  // line number in the file, from 1
    // nullopt: the line exists, but its second field is not a key.
    std::optional<crypto::PublicKey> key;
  };
  // The entry of `server`, written as to_text(Target) writes it. nullopt: the server is unknown.
  [[nodiscard]] Result<std::optional<Entry>> find(std::string_view server) const;

  // Appends a line. Creates the file and its folder if they do not exist.
  [[nodiscard]] Result<> add(std::string_view server, const crypto::PublicKey& key) const;

  [[nodiscard]] const std::string& file() const noexcept { return file_; }

 private:
  std::string file_;
  wire::Language language_;
};

}  // namespace chatd::client
