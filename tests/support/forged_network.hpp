// SPDX-License-Identifier: GPL-3.0-or-later
// forged_network.hpp — a network namespace with one link, behind which a test is every machine.
//
// Runs in:   test programs, as root. While an object of it lives, this process and those that it
//            starts are in the namespace; afterwards this process is where it was.
// Owns:      the namespace: a loopback, and a pair of Ethernet devices. 10.0.0.1 is this
// machine's
//            address; a datagram with a forged source is put into the other end of the link, and
//            what is sent to 10.0.0.0/8 comes out there, without ARP, and is counted.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/address.hpp"
#include "common/base/result.hpp"
#include "common/base/unique_fd.hpp"

namespace chatd::test {

class ForgedNetwork {
 public:
  static constexpr std::string_view kServer = "10.0.0.1";
  // Two more addresses of this machine that are not loopback: for the daemon, other machines.
  static constexpr std::string_view kElsewhere = "192.168.7.1";
  static constexpr std::string_view kFurther = "192.168.7.2";

  // The error says what is missing: it needs root and ip(8).
  [[nodiscard]] static Result<std::unique_ptr<ForgedNetwork>> create();
  ForgedNetwork(const ForgedNetwork&) = delete;
  ForgedNetwork& operator=(const ForgedNetwork&) = delete;
  ~ForgedNetwork();

  // Adds one to what send() will send.
  void forge(const Endpoint& from, const Endpoint& to, std::string_view text);
  // How many the kernel took.
  std::size_t send();

  // Bytes, with all headers, that left this machine over the link.
  [[nodiscard]] static std::uint64_t bytes_out();

 private:
  ForgedNetwork() = default;

  UniqueFd home_;  // the namespace that this process came from
  UniqueFd link_;  // packet socket
  std::vector<std::vector<std::byte>> frames_;
  std::size_t used_{0};
};

}  // namespace chatd::test
