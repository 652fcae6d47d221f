// SPDX-License-Identifier: GPL-3.0-or-later
// client_files_fuzz.cpp — fuzz target for the files that the client reads.
//
// Invariants: the line of a known server has the name that was looked for, and the key that was
//             found. A server that is not in the file can be added, and the lines of the file stay
//             as they are. A known user has a valid name and a key; written as a line and read
//             again, it is the same. A key file that is read has the key and nothing else.
#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

#include "client/member/persons.hpp"
#include "client/session/known_users.hpp"
#include "client/session/trust.hpp"
#include "common/crypto/base64.hpp"
#include "common/crypto/certificate.hpp"
#include "common/crypto/key_file.hpp"
#include "common/wire/name.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/require.hpp"

namespace chatd::client {
namespace {

std::string line_of(const std::string& text, std::size_t number) {
  std::istringstream stream{text};
  std::string line;
  for (; number > 0; --number) require(static_cast<bool>(std::getline(stream, line)));
  return line;
}

// A server that is found has its line in the file. One that is not found can be added, and the
// text before it stays.
void fuzz_server(const std::string& text, const std::string& server) {
  const fuzz::MemoryFile file{text};
  const KnownServers known{file.path()};
  const auto found = known.find(server);
  require(found.has_value());
  if (*found) {
    const std::string line = line_of(text, (*found)->line);
    require(line.find(server) != std::string::npos);
    if ((*found)->key) require(line.find(crypto::to_base64(*(*found)->key)) != std::string::npos);
    return;
  }
  crypto::Certificate certificate;
  certificate.identity = crypto::PublicKey{std::byte{7}};
  certificate.serial = 9;
  require(known.add(server, certificate).has_value() && file.text().starts_with(text));
  const auto added = known.find(server);
  require(added.has_value() && added->has_value() && (*added)->key == certificate.identity);
  require((*added)->serial == certificate.serial);
}

void fuzz_known_servers(const std::string& text) {
  fuzz_server(text, "chat.example:9000");
  std::string first;
  const bool has_first = static_cast<bool>(std::istringstream{text} >> first);
  if (has_first && !first.starts_with('#')) fuzz_server(text, first);
}

void fuzz_known_users(std::string_view text) {
  const std::string_view server = text.substr(0, text.find('\t'));
  const auto read = KnownUsers::read(text, server);
  const auto rows = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  require(read.users.size() + read.broken_lines <= rows && read.first_broken <= rows);
  std::string lines;
  for (const KnownUser& user : read.users) {
    require(wire::check_name(user.name).has_value() && Persons::has_key(user.person));
    lines += KnownUsers::line_of(server, user);
  }
  const auto again = KnownUsers::read(lines, server);
  require(again.users == read.users && again.broken_lines == 0);
}

void fuzz_key_file(std::string_view text) {
  const fuzz::MemoryFile file{text};
  const auto key = crypto::load_key(file.path());
  if (!key) return require(!key.error().message().empty());
  const std::string line = crypto::to_base64(key->secret.bytes());
  require(text == line || text == line + "\n");
}

}  // namespace
}  // namespace chatd::client

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  chatd::client::fuzz_known_servers(std::string{text});
  chatd::client::fuzz_known_users(text);
  chatd::client::fuzz_key_file(text);
  return 0;
}
